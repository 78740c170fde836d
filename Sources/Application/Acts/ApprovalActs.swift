import EventLog
import Events
import FeedbackLoop
import Market
public import Pipeline

/// A second person's say on acts that need one, and everybody's comments.
public enum ApprovalActs {
    /// The position that an id names.
    ///
    /// - Throws: `ApplicationError.invalid` for what is no id.
    public static func position(_ id: String) throws(ApplicationError) -> UInt64 {
        guard id.first == "d" || id.first == "r", let position = UInt64(id.dropFirst()),
            position > 0
        else {
            throw .invalid(
                fields: ["id"],
                "{id} \(id): takes d and a position of the data log, as the request was answered")
        }
        return position
    }

    /// Says something of a request.
    public static func comment(
        _ id: String, by person: PersonAct, in workspace: Workspace,
        _ ledger: inout OperatorLedger
    ) throws -> OperatorLedger.Recorded {
        try ledger.comment(
            on: position(id), who: person.who, text: person.reason,
            in: workspace.logForActs(), now: workspace.instant)
    }

    /// Approves a request, so that what was asked for is recorded.
    ///
    /// What stands by now is looked at again: an approval is of what was asked for and of nothing
    /// that came since.
    public static func approve(
        _ id: String, by person: PersonAct, in workspace: Workspace,
        _ ledger: inout OperatorLedger
    ) throws -> OperatorLedger.Recorded {
        let position = try position(id)
        let log = try workspace.logForActs()
        try ledger.read(log)
        let approval = try ledger.approvable(position, by: person.who, at: workspace.instant)
        return try ledger.approve(
            position, proposal(approval, log, in: workspace), who: person.who,
            reason: person.reason, in: log, now: workspace.instant)
    }

    /// Refuses a request; whoever asked takes it back.
    public static func refuse(
        _ id: String, by person: PersonAct, in workspace: Workspace,
        _ ledger: inout OperatorLedger
    ) throws -> OperatorLedger.Recorded {
        try ledger.refuse(
            position(id), who: person.who, reason: person.reason, in: workspace.logForActs(),
            now: workspace.instant)
    }

    /// Decides that a candidate of a run does not become champion.
    ///
    /// - Throws: `ApplicationError.refused` for a model that awaits nobody.
    public static func refuse(
        candidate model: String, run name: String, by person: PersonAct, in workspace: Workspace,
        _ ledger: inout OperatorLedger
    ) throws -> OperatorLedger.Recorded {
        let log = try workspace.logForActs()
        try ledger.read(log)
        let candidates = try AwaitedCandidates(
            workspace.folder.openRun(name), ledger.approvals, now: workspace.instant)
        let known = candidates.all.last {
            "\($0.model)" == model || "\($0.artefact)".hasPrefix(model) && model.count >= 8
        }
        guard let known else {
            throw ApplicationError.missing(
                "run \(name) has no candidate \(model) that was held; recount approvals list shows "
                    + "those that await a person")
        }
        guard known.status == .held else {
            throw ApplicationError.refused(
                "\(known.model) awaits nobody: \(known.status.rawValue), \(known.reason)")
        }
        return try ledger.refuse(
            candidate: known.artefact, who: person.who, reason: person.reason, in: log,
            now: workspace.instant)
    }

    /// Needs so many people from now on.
    public static func require(
        _ people: Int, by person: PersonAct, in workspace: Workspace,
        _ ledger: inout OperatorLedger
    ) throws -> OperatorLedger.Recorded {
        guard (1...2).contains(people) else {
            throw ApplicationError.invalid("people", "takes 1 or 2, not \(people)")
        }
        let log = try workspace.logForActs()
        try ledger.read(log)
        guard people != ledger.approvals.people else {
            throw ApplicationError.refused(
                "\(people) \(people == 1 ? "is" : "are") needed already")
        }
        return try ledger.record(
            .requirement(people), who: person.who, reason: person.reason, in: log,
            now: workspace.instant)
    }

    /// The first of some halts that came after a request: by rule at a later instant, as a fact
    /// behind it in the log.
    private static func later(
        than approval: Approval, _ halts: [HaltBook.Halt], _ log: EventLog
    ) throws -> HaltBook.Halt? {
        var facts: [EntriesHalted] = []
        try log.read(
            from: approval.position, through: log.head().position, check: .checksum
        ) { record in
            if try MessageHeader(record.message).templateID == EntriesHalted.templateID {
                facts.append(try EntriesHalted(message: record.message))
            }
            return .proceed
        }
        return halts.first { halt in
            halt.since > approval.request.envelope.knownAt
                || facts.contains {
                    $0.cause == halt.cause && $0.envelope.knownAt == halt.since
                        && ($0.exits ?? false) == halt.stopsExits
                }
        }
    }

    /// The act that a request asks for, as it can be done now.
    private static func proposal(
        _ approval: Approval, _ log: EventLog, in workspace: Workspace
    ) throws -> ProposedAct {
        let request = approval.request
        let name = request.run ?? ""
        let run = { try workspace.folder.openRun(name) }
        switch request.act {
        case .promotion:
            return try ModelAct.promotion(of: request.model ?? "", in: run(), workspace.models)
                .proposal
        case .rollback:
            let act = try ModelAct.rollback(in: run(), workspace.models)
            guard act.subject == request.artefact else {
                throw ApplicationError.refused(
                    "\(approval.id) asks to roll back \(request.model ?? "the champion"), and run "
                        + "\(name) has another champion by now; refuse it and ask again")
            }
            return act.proposal
        case .resume:
            let halts = try StandingHalts(run(), data: log).book.standing
            let ended = try HaltActs.ended(halts, cause: request.cause)
            if let later = try later(than: approval, ended, log) {
                throw ApplicationError.refused(
                    "entries were halted since \(approval.id) was asked for: \(later.cause) since "
                        + "\(later.since); refuse it and ask again")
            }
            return .resume(request.cause, run: name)
        case .custodyEnd:
            guard let manifest = try run().manifest?.live else { throw LiveRunError.notLive(name) }
            let history = try AccountHistory(manifest, log)
            let causes = try OperatorLedger.endableCustody(history)
            if let later = history.custody.standing.first(where: {
                $0.since > request.envelope.knownAt
            }) {
                throw ApplicationError.refused(
                    "the run is in custody for another cause since \(approval.id) was asked for: "
                        + "\(later.cause) since \(later.since); refuse it and ask again")
            }
            return .custodyEnd(causes, run: name)
        case .modeChange:
            let run = try run()
            let evidence = try ModeChange.Evidence(
                run, StandingHalts(run, data: log), data: log, in: workspace.folder)
            let phrase = request.account.map { account in
                "live \(account)" + (request.equity.map { " \($0.dollars)" } ?? "")
            }
            let change = ModeChange(
                to: request.mode ?? .paper, phrase: phrase ?? "", adopts: request.adopts ?? false)
            try change.check(evidence, at: workspace.instant)
            return .mode(change, evidence, run: name)
        case .requirement: return .requirement(Int(request.people ?? 1))
        case .unrecognised:
            throw ApplicationError.refused(
                "\(approval.id) asks for what this program does not know; a newer one does")
        }
    }
}
