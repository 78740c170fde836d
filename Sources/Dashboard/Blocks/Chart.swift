import EventLog
import Events

/// A curve of a page.
struct Chart {
    /// How it is drawn.
    enum Shape: String {
        case lines, drawdown, candles
    }

    /// What happened on a day of it.
    struct Mark {
        var day: String
        var text: String
        /// What kind: it gives the line its colour.
        var sort: String
        var link: String
    }

    var shape = Shape.lines
    /// What it shows, in one sentence: for whoever does not see it.
    var label: String
    /// `%`, or nothing for dollars.
    var unit = ""
    var names: [String]
    /// Days and their values; nil where there is none.
    var rows: [(day: String, values: [Double?])]
    var marks: [Mark] = []

    /// The most marks of a curve: the newest are kept.
    static let mostMarks = 400

    /// As the page's script reads it.
    var payload: String {
        var text = "{\"unit\":\(Chart.quoted(unit)),\"names\":["
        text += names.map(Chart.quoted).joined(separator: ",")
        text += "],\"rows\":["
        var separator = ""
        for row in rows {
            text += separator
            text += "["
            text += Chart.quoted(row.day)
            for value in row.values {
                text += ","
                text += value.map(Chart.number) ?? "null"
            }
            text += "]"
            separator = ","
        }
        text += "],\"marks\":["
        text += marks.suffix(Chart.mostMarks).map { mark in
            "{\"day\":\(Chart.quoted(mark.day)),\"sort\":\(Chart.quoted(mark.sort))}"
        }.joined(separator: ",")
        return text + "]}"
    }

    /// A text of it: nothing in it ends the element that it stands in.
    private static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x3A).contains(byte) || byte == 0x2D
        }
        if isPlain { return "\"\(text)\"" }
        return JSONText.quoted(text).replacing("<", with: "\\u003c")
            .replacing(">", with: "\\u003e").replacing("&", with: "\\u0026")
    }

    /// Two digits behind the point of what is large, four of what is small: a pixel is wider.
    private static func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "null" }
        let scale: Int64 = abs(value) < 1_000 ? 10_000 : 100
        let scaled = Int64((abs(value) * Double(scale)).rounded())
        let (whole, rest) = scaled.quotientAndRemainder(dividingBy: scale)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard rest > 0 else { return "\(sign)\(whole)" }
        var digits = String(rest + scale).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(sign)\(whole).\(digits)"
    }

    func block(_ title: String?, empty: String, query: String?, _ viewing: Viewing) -> Block {
        Block.chart(
            [
                "title": title ?? false, "isEmpty": rows.count < 2, "empty": empty,
                "shape": shape.rawValue, "label": label, "data": payload,
                "hasKeys": shape != .candles,
                "keys": names.enumerated().map {
                    ["number": "\($0.offset)", "name": $0.element]
                }, "hasMarks": !marks.isEmpty, "markCount": marks.count,
                "marks": marks.suffix(Chart.mostMarks).reversed().map {
                    ["day": $0.day, "text": $0.text, "sort": $0.sort, "href": $0.link]
                },
            ], query: query, viewing)
    }
}

extension Block {
    static func chart(_ fields: [String: Any], query: String?, _ viewing: Viewing) -> Block {
        Block("chart", fields.merging(asked(query, viewing)) { $1 })
    }

    /// Whether its template needs the library of curves.
    var isChart: Bool { context["kind"] as? String == "chart" }
}
