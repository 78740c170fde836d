import Events

/// One look ahead: what is seen too early, by whom, and by how much.
struct Peek: Hashable, Sendable, CustomStringConvertible {
    /// Who is shown the future.
    enum Decider: String, CaseIterable, Sendable {
        /// Labels that mature, and the regime, at the close.
        case close
        /// The cycle: timeouts, evaluations, sizes and orders.
        case cycle
        /// The weekly pass.
        case weekly
    }

    /// What of a later session is seen in place of the latest one's.
    enum Sight: String, CaseIterable, Sendable {
        case open, high, low, close, volume, bar, index, volatility
    }

    /// What of the ticker's filing that comes later is read in place of a filing's own.
    enum Field: String, CaseIterable, Sendable {
        case side, amount, filer, tradedOn, party, ticker
    }

    /// What the future keeps from being done at all.
    enum Restraint: String, CaseIterable, Sendable {
        /// No cycle before the market falls.
        case cycle
        /// No weekly pass before the market falls.
        case weekly
        /// No reading of a filing whose ticker falls.
        case filing
    }

    enum Kind: Hashable, Sendable {
        case session(Decider, Sight)
        case filing(Field)
        /// Filings known so many days before they are filed.
        case early
        case restraint(Restraint)
        /// Sectors of the reference file that comes later.
        case sector
        /// Seats on committees of the reference file that comes later.
        case committee
    }

    let kind: Kind
    /// Sessions, filings or days.
    let lag: Int

    var description: String {
        switch kind {
        case .session(let decider, let sight): "\(decider) sees the \(sight) of \(lag) ahead"
        case .filing(let field): "the \(field) of the filing \(lag) ahead"
        case .early: "filings \(lag) days early"
        case .restraint(let restraint): "no \(restraint) before a fall over \(lag) sessions"
        case .sector: "sectors of the file \(lag) ahead"
        case .committee: "seats on committees of the file \(lag) ahead"
        }
    }

    /// Every look ahead of the table that can change a decision: the cycle reads no open, labels
    /// read neither volume nor, without a take-profit, a high, and no volatility index. A label is
    /// used from the session of its maturity on, whose low and close it does not read: to see them
    /// a session early is to see what is known when it is used.
    static let all: [Peek] = {
        var all: [Peek] = []
        for lag in [1, 2, 5, 21] {
            for decider in Decider.allCases {
                for sight in Sight.allCases where sees(decider, sight, lag) {
                    all.append(Peek(kind: .session(decider, sight), lag: lag))
                }
            }
            all += Field.allCases.map { Peek(kind: .filing($0), lag: lag) }
            all += Restraint.allCases.map { Peek(kind: .restraint($0), lag: lag) }
            all.append(Peek(kind: .early, lag: lag))
        }
        for lag in [1, 2] {
            all.append(Peek(kind: .sector, lag: lag))
            all.append(Peek(kind: .committee, lag: lag))
        }
        return all
    }()

    private static func sees(_ decider: Decider, _ sight: Sight, _ lag: Int) -> Bool {
        switch (decider, sight) {
        case (.close, .low): lag > 1
        // A trailing stop seldom binds within days.
        case (.close, .close): lag > 5
        case (.close, .high), (.close, .volume), (.close, .volatility): false
        case (.cycle, .open), (.weekly, .open): false
        default: true
        }
    }
}
