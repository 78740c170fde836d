import Application
import Events
import Projections

/// What became of a row, for a person and as JSON.
enum ChangeText {
    /// A line for the row, and one for each column that differs.
    static func lines(_ change: RowChange) -> [String] {
        let key = change.key.map { RowText.plain($0) }.joined(separator: ", ")
        let name = "\(change.table)[\(key)]"
        guard change.before != nil else {
            let values = zip(change.columns, change.after ?? []).dropFirst(change.keyColumns)
                .filter { $1 != .null }.map { "\($0)=\(short($1))" }
            return ["+ \(name)  \(values.joined(separator: " "))"]
        }
        guard change.after != nil else { return ["- \(name)"] }
        return ["~ \(name)"]
            + change.differences.map { "    \($0.column): \(word($0.before)) → \(word($0.after))" }
    }

    /// One object.
    static func json(_ change: RowChange) -> String {
        var object = JSONObject()
        object.text("table", change.table)
        object.json("key", JSONObject.list(change.key.map(RowText.json)))
        object.text(
            "change",
            change.before == nil ? "inserted" : change.after == nil ? "removed" : "changed")
        if change.before != nil, change.after != nil {
            var columns = JSONObject()
            for (column, before, after) in change.differences {
                columns.json(column, JSONObject.list([RowText.json(before), RowText.json(after)]))
            }
            object.json("columns", columns.text)
        } else {
            let row = change.after ?? change.before ?? []
            object.json("row", RowText.object(change.columns, row))
        }
        return object.text
    }

    private static func word(_ value: RowValue) -> String { value == .null ? "null" : short(value) }

    /// A long text, as of all features, is cut on a terminal.
    private static func short(_ value: RowValue) -> String {
        let text = RowText.plain(value)
        return Terminal.cutsText && text.count > 80 ? "\(text.prefix(77))…" : text
    }
}
