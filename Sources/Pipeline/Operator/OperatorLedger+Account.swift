public import EventLog
public import Events
import Market

extension OperatorLedger {
    /// The causes of a custody that a person may end: decisions that differed, an equity that was
    /// not expected. Every other ends with its cause.
    ///
    /// - Throws: `OperatorRefusal` where none of these stands.
    public static func endableCustody(_ history: AccountHistory) throws -> [CustodyCause] {
        let ended = history.custody.standing.filter {
            $0.cause == .decidedOtherwise || $0.cause == .otherEquity
        }
        guard !ended.isEmpty else {
            let others = history.custody.standing.map {
                "\($0.cause) ends by \($0.cause.remedy)"
            }
            throw OperatorRefusal(
                description: others.isEmpty
                    ? "the run is in no custody" : others.joined(separator: "; "))
        }
        return ended.map(\.cause)
    }

    /// Ends a custody that a person may end, or asks a second person.
    public static func endCustody(
        _ history: AccountHistory, run: String, who: String, reason: String, in log: some Log,
        now: Instant
    ) throws -> Recorded {
        var ledger = OperatorLedger()
        try ledger.read(log)
        return try ledger.record(
            .custodyEnd(try endableCustody(history), run: run), who: who, reason: reason, in: log,
            now: now)
    }

    /// Takes an account over from a copy of the folder: what the run asks for has other ids from
    /// now on, and what the broker shows is booked by the service.
    ///
    /// - Throws: `OperatorRefusal` where the run is not in custody for a doubled folder, or the
    ///   account that was typed is not its own.
    public static func takeOver(
        _ history: AccountHistory, _ standing: DaemonStanding?, account: String, prefix: UInt64,
        who: String, reason: String, in log: some Log, now: Instant
    ) throws -> Recorded {
        guard let terms = history.terms, history.custody.custody(.doubledFolder) != nil else {
            throw OperatorRefusal(
                description: "nothing is to be taken over: the run is in no custody for a doubled "
                    + "folder")
        }
        guard history.takingOver == nil else {
            throw OperatorRefusal(
                description: "the account is being taken over: the service (recountd run) books "
                    + "what the broker shows")
        }
        let own = terms.account ?? standing?.account?.account
        guard own == account else {
            throw OperatorRefusal(
                description: "--account \(account) is not the run's account "
                    + (own ?? "(it was not looked at yet)"))
        }
        let flags = try flags(of: log)
        return try log.append(now: now) { (batch: inout AppendBatch) in
            batch.append(
                TakenOver(
                    envelope: Envelope(
                        knownAt: batch.acted(at: now), recordedAt: batch.now, actor: .person,
                        flags: flags),
                    previousPrefix: terms.prefix, prefix: prefix,
                    account: WireText.fitted(account, length: 48),
                    who: WireText.fitted(who, length: 48), text: Array(reason.utf8)))
            return Recorded(position: batch.nextPosition - 1, recordedAt: batch.now)
        }
    }

    /// Adopts every difference from the account that stands, and ends the halt for it: what the
    /// broker shows holds from now on.
    ///
    /// - Returns: what was adopted, a sentence each, and where it was recorded.
    /// - Throws: `OperatorRefusal` where nothing differs, or the broker shows something else.
    public static func adopt(
        _ history: AccountHistory, _ standing: DaemonStanding?, who: String, reason: String,
        in log: some Log, now: Instant
    ) throws -> (texts: [String], recorded: Recorded) {
        guard !history.differences.isEmpty else {
            throw OperatorRefusal(
                description: "nothing differs: no difference stands that was not adopted, or "
                    + "resumed from")
        }
        guard let shown = standing?.account else {
            throw OperatorRefusal(
                description: "the service (recountd run) has not looked at the account yet")
        }
        let day = NewYorkTime.local(now).day
        var adopted: [any EventMessage] = []
        var texts: [String] = []
        for (position, difference) in history.differences {
            let text = "\(String(decoding: difference.text, as: UTF8.self)); \(reason)"
            let envelope = Envelope(
                knownAt: now, recordedAt: now, causation: .own(position), actor: .person,
                flags: try flags(of: log))
            texts.append(String(decoding: difference.text, as: UTF8.self))
            guard let ticker = difference.ticker else {
                let (expected, broker) = (difference.expectedCash, difference.brokerCash)
                guard let expected, let broker else { continue }
                adopted.append(
                    CashMoved(
                        envelope: envelope, amount: broker - expected, day: day, kind: .other,
                        activityID: "adopted r\(position)"))
                continue
            }
            let there = shown.positions.first { Ticker.folded($0.symbol) == "\(ticker)" }
            guard (there?.quantity ?? 0) == difference.brokerQuantity.shares else {
                throw OperatorRefusal(
                    description:
                        "\(ticker): the broker shows \(there?.quantity ?? 0) shares by now, "
                        + "not \(difference.brokerQuantity.shares); look at recount halts and ask "
                        + "again once that is recorded")
            }
            adopted.append(
                PositionAdopted(
                    envelope: envelope, quantity: difference.brokerQuantity,
                    before: difference.expectedQuantity, averagePrice: there?.averagePrice ?? 0,
                    day: day, timeoutDays: 0, ticker: ticker,
                    who: WireText.fitted(who, length: 48), text: Array(text.utf8)))
        }
        let flags = try flags(of: log)
        let events = adopted
        let recorded = try log.append(now: now) { (batch: inout AppendBatch) in
            for var event in events {
                event.envelope.knownAt = batch.acted(at: now)
                event.envelope.recordedAt = batch.now
                batch.append(event)
            }
            batch.append(
                EntriesResumed(
                    envelope: Envelope(
                        knownAt: batch.acted(at: now), recordedAt: batch.now, actor: .person,
                        flags: flags),
                    halt: .none, who: WireText.fitted(who, length: 48), cause: .reconciliation,
                    text: Array(reason.utf8)))
            return Recorded(position: batch.nextPosition - 1, recordedAt: batch.now)
        }
        return (texts, recorded)
    }
}
