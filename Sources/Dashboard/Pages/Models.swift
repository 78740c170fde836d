import API
import EventLog
import Events
import Foundation
import Projections

/// The models: who decides, who waits for a person, who was compared with whom, and what came of
/// it.
enum Models {
    static let list = PageKind("Models", "/models", ["model-registry", "performance"]) {
        viewing, _ in try page(viewing)
    }
    static let one = PageKind(
        nil, "/models", ["model-registry", "performance"], parameters: 1
    ) { viewing, parameters in try page(of: parameters[0], viewing) }

    private static let columns = """
        position, request_id, id, model_version, model_name, status, status_reason, training_completed_at,
        training_samples, validation_samples, metrics, error_message, comparison_id
        """

    /// Rows of a page.
    private static let most = 60

    private static func page(_ viewing: Viewing) throws -> Page {
        var page = Page(heading: "Models and comparisons")
        page.lead =
            "A training makes a candidate. It is compared with the champion on rows that neither "
            + "has seen, by a rule and by the evidence; what the gate asks for decides."
        try viewing.read(["model-registry", "performance"]) { reader in
            var (condition, arguments) = ("", [RowValue]())
            if let before = viewing.call["before"] {
                guard let position = Int64(before) else {
                    throw Problem(422, "before", "before \(before): takes a position")
                }
                (condition, arguments) = ("WHERE position < ?", [.integer(position)])
            }
            let models = try Rows(
                reader,
                "SELECT \(columns) FROM ml_models \(condition) ORDER BY position DESC "
                    + "LIMIT \(most + 1)", arguments)
            page.blocks.append(table("Models, the latest changed first", models, viewing))
            page.blocks.append(try accuracy(reader, viewing))
            page.blocks.append(try comparisons(reader, viewing, model: nil))
        }
        if !viewing.isPast, viewing.opened.manifest?.live != nil {
            page.blocks.append(
                Acts.form(
                    viewing, "rollback", title: "Roll back",
                    text: "Makes the champion before the champion decide again, from the next "
                        + "instant on. It needs the role admin.", button: "Roll back"))
        }
        return page
    }

    private static func table(_ title: String, _ models: Rows, _ viewing: Viewing) -> Block {
        Block.table(
            title,
            [
                .number("Version"), Block.Column("Model"), Block.Column("State"),
                Block.Column("Why"),
                Block.Column("Trained"), .number("Rows"), .number("Rows that stop it"),
            ],
            models.rows.prefix(most).map { row in
                let id = row.text("id") ?? ""
                let status = row.text("status")
                return (
                    status == "active" ? "good" : status == "failed" ? "faint" : nil,
                    [
                        .number(
                            row.text("model_version") ?? "none",
                            link: viewing.link("/models/\(Viewing.encoded(id))")),
                        Block.Cell(id),
                        Block.Cell(status == "active" ? "champion" : Format.words(status)),
                        Block.Cell(Format.words(row.text("status_reason"))),
                        Block.Cell(Format.time(row.text("training_completed_at")), style: "day"),
                        .number(row.text("training_samples") ?? ""),
                        .number(row.text("validation_samples") ?? ""),
                    ]
                )
            }, empty: "No model was asked for yet: trainings are on Sundays.",
            more: models.count > most
                ? models.rows[most - 1].text("position").map {
                    Block.Link("earlier models", viewing.link("/models", [("before", $0)]))
                } : nil, query: models.query, viewing)
    }

