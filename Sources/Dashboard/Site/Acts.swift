import API
import Application
import Events

/// What forms ask for: each is a call of the API, by whoever sent it, and the same event.
enum Acts {
    /// The forms' paths, and the calls that they make.
    static func answer(_ call: SiteCall) throws -> APIResponse? {
        guard call.method == "POST", call.path.count == 2, call.path[0] == "act" else { return nil }
        guard call.visitor.formKey != nil else {
            return Dashboard.redirect(to: "/login")
        }
        var body = JSONObject()
        let (target, page): (String, String)
        switch call.path[1] {
        case "promote":
            let model = Viewing.encoded(call.field("model") ?? "")
            (target, page) = ("/api/v1/models/\(model)/promote", "/models")
        case "rollback": (target, page) = ("/api/v1/models/rollback", "/models")
        case "approve", "refuse", "comment":
            let id = Viewing.encoded(call.field("approval") ?? "")
            (target, page) = ("/api/v1/approvals/\(id)/\(call.path[1])", "/approvals")
        case "refuse-candidate":
            let model = Viewing.encoded(call.field("model") ?? "")
            (target, page) = ("/api/v1/models/\(model)/refuse", "/models")
        case "train": (target, page) = ("/ml/train", "/jobs")
        case "halt":
            (target, page) = ("/api/v1/halts", "/settings")
            body.boolean("exits", call.field("exits") == "yes")
        case "resume": (target, page) = ("/api/v1/halts/resume", "/settings")
        case "mode":
            (target, page) = ("/api/v1/mode", "/settings")
            body.text("mode", call.field("mode") ?? "")
            if let phrase = call.field("phrase") { body.text("phrase", phrase) }
            if call.field("adopt") == "yes" { body.boolean("adopt", true) }
        default: return nil
        }
        if call.path[1] == "train" {
            body.boolean("use_outcomes", true)
        } else if call.path[1] == "comment" {
            body.text("text", call.field("reason") ?? "")
        } else {
            body.text("reason", call.field("reason") ?? "")
        }
        let run = call.field("run").map { [("run", $0)] } ?? []
        let answer = try call.act("POST", Viewing.target(target, run), body: body.text)
        // It waits for a second person.
        if answer.status == 202, call.path[1] != "train" {
            return Dashboard.redirect(
                to: Viewing.target("/approvals", run + [("done", "asked")]))
        }
        return Dashboard.redirect(to: Viewing.target(page, run + [("done", call.path[1])]))
    }

    /// What a page says once an act was recorded.
    static func done(_ call: SiteCall) -> Page.Alert? {
        let text: String
        switch call["done"] {
        case "promote": text = "The promotion is recorded; the loop reads it at its next instant."
        case "rollback": text = "The rollback is recorded; the loop reads it at its next instant."
        case "train": text = "The training is asked for; the list has it once the loop has read it."
        case "asked":
            text = "A second person is asked: it takes effect once another admin approves it here."
        case "approve": text = "The approval and what was asked for are recorded."
        case "refuse": text = "The request is refused."
        case "comment": text = "The comment is recorded."
        case "refuse-candidate": text = "The candidate is refused: it awaits nobody any more."
        case "halt": text = "The halt is recorded."
        case "resume": text = "Resuming is recorded."
        case "mode": text = "The change of the mode is recorded."
        default: return nil
        }
        return Page.Alert(text: text, level: "good")
    }

    /// A form that does something; for whoever is not logged in, where to.
    static func form(
        _ viewing: Viewing, _ act: String, title: String, text: String, button: String,
        hidden: [(name: String, value: String)] = [], more: [Form.Field] = [],
        needsReason: Bool = true
    ) -> Block {
        guard viewing.call.visitor.formKey != nil else {
            return Block.text(
                title, [text],
                links: [
                    Block.Link(
                        "log in to do this",
                        Viewing.target("/login", [("then", viewing.call.target)]))
                ])
        }
        let reason = Form.Field(
            name: "reason", label: "Why", placeholder: "it stays in the log", isNeeded: true)
        return Form(
            title: title, text: text, action: "/act/\(act)", button: button, isDanger: true,
            hidden: hidden + viewing.kept, fields: more + (needsReason ? [reason] : [])
        ).block(viewing.call.visitor)
    }
}
