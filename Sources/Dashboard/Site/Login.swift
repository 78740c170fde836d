import API

/// Logging in with a token, and out.
enum Login {
    static func answer(_ call: SiteCall) throws -> APIResponse? {
        switch (call.method, call.path[0]) {
        case ("GET", "login"), ("HEAD", "login"):
            return .html(Frame.plain(call, "Log in", [form(call)]))
        case ("POST", "login"):
            do {
                let cookie = try call.logIn(call.field("token") ?? "")
                return Dashboard.redirect(to: safe(call.field("then")), cookie: cookie)
            } catch let problem as Problem {
                return .html(
                    Frame.plain(
                        call, "Log in", [form(call)],
                        alert: Page.Alert(text: problem.detail, level: "bad")),
                    status: problem.status)
            }
        case ("POST", "logout"): return Dashboard.redirect(to: "/", cookie: call.logOut())
        default: return nil
        }
    }

    private static func form(_ call: SiteCall) -> Block {
        Form(
            text: "Reading needs no token on this machine. To do something, log in with one: "
                + "recountd token create --name YOU --role operator --data DIR. It lasts twelve "
                + "hours, or until the service ends.",
            action: "/login", button: "Log in",
            hidden: [("then", safe(call["then"] ?? call.field("then")))],
            fields: [
                Form.Field(name: "token", label: "Token", kind: .password, isNeeded: true)
            ]
        ).block(call.visitor)
    }

    /// A path of this site; the overview for anything else.
    private static func safe(_ target: String?) -> String {
        guard let target, target.hasPrefix("/"), !target.hasPrefix("//"),
            target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C })
        else { return "/" }
        return target
    }
}
