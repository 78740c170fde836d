import Events
import Foundation
import Pipeline
import Projections

/// Models for people.
enum ModelsText {
    /// The comparison that a model was promoted by, nil without one.
    static func promotion(of model: RegistryRow?, _ registry: ModelRegistry) -> RegistryRow? {
        guard let model else { return nil }
        return registry.comparisons(of: model).last { $0.number("promoted") == 1 }
    }

    static func list(
        _ registry: ModelRegistry, _ shown: [Int], _ learning: LearningReading? = nil
    ) -> String {
        var lines = [
            "as of r\(registry.through)\(registry.recordedAt.map { ", \($0)" } ?? ""): "
                + "\(registry.models.count) trainings"
        ]
        if let champion = registry.champion {
            lines.append(
                "champion \(name(champion)), \(champion.text("status_reason") ?? "")")
            if let comparison = promotion(of: champion, registry) {
                lines.append("  " + verdict(comparison))
            }
        } else {
            lines.append("no champion: confidence is the heuristic's alone")
        }
        if let candidate = registry.candidate {
            lines.append(
                "candidate \(name(candidate)), \(candidate.text("status_reason") ?? "")")
        }
        guard !registry.models.isEmpty else { return lines.joined(separator: "\n") }
        let rows = shown.map { place -> [String] in
            let model = registry.models[place]
            let age = age(of: model, learning)
            return [
                model.text("status") == "active" ? "*" : "",
                text(model["model_version"]), model.text("id") ?? "",
                model.text("model_name") ?? "", day(model.text("training_started_at")),
                text(model["training_samples"]),
                age?.newest.map { "\($0)" } ?? "",
                age?.median.map { "\(Int($0.rounded()))" } ?? "",
                model.text("status") ?? "",
                model.text("status_reason") ?? "",
            ]
        }
        let head = [
            "", "version", "id", "name", "asked for", "rows", "newest", "median", "status", "why",
        ]
        if !shown.isEmpty { lines += [""] + table(head, rows, numbers: [1, 5, 6, 7]) }
        if shown.count < registry.models.count {
            lines.append(
                "\(shown.count) of \(registry.models.count) trainings are listed; --all lists all")
        }
        guard let learning else { return lines.joined(separator: "\n") }
        lines.append("newest, median: days from the fitted outcome rows' decisions to the job")
        return (lines + promotions(learning.promotions)).joined(separator: "\n")
    }

    private static func age(of model: RegistryRow, _ learning: LearningReading?) -> OutcomeAge? {
        let id = model.text("id")
        return learning?.ages.first { "\($0.model ?? $0.request)" == id }
    }

    /// What became of promotions: both models on rows decided since and mature.
    private static func promotions(_ promotions: [PromotionAfter]) -> [String] {
        guard !promotions.isEmpty else { return [] }
        let rows = promotions.map { after in
            let promoted = after.promoted
            let isKnown = after.problem == nil
            return [
                "\(promoted.at.day)", "\(promoted.model)",
                promoted.previous == .none ? "commonest" : "\(promoted.previous)",
                "\(after.rows)", isKnown ? "\(after.correctNew)" : "",
                isKnown ? "\(after.correctOld)" : "",
                after.problem.map { "not known: \($0)" }
                    ?? (after.isRegression ? "REGRESSED" : after.isJudged ? "" : "too few rows"),
            ]
        }
        let head = ["promoted", "model", "before", "rows since", "right", "right before", ""]
        return [
            "",
            "\(promotions.count { $0.isRegression }) of \(promotions.count) promotions regressed",
        ]
            + table(head, rows, numbers: [3, 4, 5])
    }

    /// The age of what a training fitted.
    static func json(_ age: OutcomeAge) -> String {
        var object = JSONObject()
        object.reference("request", age.request)
        object.text("model", age.model.map { "\($0)" })
        object.text("at", "\(age.at)")
        object.integer("fitted_outcome_rows", age.rows)
        object.integer("newest_days", age.newest)
        object.real("median_days", age.median)
        return object.text
    }

    /// What became of a promotion.
    static func json(_ after: PromotionAfter) -> String {
        var object = JSONObject()
        object.reference("model", after.promoted.model)
        object.reference("previous", after.promoted.previous)
        object.text("promoted_at", "\(after.promoted.at)")
        object.integer("rows_since", after.rows)
        object.integer("correct", after.correctNew)
        object.integer("correct_previous", after.correctOld)
        object.text("unknown", after.problem)
        if after.isJudged { object.boolean("regressed", after.isRegression) }
        return object.text
    }

