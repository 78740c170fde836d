import EventLog
import Events
import Projections

/// Trainings: what was asked for, how far each is, and one to ask for now.
enum Jobs {
    static let kind = PageKind("Jobs", "/jobs", ["model-registry"]) { viewing, _ in
        var page = Page(heading: "Jobs")
        let rows = try viewing.read(["model-registry"]) { reader in
            try Rows(
                reader,
                """
                SELECT id, job_type, status, started_at, completed_at, progress_pct, current_step,
                    model_id, error_message, triggered_by
                FROM ml_training_jobs ORDER BY position DESC LIMIT 80
                """)
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
                rows.rows.map { row in
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
                }, empty: "No job that trains has begun yet.", query: rows.query, viewing))
        return page
    }
}