    /// How each new model did on its holdout beside the champion, over time.
    private static func accuracy(_ reader: ReadModelReader, _ viewing: Viewing) throws -> Block {
        let rows = try Rows(
            reader,
            """
            SELECT substr(created_at, 1, 10) AS day, max(new_accuracy) AS new,
                max(current_accuracy) AS current
            FROM ml_model_comparisons GROUP BY 1 ORDER BY 1
            """)
        let values = rows.rows.map { row in
            (
                day: row.text("day") ?? "",
                values: [
                    row.real("new").map { $0 * 100 }, row.real("current").map { $0 * 100 },
                ]
            )
        }
        let label = values.last.map { last in
            "\(values.count) days with comparisons; on \(last.day) the new model was right in "
                + "\(Format.number(last.values[0])) % of the holdout, the other in "
                + "\(Format.number(last.values[1])) %."
        }
        return Chart(
            label: label ?? "", unit: "%",
            names: ["new model", "champion, or the commonest class"], rows: values
        ).block(
            "Accuracy on the holdout", empty: "No two comparisons were made yet.",
            query: rows.query, viewing)
    }

    private static func comparisons(
        _ reader: ReadModelReader, _ viewing: Viewing, model: String?
    ) throws -> Block {
        let condition = model == nil ? "" : "WHERE new_model_id = ? OR current_model_id = ?"
        let rows = try Rows(
            reader,
            """
            SELECT id, new_model_id, current_model_id, new_accuracy, current_accuracy, new_f1,
                current_f1, promoted, reason, rule_verdict, evidence_verdict, decision, gate,
                holdout_rows, holdout_from, holdout_to
            FROM ml_model_comparisons \(condition) ORDER BY position DESC LIMIT 40
            """, model.map { [.text($0), .text($0)] } ?? [])
        return Block.unfolding(
            "Comparisons, the latest first",
            text: "Each line: the new model, accuracy on the holdout against the champion's (or "
                + "against always naming the commonest class), and what was decided.",
            rows.rows.map { row in
                let won = row.integer("promoted") == 1
                return Block.Unfolding(
                    cells: [
                        Block.Cell("model of \(row.text("new_model_id") ?? "?")"),
                        .number(
                            Format.percent(row.real("new_accuracy"), signed: false) + " against "
                                + Format.percent(row.real("current_accuracy"), signed: false)),
                        Block.Cell(
                            won ? "promoted" : Format.words(row.text("decision")),
                            style: won ? "good" : nil),
                        Block.Cell(Format.words(row.text("reason")), style: "muted"),
                    ],
                    steps: [
                        Block.Step("rule", Format.words(row.text("rule_verdict"))),
                        Block.Step("evidence", Format.words(row.text("evidence_verdict"))),
                        Block.Step(
                            "gate",
                            "\(row.text("gate") ?? "") decides: \(Format.words(row.text("decision")))"
                        ),
                        Block.Step(
                            "holdout",
                            "\(row.text("holdout_rows") ?? "0") rows from "
                                + "\(row.text("holdout_from") ?? "?") to "
                                + "\(row.text("holdout_to") ?? "?")"),
                        Block.Step(
                            "weighted F1",
                            "\(Format.number(row.real("new_f1"), 3)) against "
                                + Format.number(row.real("current_f1"), 3)),
                        Block.Step(
                            "against", row.text("current_model_id") ?? "the commonest class"),
                    ],
                    links: [
                        Block.Link("why", viewing.link("/why/event/\(row.text("id") ?? "")")),
                        Block.Link(
                            "the model", viewing.link("/models/\(row.text("new_model_id") ?? "")")),
                    ])
            }, empty: "No comparison was made yet.", query: rows.query, viewing)
    }

