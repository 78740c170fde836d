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
    private var payload: String {
        var object = JSONObject()
        object.text("unit", unit)
        object.json("names", JSONObject.list(names.map { JSONText.quoted($0) }))
        let rows = rows.map { row -> String in
            let values = row.values.map { $0.map { Chart.number($0) } ?? "null" }
            return JSONObject.list([JSONText.quoted(row.day)] + values)
        }
        object.json("rows", JSONObject.list(rows))
        let marks = marks.suffix(Chart.mostMarks).map { mark -> String in
            var object = JSONObject()
            object.text("day", mark.day)
            object.text("sort", mark.sort)
            return object.text
        }
        object.json("marks", JSONObject.list(Array(marks)))
        // Nothing in it ends the element that it stands in.
        return object.text.replacing("<", with: "\\u003c").replacing(">", with: "\\u003e")
            .replacing("&", with: "\\u0026")
    }

    /// Four digits behind the point: a pixel is wider.
    private static func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e14 else { return "null" }
        let scaled = (value * 1e4).rounded() / 1e4
        return scaled == scaled.rounded() ? "\(Int64(scaled))" : "\(scaled)"
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
