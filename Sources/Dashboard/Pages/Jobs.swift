import API
import EventLog
import Events
import Projections

/// Trainings: what was asked for, how far each is, and one to ask for now.
enum Jobs {
    /// Rows of a page.
    private static let most = 80

    static let kind = PageKind("Jobs", "/jobs", ["model-registry"]) { viewing, _ in
        var page = Page(heading: "Jobs")
        var (condition, arguments) = ("", [RowValue]())
        if let before = viewing.call["before"] {
            guard let position = Int64(before) else {
                throw Problem(422, "before", "before \(before): takes a position")
            }
            (condition, arguments) = ("WHERE position < ?", [.integer(position)])
        }
        let rows = try viewing.read(["model-registry"]) { reader in
            try Rows(
                reader,
                """
                SELECT position, id, job_type, status, started_at, completed_at, progress_pct, current_step,
                    model_id, error_message, triggered_by
                FROM ml_training_jobs \(condition) ORDER BY position DESC LIMIT \(most + 1)
                """, arguments)
        }
        if !viewing.isPast, viewing.opened.manifest?.live != nil {
            page.blocks.append(
                Acts.form(
                    viewing, "train", title: "Run now",
                    text:
                        "Asks for a training with outcomes. It is run at the next instant in which "
                        + "the loop may train, compared with the champion, and promoted or not by "
                        + "the gate. It needs the role operator.", button: "Ask for a training",
                    needsReason: false))
        }
        page.blocks.append(
            Block.table(
                "Jobs, the latest first",
                [
                    Block.Column("Job"), Block.Column("Kind"), Block.Column("State"),
                    Block.Column("Began"), Block.Column("Ended"), .number("Done"),
                    Block.Column("Model"), Block.Column("Asked by"), Block.Column("Error"),
                ],
                rows.rows.prefix(most).map { row in
                    let id = row.text("id") ?? ""
                    let model = row.text("model_id")
                    let status = row.text("status")
                    return (
                        status == "failed" ? "faint" : nil,
                        [
                            Block.Cell(id, link: viewing.link("/why/event/\(Viewing.encoded(id))")),
                            Block.Cell(Format.words(row.text("job_type"))),
                            Block.Cell(
                                status == "running"
                                    ? "running: \(Format.words(row.text("current_step")))"
                                    : status ?? ""),
                            Block.Cell(Format.time(row.text("started_at")), style: "day"),
                            Block.Cell(Format.time(row.text("completed_at")), style: "day"),
                            .number("\(row.text("progress_pct") ?? "0") %"),
                            Block.Cell(
                                model ?? "",
                                link: model.map { viewing.link("/models/\(Viewing.encoded($0))") }),
                            Block.Cell(Format.words(row.text("triggered_by"))),
                            Block.Cell(row.text("error_message") ?? ""),
                        ]
                    )
                }, empty: "No job that trains has begun yet.",
                more: rows.count > most
                    ? rows.rows[most - 1].text("position").map {
                        Block.Link("earlier jobs", viewing.link("/jobs", [("before", $0)]))
                    } : nil, query: rows.query, viewing))
        return page
    }
}
