import ArgumentParser
import EventLog
import Events
import Foundation
import Pipeline
import Projections

struct ModelsCompare: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Print every statistic of the comparisons in which a model was the challenger.",
        discussion: """
            Intervals are by a paired bootstrap in blocks of sessions. McNemar's test assumes \
            independent rows, which overlapping label windows are not: its p-value is too small. \
            The difference on rows matured since both models were trained grows with the run; its \
            interval holds for all times together.

            Example: recount models compare champion --data DIR --run first
            """)

    @Argument(help: ArgumentHelp("The model.", valueName: "model")) var model: String
    @OptionGroup var option: ModelsOption
    @Flag(name: .long, help: "One JSON object a comparison.") var json = false

    func run() throws {
        let registry = try option.registry()
        let row = try registry.model(model)
        let comparisons = registry.comparisons(of: row)
        guard !comparisons.isEmpty else {
            throw ModelRegistryError(
                description: "\(row.text("id") ?? model) was not compared as of "
                    + "r\(registry.through): it is \(row.text("status") ?? "?"), "
                    + (row.text("status_reason") ?? "?"))
        }
        let moment = option.asOf ?? AsOf(.event(.own(registry.through)))
        for comparison in comparisons {
            let matured = try MaturedText(comparison, option.log, asOf: moment)
            if json {
                var object = JSONObject()
                comparison.write(into: &object)
                object.json("matured_since", matured?.json ?? "null")
                print(object.text)
            } else {
                print(text(comparison, matured))
            }
        }
    }

    private func text(_ row: RegistryRow, _ matured: MaturedText?) -> String {
        var lines = [
            ModelsText.verdict(row),
            "recorded \(row.text("created_at") ?? ""), holdout \(row.text("holdout_from") ?? "?") to "
                + "\(row.text("holdout_to") ?? "?")",
        ]
        if let matured { lines.append(matured.text) }
        for (key, value) in ModelsText.fields(row.text("statistics")) {
            switch key {
            case "bins": continue
            case "more":
                for (key, value) in ModelsText.fields(value) { lines.append(line(key, value)) }
            default: lines.append(line(key, value))
            }
        }
        return (lines + bins(row)).joined(separator: "\n")
    }

    private func line(_ key: String, _ value: String) -> String {
        "  \(key.padded(to: 36)) \(value)"
    }

    /// The reliability table: P(win) as predicted and the share of wins, by bin.
    private func bins(_ row: RegistryRow) -> [String] {
        guard let json = row.text("statistics"),
            let value = try? JSONSerialization.jsonObject(with: Data(json.utf8)),
            let bins = (value as? [String: Any])?["bins"] as? [[String: Any]], !bins.isEmpty
        else { return [] }
        func number(_ value: Any?) -> String {
            ModelsText.fraction((value as? NSNumber)?.doubleValue)
        }
        let rows = bins.map { bin in
            [
                "", bin["role"] as? String ?? "", number(bin["lower"]), number(bin["predicted"]),
                number(bin["observed"]), "\((bin["rows"] as? NSNumber)?.intValue ?? 0)",
            ]
        }
        return ["reliability of P(win)"]
            + ModelsText.table(
                ["", "model", "from", "predicted", "observed", "rows"], rows, numbers: [2, 3, 4, 5])
    }
}
