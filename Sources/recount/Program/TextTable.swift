import Application
import Projections

/// Rows in aligned columns, numbers to the right and the rest to the left, in bounded memory: the
/// first rows say how wide the columns are.
struct TextTable {
    /// Names of the columns.
    var columns: [String] = []
    /// Whether a table of one row has a line for each column.
    private let showsOneRowUpright: Bool
    private var widths: [Int] = []
    private var first: [[RowValue]] = []
    private var isOpen = false

    private static let measured = 1_000

    init(showsOneRowUpright: Bool = false) {
        self.showsOneRowUpright = showsOneRowUpright
    }

    mutating func add(_ row: [RowValue], to output: inout Output) {
        if isOpen { return write(row, &output) }
        first.append(row)
        if first.count == TextTable.measured { open(&output) }
    }

    mutating func finish(_ output: inout Output) {
        if isOpen { return }
        if showsOneRowUpright, first.count == 1 { return writeUpright(first[0], &output) }
        open(&output)
    }

    private func writeUpright(_ row: [RowValue], _ output: inout Output) {
        let width = columns.map(\.count).max() ?? 0
        for (column, value) in zip(columns, row) {
            let space = String(repeating: " ", count: width - column.count)
            output.write("\(column)\(space)  \(TextTable.cell(value))\n")
        }
    }

    private mutating func open(_ output: inout Output) {
        isOpen = true
        widths = columns.indices.map { column in
            first.reduce(columns[column].count) { max($0, TextTable.cell($1[column]).count) }
        }
        write(columns.map { .text($0) }, &output)
        output.write(
            widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ") + "\n")
        for row in first { write(row, &output) }
        first = []
    }

    private func write(_ row: [RowValue], _ output: inout Output) {
        let cells = row.enumerated().map { column, value in
            let cell = TextTable.cell(value)
            let space = String(repeating: " ", count: max(0, widths[column] - cell.count))
            switch value {
            case .integer, .real: return space + cell
            case .null, .text: return cell + space
            }
        }
        output.write(cells.joined(separator: "  ") + "\n")
    }

    /// A value for a terminal: nothing in it is obeyed, and a line of it stays a line.
    private static func cell(_ value: RowValue) -> String {
        Terminal.line(RowText.plain(value))
    }
}