    private static func page(of id: String, _ viewing: Viewing) throws -> Page {
        var page = Page(heading: "Model")
        try viewing.read(["model-registry", "performance"]) { reader in
            let found = try Rows(
                reader,
                "SELECT \(columns), feature_importance, hyperparameters, artifact_sha256 "
                    + "FROM ml_models WHERE request_id = ? OR id = ?", [.text(id), .text(id)])
            guard let row = found.first else {
                throw Problem(404, "model", "the run has no model \(id) as of then")
            }
            let model = row.text("id") ?? id
            page.heading =
                row.text("model_version").map { "Model \($0)" } ?? "A training without a model"
            page.blocks = [
                figures(row, found.query, viewing),
                try comparisons(reader, viewing, model: model),
                try calibration(reader, viewing, model: model),
                importance(row, found.query, viewing),
            ]
            let awaits = row.text("status") == "candidate" || row.text("status") == "archived"
            if !viewing.isPast, viewing.opened.manifest?.live != nil, awaits {
                page.blocks.insert(
                    Acts.form(
                        viewing, "promote", title: "Promote",
                        text:
                            "Makes this model the champion from the next instant on, whatever its "
                            + "comparison came to. It needs the role admin, and the reason stays in "
                            + "the log.", button: "Promote", hidden: [("model", model)]), at: 1)
                page.blocks.insert(
                    Acts.form(
                        viewing, "refuse-candidate", title: "Refuse",
                        text:
                            "Decides that this candidate does not become champion; it awaits nobody "
                            + "any more. It needs the role admin.", button: "Refuse",
                        hidden: [("model", model)]), at: 2)
            }
        }
        return page
    }

    private static func figures(_ row: Row, _ query: String, _ viewing: Viewing) -> Block {
        let metrics = Fields(row.text("metrics") ?? "{}").numbers
        return Block.figures(
            nil,
            [
                .init(
                    "State",
                    row.text("status") == "active" ? "champion" : row.text("status") ?? ""),
                .init("Why", Format.words(row.text("status_reason"))),
                .init("Trained", Format.time(row.text("training_completed_at"))),
                .init("Rows", row.text("training_samples") ?? ""),
            ]
                + metrics.map {
                    .init(
                        Format.words($0.name),
                        Format.number($0.value, $0.value == $0.value.rounded() ? 0 : 3))
                }
                + [
                    .init(
                        "Why it is so", "the tree",
                        link: viewing.link("/why/event/\(row.text("id") ?? "")"))
                ], query: query, viewing)
    }

    /// How often what was said came true, of the champion's latest record.
    private static func calibration(
        _ reader: ReadModelReader, _ viewing: Viewing, model: String
    ) throws -> Block {
        let rows = try Rows(
            reader,
            "SELECT reliability, brier, evaluation_date FROM model_performance_history "
                + "WHERE model_id = ? ORDER BY position DESC LIMIT 1", [.text(model)])
        struct Bin: Decodable {
            var lower: Double?
            var predicted: Double?
            var observed: Double?
            var rows: Int?
        }
        let text = rows.first?.text("reliability") ?? "[]"
        let bins = (try? JSONDecoder().decode([Bin].self, from: Data(text.utf8))) ?? []
        return Block.table(
            "Calibration: how often what was said came true",
            text: rows.first.map {
                "As of \($0.text("evaluation_date") ?? ""); Brier score "
                    + "\(Format.number($0.real("brier"), 3)), lower is better."
            },
            [
                .number("Said, from"), .number("Said, on average"), .number("Came true"),
                .number("Rows"),
            ],
            bins.map { bin in
                (
                    nil,
                    [
                        .number(Format.percent(bin.lower, signed: false)),
                        .number(Format.percent(bin.predicted, signed: false)),
                        .number(Format.percent(bin.observed, signed: false)),
                        .number(bin.rows.map { "\($0)" } ?? Format.nothing),
                    ]
                )
            }, empty: "No label of its decisions is mature yet.", query: rows.query, viewing)
    }

    private static func importance(_ row: Row, _ query: String, _ viewing: Viewing) -> Block {
        let terms = Fields(row.text("feature_importance") ?? "{}").numbers.filter { $0.value > 0 }
            .sorted { ($0.value, $1.name) > ($1.value, $0.name) }
        let total = terms.reduce(0) { $0 + $1.value }
        return Block.table(
            "Importance: mean gain of splits",
            [Block.Column("Feature"), .number("Gain"), .number("Share")],
            terms.prefix(20).map { term in
                (
                    nil,
                    [
                        Block.Cell(Format.words(term.name)), .number(Format.number(term.value, 3)),
                        .number(Format.percent(term.value / total, signed: false)),
                    ]
                )
            }, empty: "It has no trees.", query: query, viewing)
    }
}
