/// Text made safe for a page. Tickers, names and rows come from files that anyone may have written.
public enum MarkupText {
    /// Text for an element's content or a quoted attribute.
    public static func escaped(_ text: String) -> String {
        var safe = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "\"": safe += "&quot;"
            case "'": safe += "&#39;"
            case "\u{0}"..<" " where scalar != "\n" && scalar != "\t": safe += "\u{FFFD}"
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }
}
