import ArgumentParser
import EventLog
import Events
import Foundation
import Projections

/// `recount drift`
struct DriftCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift",
        abstract:
            "Find the first position at which two view folders of one log part, and the rows.",
        discussion: """
            Both are compared row by row where they stand, or brought to the log's end in copies \
            where they stand apart. One fold over the log then tells for each row that differs which \
            of the two the log gives, and at which event the other left it.

            Example: recount drift DIR/views/first elsewhere/first --data DIR --run first
            """)

    @Argument(help: "A folder of read models.") var first: String
    @Argument(help: "Another of the same log.") var second: String
    @OptionGroup var data: DataOption
    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("The run that they are of; else the data log.", valueName: "name"))
    var runName: String?
    @Option(name: .long, help: "Only this one.") var projection: String?
    @Option(name: .long, help: "Rows that are shown of each.") var limit = 10
    @Flag(name: .long, help: "One JSON object a projection.") var json = false

    mutating func validate() throws {
        runName = runName.map(data.run(named:))
        if let projection, !ProjectionCatalogue.names.contains(projection) {
            throw ValidationError(ProjectionCatalogue.unknown(projection))
        }
        guard limit >= 0 else { throw ValidationError("--limit \(limit): takes 0 or more") }
    }

    func run() throws {
        let findings = try ReadModelDrift.find(
            data.folder, run: runName, first, second, projections: projection.map { [$0] })
        for finding in findings { show(finding) }
        if findings.contains(where: { $0.count > 0 }) {
            throw ExitCode(ExitStatus.data.rawValue)
        }
    }

    private func show(_ finding: ReadModelDrift.Finding) {
        let shown = finding.differences.prefix(limit)
        if json {
            var object = JSONObject()
            object.text("projection", finding.projection)
            object.integer("position", finding.position)
            object.integer("rows", finding.count)
            object.integer("parting", finding.parting)
            object.reference("event", finding.reference)
            object.text("text", finding.text)
            object.json("differences", JSONObject.list(shown.map { self.object($0).text }))
            return print(object.text)
        }
        let name = finding.projection.padded(to: 14)
        print("\(name) \(finding.text)")
        for row in shown {
            print("  " + Terminal.line(row.text((first, second))))
        }
        if finding.count > shown.count { print("  … \(finding.count - shown.count) more") }
    }

    private func object(_ row: RowDifference) -> JSONObject {
        var object = JSONObject()
        object.text("table", row.table)
        object.json("key", JSONObject.list(row.key.map { JSONText.quoted($0.text) }))
        object.text("in", row.first == nil ? "second" : row.second == nil ? "first" : "both")
        object.json(
            "columns",
            JSONObject.list(
                row.different.map { column in
                    var object = JSONObject()
                    object.text("name", column.name)
                    object.text("first", column.first.text)
                    object.text("second", column.second.text)
                    return object.text
                }))
        return object
    }
}
