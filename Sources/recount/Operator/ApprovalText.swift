import Application
import EventLog
import Events
import Pipeline

/// Approvals for people.
enum ApprovalText {
    /// That a second person is asked in place of an act; nil where the act is recorded.
    static func asked(_ recorded: OperatorLedger.Recorded, _ data: DataOption) -> String? {
        guard let id = recorded.approval else { return nil }
        let first =
            recorded.isNew
            ? "\(id) of the data log asks for it; nothing is done before another person approves:"
            : "nothing added: \(id) of the data log asks for it already, and waits for another "
                + "person:"
        return """
            \(first)
              recount approvals approve \(id) --reason ... --data \(data.data)
              recount approvals refuse \(id) --reason ... --data \(data.data)
            """
    }

    /// Records what a person says, and prints it.
    static func say(
        _ what: String, _ data: DataOption, json: Bool,
        _ record: (Workspace, inout OperatorLedger) throws -> OperatorLedger.Recorded
    ) throws {
        var ledger = OperatorLedger()
        let workspace = Workspace(data.folder)
        let recorded = try record(workspace, &ledger)
        try ledger.read(workspace.log())
        guard !json else {
            var object = recorded.json(ledger.approvals)
            object.text("seal", try? data.anchor())
            return print(object.text)
        }
        if let text = asked(recorded, data) {
            print(text)
        } else {
            print(
                recorded.isNew
                    ? "r\(recorded.position) of the data log: \(what)"
                    : "nothing added: r\(recorded.position) of the data log says so already")
        }
        try data.printAnchor()
    }

    static func list(_ answer: ApprovalAnswer, run: String?) -> String {
        let people =
            answer.book.needsSecond
            ? "promotions, rollbacks, resumes and changes of the mode need \(answer.book.people) "
                + "people"
            : "nothing needs a second person (recount approvals require 2, or approvals: 2)"
        var lines = [people]
        for approval in answer.requests { lines += self.lines(approval, answer) }
        if answer.requests.isEmpty { lines.append("no request waits") }
        guard let run else { return lines.joined(separator: "\n") }
        if answer.awaited.isEmpty {
            lines.append("no candidate of run \(run) awaits a person")
        } else {
            lines.append("candidates of run \(run):")
            lines += answer.awaited.map { line($0) }
        }
        return lines.joined(separator: "\n")
    }

    private static func lines(_ approval: Approval, _ answer: ApprovalAnswer) -> [String] {
        let request = approval.request
        let why = String(decoding: request.text, as: UTF8.self)
        let status = approval.status(at: answer.now)
        var lines = [
            "\(approval.id)  \(status.rawValue)  \(approval.words), asked by \(request.who) on "
                + "\(request.envelope.knownAt): \(why)"
        ]
        for comment in approval.comments {
            lines.append(
                "    \(comment.event.who) on \(comment.event.envelope.knownAt): "
                    + String(decoding: comment.event.text, as: UTF8.self))
        }
        switch status {
        case .pending: lines.append("    expires on \(request.expiresAt)")
        case .expired:
            lines.append(
                "    expired on \(request.expiresAt): nobody decided within "
                    + "\(ApprovalBook.validDays) days")
        case .approved, .refused:
            if let decided = approval.decided {
                lines.append("    \(status.rawValue) by \(decided.who): \(decided.reason)")
            }
        }
        return lines
    }

    private static func line(_ candidate: AwaitedCandidates.Candidate) -> String {
        var text = "  \(candidate.model)  \(candidate.status.rawValue)"
        switch candidate.status {
        case .held:
            text += "  \(candidate.reason) since \(candidate.heldAt), until \(candidate.until)"
        default: text += "  \(candidate.reason)"
        }
        if let compared = candidate.comparison {
            text +=
                "; accuracy \(ModelsText.fraction(compared.accuracyNew)) against "
                + "\(ModelsText.fraction(compared.accuracyOld)), F1 "
                + "\(ModelsText.fraction(compared.f1New)) against "
                + "\(ModelsText.fraction(compared.f1Old)), rule \(compared.ruleVerdict)"
        }
        if let request = candidate.request { text += "; \(request) asks for its promotion" }
        return text
    }
}
