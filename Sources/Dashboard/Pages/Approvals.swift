import API
import Application
import EventLog
import Events
import Pipeline

/// What waits for a second person, what became of other requests, and the candidates that await a
/// person.
enum Approvals {
    static let kind = PageKind("Approvals", "/approvals", ["portfolio"]) { viewing, _ in
        var page = Page(heading: "Approvals")
        page.lead =
            "Where two people are needed, a promotion, a rollback, a resume or a change of the mode "
            + "takes effect once somebody else than who asked approves it."
        guard !viewing.isPast else {
            page.blocks.append(
                Block.text(
                    nil,
                    [
                        "Requests are decided in the present; the audit trail has what was asked and "
                            + "decided by then."
                    ], links: [Block.Link("the audit trail", viewing.link("/trail"))]))
            return page
        }
        let answer = try viewing.call.approvals(run: viewing.run, all: true)
        page.blocks.append(
            Block.figures(
                nil,
                [
                    .init(
                        "People that an act needs", "\(answer.book.people)",
                        note: answer.book.needsSecond ? nil : "recount approvals require 2"),
                    .init(
                        "Waiting",
                        "\(answer.requests.count { $0.status(at: answer.now) == .pending })"),
                ], query: nil, viewing))
        let waiting = answer.requests.filter { $0.status(at: answer.now) == .pending }
        for request in waiting.reversed() { page.blocks += blocks(request, viewing) }
        if waiting.isEmpty {
            page.blocks.append(Block.text("Requests", ["Nothing waits for a second person."]))
        }
        page.blocks.append(candidates(answer.awaited.filter { $0.status == .held }, viewing))
        page.blocks.append(
            decided(
                answer.requests.filter { $0.status(at: answer.now) != .pending }, answer, viewing))
        return page
    }

    /// A request that waits, with what may be done about it.
    private static func blocks(_ request: Approval, _ viewing: Viewing) -> [Block] {
        let comments = request.comments.map { comment in
            "\(comment.event.who), \(Format.time(comment.event.envelope.knownAt)): "
                + String(decoding: comment.event.text, as: UTF8.self)
        }
        let hidden = [(name: "approval", value: request.id)]
        return [
            Block.text(
                request.words,
                [
                    "Asked by \(request.request.who) on "
                        + "\(Format.time(request.request.envelope.knownAt)): "
                        + String(decoding: request.request.text, as: UTF8.self),
                    "It can be approved until \(Format.time(request.request.expiresAt)).",
                ] + comments),
            Acts.form(
                viewing, "approve", title: "Approve",
                text: "Another admin than who asked; what was asked for is then recorded.",
                button: "Approve", hidden: hidden),
            Acts.form(
                viewing, "refuse", title: "Refuse",
                text: "An admin refuses; whoever asked takes it back.", button: "Refuse",
                hidden: hidden),
            Acts.form(
                viewing, "comment", title: "Comment", text: "It decides nothing.",
                button: "Comment", hidden: hidden),
        ]
    }

    private static func candidates(
        _ candidates: [AwaitedCandidates.Candidate], _ viewing: Viewing
    ) -> Block {
        Block.table(
            "Candidates that await a person",
            text: "Each is held until it is promoted, refused, or nobody has decided in time.",
            [
                Block.Column("Model"), Block.Column("Held since"), Block.Column("Why"),
                .number("Accuracy"), .number("The champion's"), Block.Column("Rule"),
                Block.Column("Evidence"), Block.Column("Until"),
            ],
            candidates.reversed().map { candidate in
                let comparison = candidate.comparison
                return (
                    nil,
                    [
                        Block.Cell(
                            "\(candidate.model)", link: viewing.link("/models/\(candidate.model)")),
                        Block.Cell(Format.time(candidate.heldAt), style: "day"),
                        Block.Cell(Format.words("\(candidate.held)")),
                        .number(Format.percent(comparison?.accuracyNew, signed: false)),
                        .number(Format.percent(comparison?.accuracyOld, signed: false)),
                        Block.Cell(comparison.map { Format.words("\($0.ruleVerdict)") } ?? ""),
                        Block.Cell(comparison.map { Format.words("\($0.evidenceVerdict)") } ?? ""),
                        Block.Cell(Format.time(candidate.until), style: "day"),
                    ]
                )
            }, empty: "No candidate awaits a person.", query: nil, viewing)
    }

    private static func decided(
        _ requests: [Approval], _ answer: ApprovalAnswer, _ viewing: Viewing
    ) -> Block {
        Block.table(
            "What became of others",
            [
                Block.Column("Asked for"), Block.Column("By"), Block.Column("What became of it"),
                Block.Column("Who"), Block.Column("When"), Block.Column("Why"),
            ],
            requests.reversed().map { request in
                let decided = request.decided
                return (
                    nil,
                    [
                        Block.Cell(request.words), Block.Cell(request.request.who),
                        Block.Cell(request.status(at: answer.now).rawValue),
                        Block.Cell(decided?.who ?? ""),
                        Block.Cell(decided.map { Format.time($0.at) } ?? "", style: "day"),
                        Block.Cell(decided?.reason ?? ""),
                    ]
                )
            }, empty: "No request was decided yet.", query: nil, viewing)
    }
}
