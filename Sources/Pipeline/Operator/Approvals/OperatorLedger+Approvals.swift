public import EventLog
public import Events

extension OperatorLedger {
    /// Records an act, or where it needs a second person the request for it. Asking again for what
    /// waits adds nothing.
    public mutating func record(
        _ act: ProposedAct, who: String, reason: String, in log: some Log, now: Instant
    ) throws -> Recorded {
        var asked: UInt64?
        var recorded = try append(in: log, now: now) { ledger, batch in
            let envelope = ledger.envelope(batch, now)
            if let present = act.present(in: ledger) { return present }
            guard ledger.isSecondNeeded(for: act) else {
                act.append(envelope, who: who, reason: reason, ledger, &batch)
                return nil
            }
            let request = act.request(envelope, who: who, reason: reason)
            if let known = ledger.approvals.pending(like: request, at: envelope.knownAt) {
                asked = known.position
                return known.position
            }
            asked = batch.append(request)
            return nil
        }
        recorded.request = asked
        return recorded
    }

    /// To need more people than before needs nobody else.
    private func isSecondNeeded(for act: ProposedAct) -> Bool {
        if case .requirement(let people) = act { return people < approvals.people }
        return approvals.needsSecond
    }

    /// Says something of a request.
    public mutating func comment(
        on position: UInt64, who: String, text: String, in log: some Log, now: Instant
    ) throws -> Recorded {
        try append(in: log, now: now) { ledger, batch in
            let envelope = ledger.envelope(batch, now)
            let approval = try ledger.pending(position, at: envelope.knownAt)
            batch.append(
                ApprovalCommented(
                    envelope: ledger.envelope(batch, now, causation: .own(approval.position)),
                    request: .own(approval.position), who: WireText.fitted(who, length: 48),
                    text: Array(text.utf8)))
            return nil
        }
    }

    /// Approves a request, and records the act that was asked for, in one commit.
    ///
    /// - Throws: `OperatorRefusal` for a request that does not wait, to whoever asked for it, and
    ///   where what it asks for stands there already.
    public mutating func approve(
        _ position: UInt64, _ act: ProposedAct, who: String, reason: String, in log: some Log,
        now: Instant
    ) throws -> Recorded {
        try append(in: log, now: now) { ledger, batch in
            let envelope = ledger.envelope(batch, now)
            let approval = try ledger.approvable(position, by: who, at: envelope.knownAt)
            let request = act.request(envelope, who: who, reason: reason)
            guard request.asksTheSame(as: approval.request) else {
                throw OperatorRefusal(
                    description: "what would be recorded is not what \(approval.id) asks for; "
                        + "refuse it and ask again")
            }
            if let present = act.present(in: ledger) {
                throw OperatorRefusal(
                    description: "\(approval.id) asks for what r\(present) of the data log says "
                        + "already; refuse it")
            }
            let granted = batch.append(
                ApprovalGranted(
                    envelope: ledger.envelope(batch, now, causation: .own(approval.position)),
                    request: .own(approval.position), who: WireText.fitted(who, length: 48),
                    text: Array(reason.utf8)))
            let asked = String(decoding: approval.request.text, as: UTF8.self)
            act.append(
                ledger.envelope(batch, now, causation: .own(granted)), who: approval.request.who,
                reason: "\(asked); approved by \(who): \(reason)", ledger, &batch)
            return nil
        }
    }

    /// Refuses a request; whoever asked takes it back.
    public mutating func refuse(
        _ position: UInt64, who: String, reason: String, in log: some Log, now: Instant
    ) throws -> Recorded {
        try append(in: log, now: now) { ledger, batch in
            let envelope = ledger.envelope(batch, now)
            let approval = try ledger.pending(position, at: envelope.knownAt)
            batch.append(
                ApprovalRefused(
                    envelope: ledger.envelope(batch, now, causation: .own(approval.position)),
                    request: .own(approval.position), artefact: nil,
                    cause: approval.isAsked(by: who) ? .withdrawn : .person,
                    who: WireText.fitted(who, length: 48), text: Array(reason.utf8)))
            return nil
        }
    }

    /// Decides that a candidate does not become champion; adds nothing where that was said.
    public mutating func refuse(
        candidate artefact: Digest, who: String, reason: String, in log: some Log, now: Instant
    ) throws -> Recorded {
        try append(in: log, now: now) { ledger, batch in
            let known = ledger.approvals.refusedCandidates.last { $0.event.artefact == artefact }
            if let known { return known.position }
            batch.append(
                ApprovalRefused(
                    envelope: ledger.envelope(batch, now), request: .none, artefact: artefact,
                    cause: .person, who: WireText.fitted(who, length: 48),
                    text: Array(reason.utf8)))
            return nil
        }
    }

    /// A request that somebody may approve at an instant.
    ///
    /// - Throws: `OperatorRefusal` for one that does not wait, and to whoever asked for it.
    public func approvable(_ position: UInt64, by who: String, at now: Instant) throws -> Approval {
        let approval = try pending(position, at: now)
        guard !approval.isAsked(by: who) else {
            throw OperatorRefusal(
                description: "\(approval.request.who) asked for \(approval.id) and cannot approve "
                    + "it too: another person does, or \(approval.request.who) takes it back "
                    + "(refuse)")
        }
        return approval
    }

    private func pending(_ position: UInt64, at now: Instant) throws -> Approval {
        guard let approval = approvals.request(at: position) else {
            throw OperatorRefusal(description: "d\(position) of the data log asks for no approval")
        }
        switch approval.status(at: now) {
        case .pending: return approval
        case .approved:
            throw OperatorRefusal(description: "\(approval.id) was approved already")
        case .refused: throw OperatorRefusal(description: "\(approval.id) was refused already")
        case .expired:
            throw OperatorRefusal(
                description: "\(approval.id) expired on \(approval.request.expiresAt): nobody "
                    + "decided within \(ApprovalBook.validDays) days; ask again")
        }
    }
}
