public import EventLog
public import Events
import Market

/// A change of the trading mode that a person asks for: what it needs, and what of it is missing.
///
/// Nobody is asked: it is judged by what the service recorded last.
public struct ModeChange: Sendable {
    /// The mode that is wanted: paper or live.
    public var mode: TradingMode
    /// What the person typed: `live ACCOUNT EQUITY`; empty for a change to paper.
    public var phrase: String
    /// Whether shares that the account holds are taken over, and those of the account that is left
    /// stay there.
    public var adopts: Bool

    /// A change to a mode.
    public init(to mode: TradingMode, phrase: String = "", adopts: Bool = false) {
        (self.mode, self.phrase, self.adopts) = (mode, phrase, adopts)
    }

    /// How old a look at the account may be, seconds.
    public static let freshness: Int64 = 300

    /// What the phrase names: the live account's id, and the dollars that the person expects it to
    /// be worth; nil for another text.
    public var named: (account: String, equity: Money)? {
        let words = phrase.split { $0 == " " }
        guard words.count == 3, words[0] == "live", let amount = Double(words[2]), amount > 0,
            amount < 1e9, WireText.fits(String(words[1]), length: 48)
        else { return nil }
        return (String(words[1]), Money(dollars: amount))
    }

    /// What a change is judged by.
    public struct Evidence: Sendable {
        /// What the data log says of the account.
        public var history: AccountHistory
        /// What the service recorded last; nil where none ever ran.
        public var standing: DaemonStanding?
        /// Whether a service runs the run.
        public var isRunning: Bool
        /// Whether whoever asks owns the data folder.
        public var isOwner: Bool
        /// What stands against entries.
        public var halts: [HaltCause]

        /// Evidence of its parts.
        public init(
            history: AccountHistory, standing: DaemonStanding?, isRunning: Bool, isOwner: Bool,
            halts: [HaltCause]
        ) {
            (self.history, self.standing, self.isRunning) = (history, standing, isRunning)
            (self.isOwner, self.halts) = (isOwner, halts)
        }
    }

    /// All that stands against the change, in words; nothing where it may be made.
    public func objections(_ evidence: Evidence, at now: Instant) -> [String] {
        guard let terms = evidence.history.terms else {
            return ["the run trades at the simulated market, which has no mode"]
        }
        guard terms.isLive != (mode == .live) else {
            return ["the run trades in the mode \(mode) already"]
        }
        var found: [String] = []
        if !evidence.isOwner { found.append("only the owner of the data folder changes the mode") }
        if !evidence.isRunning {
            found.append("no service runs the run: recountd run, and ask again")
        }
        for custody in evidence.history.custody.standing {
            found.append(
                "the run is in custody (\(custody.cause)): \(custody.cause.remedy) ends it")
        }
        let keys = evidence.standing?.credentials ?? []
        if !keys.contains("\(mode)") {
            found.append("the service has no credentials of the \(mode) account")
        }
        if mode == .live { found += liveObjections(evidence, at: now) }
        found += flatObjections(evidence)
        return found
    }

    private func liveObjections(_ evidence: Evidence, at now: Instant) -> [String] {
        var found: [String] = []
        if named == nil {
            found.append(
                "the phrase must be: live ACCOUNT EQUITY (the live account's id and the dollars "
                    + "that you expect it to be worth), for example \"live 912345678 25000\"")
        }
        if evidence.standing?.allowsLive != true {
            found.append("the service was started without --allow-live")
        }
        guard let account = evidence.standing?.account else {
            return found + ["the account that is left was not looked at yet"]
        }
        let second = now.rawValue / 1_000_000_000
        if second - account.second >= ModeChange.freshness {
            found.append(
                "the account that is left was looked at \(second - account.second) s ago, "
                    + "\(ModeChange.freshness) or more")
        }
        for difference in account.differences {
            found.append("the account that is left differs from the log: \(difference)")
        }
        if evidence.halts.contains(.reconciliation) {
            found.append("a difference halts entries: recount adopt or recount resume ends it")
        }
        return found
    }

    /// The run's own shares and orders at the account that is left.
    private func flatObjections(_ evidence: Evidence) -> [String] {
        guard !adopts else { return [] }
        guard let account = evidence.standing?.account else {
            return ["whether the run is flat is not known: the account was not looked at yet"]
        }
        let own = ModeChange.own(account, evidence.history)
        guard !own.isEmpty || account.openOrders > 0 else { return [] }
        let names = own.map(\.symbol).joined(separator: ", ")
        return [
            "the run is not flat: \(own.count) holdings (\(names)), \(account.openOrders) open "
                + "orders; wait until it is, or leave them behind with --adopt"
        ]
    }

    private static func own(
        _ account: AccountStanding, _ history: AccountHistory
    ) -> [AccountStanding.Position] {
        account.positions.filter { position in
            !history.leftAlone.contains {
                $0.ticker.map { "\($0)" } == Ticker.folded(position.symbol)
            }
        }
    }

    /// What is left behind at the account, in words; nil for nothing.
    public func leftBehind(_ evidence: Evidence) -> String? {
        guard let account = evidence.standing?.account else { return nil }
        let shares = account.positions.map { "\($0.symbol) \($0.quantity)" }
        guard !shares.isEmpty || account.openOrders > 0 else { return nil }
        return "left behind at \(account.account): \(shares.joined(separator: ", ")); "
            + "\(account.openOrders) open orders"
    }

    /// Refuses the change where anything stands against it.
    public func check(_ evidence: Evidence, at now: Instant) throws {
        let objections = objections(evidence, at: now)
        guard objections.isEmpty else {
            throw OperatorRefusal(
                description: "the mode stays as it is: " + objections.joined(separator: "; "))
        }
    }

    /// Records the change, or asks a second person, once nothing stands against it.
    public func record(
        _ evidence: Evidence, run: String, who: String, reason: String, in log: some Log,
        _ ledger: inout OperatorLedger, now: Instant
    ) throws -> OperatorLedger.Recorded {
        try check(evidence, at: now)
        try ledger.read(log)
        return try ledger.record(
            .mode(self, evidence, run: run), who: who, reason: reason, in: log, now: now)
    }

    /// The change as it is recorded.
    func event(
        _ evidence: Evidence, _ envelope: Envelope, who: String, reason: String
    ) -> TradingModeChanged {
        let isLive = mode == .live
        let text = reason + (leftBehind(evidence).map { "; \($0)" } ?? "")
        return TradingModeChanged(
            envelope: envelope,
            follows: evidence.history.latestMode.map { Reference.own($0.position) } ?? .none,
            previous: isLive ? .paper : .live, mode: mode, who: who,
            equity: isLive ? named?.equity : nil, adopts: adopts ? true : nil,
            account: isLive ? named?.account : evidence.history.account(isLive: false),
            text: Array(text.utf8))
    }
}
