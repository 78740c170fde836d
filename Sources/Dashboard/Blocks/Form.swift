import API

/// A form by which somebody does something.
struct Form {
    /// A field of it.
    struct Field {
        enum Kind { case text, password, check, choice }

        var name: String
        var label: String
        var kind = Kind.text
        var value = ""
        var placeholder = ""
        var isNeeded = false
        var options: [(value: String, text: String)] = []

        var context: [String: Any] {
            [
                "name": name, "label": label, "value": value, "placeholder": placeholder,
                "isNeeded": isNeeded, "isChoice": kind == .choice, "isCheck": kind == .check,
                "isText": kind == .text || kind == .password,
                "sort": kind == .password ? "password" : "text", "isChosen": value == "yes",
                "options": options.map {
                    ["value": $0.value, "text": $0.text, "isChosen": $0.value == value]
                        as [String: Any]
                },
            ]
        }
    }

    var title: String?
    var text: String?
    var action: String
    var method = "post"
    var button: String
    var isDanger = false
    var hidden: [(name: String, value: String)] = []
    var fields: [Field]

    func block(_ visitor: SiteCall.Visitor) -> Block {
        Block(
            "form",
            [
                "title": title ?? false, "text": text ?? false, "method": method, "action": action,
                "formKey": shown(method == "post" ? visitor.formKey : nil), "button": button,
                "isDanger": isDanger,
                "hidden": hidden.map { ["name": $0.name, "value": $0.value] },
                "fields": fields.map(\.context),
            ])
    }
}
