import EventLog
public import Events

/// An act of a person that may need a second one: what is recorded of it, and of asking for it.
public enum ProposedAct: Sendable {
    /// A model becomes champion: its artefact, and its name in a run.
    case promotion(Digest, model: String, run: String)
    /// A champion gives way to the one before: its artefact, its name in a run, and how many
    /// changes of a person whoever asks can have seen.
    case rollback(Digest, model: String, run: String, seen: Int)
    /// Halts end, or those of a cause.
    case resume(HaltCause?, run: String)
    /// What a run is in custody for ends.
    case custodyEnd([CustodyCause], run: String)
    /// The trading mode changes.
    case mode(ModeChange, ModeChange.Evidence, run: String)
    /// So many people are needed from now on; only fewer than before need a second person.
    case requirement(Int)

    /// The event that asks for it.
    func request(_ envelope: Envelope, who: String, reason: String) -> ApprovalRequested {
        var request = ApprovalRequested(
            envelope: envelope, equity: nil,
            expiresAt: envelope.knownAt.adding(seconds: ApprovalBook.validDays * 86_400),
            artefact: nil, act: kind, people: nil, cause: nil, mode: nil, adopts: nil,
            run: run, model: nil, account: nil, who: WireText.fitted(who, length: 48),
            text: Array(reason.utf8))
        switch self {
        case .promotion(let artefact, let model, _), .rollback(let artefact, let model, _, _):
            request.artefact = artefact
            request.model = WireText.fitted(model, length: 48)
        case .resume(let cause, _): request.cause = cause
        case .custodyEnd: break
        case .mode(let change, _, _):
            request.mode = change.mode
            request.adopts = change.adopts ? true : nil
            request.account = change.named?.account
            request.equity = change.named?.equity
        case .requirement(let people): request.people = UInt8(clamping: people)
        }
        return request
    }

    /// Which kind of act it is.
    public var kind: ApprovalAct {
        switch self {
        case .promotion: .promotion
        case .rollback: .rollback
        case .resume: .resume
        case .custodyEnd: .custodyEnd
        case .mode: .modeChange
        case .requirement: .requirement
        }
    }

    private var run: String? {
        switch self {
        case .promotion(_, _, let run), .rollback(_, _, let run, _), .resume(_, let run),
            .custodyEnd(_, let run), .mode(_, _, let run):
            run
        case .requirement: nil
        }
    }

    /// Where a log says it already; nil where it does not.
    func present(in ledger: OperatorLedger) -> UInt64? {
        guard let latest = ledger.changes.last else { return nil }
        switch self {
        case .promotion(let artefact, _, _):
            return latest.artefact == artefact ? latest.position : nil
        case .rollback(_, _, _, let seen):
            return latest.artefact == nil && ledger.changes.count > seen ? latest.position : nil
        case .resume, .custodyEnd, .mode, .requirement: return nil
        }
    }

    /// Appends what it is.
    func append(
        _ envelope: Envelope, who: String, reason: String, _ ledger: OperatorLedger,
        _ batch: inout AppendBatch
    ) {
        let name = WireText.fitted(who, length: 48)
        let text = Array(reason.utf8)
        switch self {
        case .promotion(let artefact, _, _):
            batch.append(
                ModelPromoted(
                    envelope: envelope, model: .none, previous: .none, comparison: .none,
                    artefact: artefact, follows: ledger.latest, cause: .person, who: name,
                    text: text))
        case .rollback:
            batch.append(
                ModelRolledBack(
                    envelope: envelope, model: .none, replaced: .none, follows: ledger.latest,
                    who: name, text: text))
        case .resume(let cause, _):
            batch.append(
                EntriesResumed(
                    envelope: envelope, halt: .none, who: name, cause: cause, text: text))
        case .custodyEnd(let causes, _):
            for cause in causes {
                batch.append(
                    CustodyEnded(envelope: envelope, cause: cause, who: name, text: text))
            }
        case .mode(let change, let evidence, _):
            batch.append(change.event(evidence, envelope, who: name, reason: reason))
        case .requirement(let people):
            batch.append(
                ApprovalsRequired(
                    envelope: envelope, people: UInt8(clamping: people),
                    previous: UInt8(clamping: ledger.approvals.people), who: name, text: text))
        }
    }
}