    static func show(_ model: RegistryRow, _ registry: ModelRegistry, _ artefact: ArtefactState)
        -> String
    {
        let metrics = fields(model.text("metrics"))
        var lines = [
            "\(name(model)): \(model.text("status") ?? ""), \(model.text("status_reason") ?? "")",
            "asked for  \(model.text("training_started_at") ?? "by another tool")",
            "ended      \(model.text("training_completed_at") ?? "not yet")",
        ]
        switch artefact {
        case .none: lines.append("artefact   none")
        case .present(let bytes):
            lines.append(
                "artefact   \(model.text("model_artifact_path") ?? ""), \(bytes) bytes, digest checked"
            )
        case .lost(let problem): lines.append("artefact   LOST: \(problem)")
        }
        if let error = model.text("error_message") { lines.append("FAILED     \(error)") }
        lines.append(
            "rows       \(text(model["training_samples"])) to train on, "
                + "\(text(model["validation_samples"])) to stop early")
        for (key, value) in metrics where key != "unused" {
            lines.append("  \(key.padded(to: 26)) \(value)")
        }
        let unused = fields(metrics.first { $0.key == "unused" }?.value)
        lines.append(
            "not used   "
                + (unused.isEmpty
                    ? "none" : unused.map { "\($0.key) \($0.value)" }.joined(separator: ", ")))
        lines.append("parameters \(model.text("hyperparameters") ?? "{}")")
        let gains = fields(model.text("feature_importance")).sorted {
            (Double($1.value) ?? 0, $0.key) < (Double($0.value) ?? 0, $1.key)
        }
        if !gains.isEmpty {
            lines.append("importances, mean gain of a split")
            for (key, value) in gains {
                lines.append("  \(key.padded(to: 26)) \(value)")
            }
        }
        for comparison in registry.comparisons(of: model) {
            lines.append("compared   \(verdict(comparison))")
        }
        return lines.joined(separator: "\n")
    }

    /// A comparison in a line.
    static func verdict(_ row: RegistryRow) -> String {
        let old = row.text("current_model_id") ?? "the majority class"
        return "\(row.text("id") ?? ""): \(row.text("new_model_id") ?? "") against \(old) on "
            + "\(text(row["holdout_rows"])) rows of \(text(row["holdout_dates"])) dates: accuracy "
            + "\(fraction(row.number("new_accuracy"))) against "
            + "\(fraction(row.number("current_accuracy"))), F1 \(fraction(row.number("new_f1"))) "
            + "against \(fraction(row.number("current_f1"))); rule \(row.text("rule_verdict") ?? "")"
            + " (\(row.text("reason") ?? "")), evidence \(row.text("evidence_verdict") ?? ""), "
            + "gate \(row.text("gate") ?? ""): \(row.text("decision") ?? "")"
    }

    private static func name(_ model: RegistryRow) -> String {
        let id = model.text("id") ?? ""
        guard let name = model.text("model_name") else { return id }
        return "\(id) (\(name), version \(text(model["model_version"])))"
    }

    private static func day(_ instant: String?) -> String { String((instant ?? "").prefix(10)) }

    static func fraction(_ value: Double?) -> String {
        value.map { String(format: "%.4f", $0) } ?? "?"
    }

    static func text(_ value: RowValue) -> String {
        switch value {
        case .null: ""
        case .integer(let value): "\(value)"
        case .real(let value): "\(value)"
        case .text(let value): value
        }
    }

    /// The fields of a JSON object by name; objects and arrays stay JSON.
    static func fields(_ json: String?) -> [(key: String, value: String)] {
        guard let json, let value = try? JSONSerialization.jsonObject(with: Data(json.utf8)),
            let object = value as? [String: Any]
        else { return [] }
        return object.sorted { $0.key < $1.key }.map { key, value in
            switch value {
            case is NSNull: (key, "unknown")
            case let text as String: (key, text)
            case let number as NSNumber where String(cString: number.objCType) == "c":
                (key, "\(number.boolValue)")
            case let number as NSNumber: (key, "\(number)")
            default:
                (
                    key,
                    (try? JSONSerialization.data(
                        withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed])).map {
                            String(decoding: $0, as: UTF8.self)
                        } ?? ""
                )
            }
        }
    }

    /// Aligned columns; those of numbers to the right.
    static func table(_ head: [String], _ rows: [[String]], numbers: [Int]) -> [String] {
        let widths = head.indices.map { column in
            rows.reduce(head[column].count) { max($0, $1[column].count) }
        }
        return ([head] + rows).map { cells in
            var line = cells.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return numbers.contains(column) ? space + cell : cell + space
            }.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
