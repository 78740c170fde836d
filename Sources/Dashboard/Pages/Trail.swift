import API
import Application
import EventLog
import Events
import Synchronization

/// What people did: every act by hand, with who and why.
enum Trail {
    static let kind = PageKind("Audit trail", "/trail", ["portfolio"]) { viewing, _ in
        var page = Page(heading: "Audit trail")
        page.lead =
            "Every act by hand is an event with who did it and why. The log that holds them is "
            + "chained: recount verify shows that nothing was changed or taken out."
        let acts = try ActBook.shared.acts(viewing)
        page.blocks.append(
            Block.table(
                "Acts, the latest first",
                [
                    Block.Column("When"), Block.Column("What"), Block.Column("Who"),
                    Block.Column("Why"), .number("Position in the data log"),
                ],
                acts.reversed().prefix(200).map { act in
                    (
                        nil,
                        [
                            Block.Cell(Format.time(act.knownAt), style: "day"),
                            Block.Cell(Format.words(act.type)), Block.Cell(act.who),
                            Block.Cell(act.why), .number("\(act.position)"),
                        ]
                    )
                }, empty: "Nobody did anything by hand.", query: nil, viewing))
        var figures = [Block.Figure("Events of the run by then", "\(viewing.position.own)")]
        if !viewing.isPast {
            let head = try viewing.opened.log.head()
            figures.append(Block.Figure("Seal of its last commit", "\(head.seal)"))
        }
        page.blocks.append(Block.figures("The run's log", figures, query: nil, viewing))
        page.blocks.append(
            Block.text(
                nil, [],
                code: "recount verify --data DIR\nrecount events --data DIR --actor person"))
        return page
    }
}

/// The acts by hand of data logs, each log read once, and then on from where that ended.
final class ActBook: Sendable {
    static let shared = ActBook()

    /// An act by hand.
    struct Act: Sendable {
        let position: UInt64
        let knownAt: Instant
        let type: String
        let who: String
        let why: String
    }

    private struct Read {
        var acts: [Act] = []
        var through: UInt64 = 0
    }

    private let logs = Mutex<[String: Read]>([:])
    /// Folders whose acts are kept.
    private static let most = 8

    /// The acts up to the moment of a page, in their order.
    func acts(_ viewing: Viewing) throws -> [Act] {
        let log = try viewing.call.service.workspace.log()
        let key = "\(viewing.folder.path) \(log.identity.logID)"
        var read = logs.withLock { $0[key] } ?? Read()
        let head = try log.head().position
        if read.through < head {
            try log.read(from: read.through + 1, through: head) { record in
                read.through = record.position
                if let act = try ActBook.act(record) { read.acts.append(act) }
                return .proceed
            }
            let kept = read
            logs.withLock { logs in
                if logs.count >= ActBook.most, logs[key] == nil { logs = [:] }
                if (logs[key]?.through ?? 0) < kept.through { logs[key] = kept }
            }
        }
        guard viewing.isPast else { return read.acts }
        return read.acts.filter { act in viewing.knownAt.map { act.knownAt <= $0 } ?? false }
    }

    private static func act(_ record: borrowing Record) throws -> Act? {
        let envelope = try Envelope(message: record.message)
        guard envelope.actor == .person else { return nil }
        var text = ""
        try EventJSON.render(message: record.message, into: &text)
        let fields = Fields(text)
        let template = try MessageHeader(record.message).templateID
        return Act(
            position: record.position, knownAt: envelope.knownAt,
            type: EventSchema.message(id: template)?.name ?? "?", who: fields["who"] ?? "",
            why: fields["reason"] ?? fields["text"] ?? "")
    }
}
