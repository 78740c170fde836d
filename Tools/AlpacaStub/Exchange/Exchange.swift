public import Brokerage
public import Events
import Market

/// An exchange and the broker in front of it, by a clock that it is given: no I/O, and the same
/// calls give the same answers.
///
/// Prices come of daily bars: a session opens at the open, is at the low after a third of its
/// hours, at the high after two, and closes at the close. Orders are filled where that path meets
/// them.
public struct Exchange: Sendable {
    /// A day's prices, as traded.
    public struct Bar: Hashable, Sendable {
        var open, high, low, close: Double

        /// Prices in dollars.
        public init(open: Double, high: Double, low: Double, close: Double) {
            (self.open, self.high, self.low, self.close) = (open, high, low, close)
        }
    }

    struct BarKey: Hashable, Sendable {
        let day: Day
        let asset: Int
    }

    /// A share. Its id stays when its symbol changes.
    struct Asset: Sendable {
        let id: String
        var symbol: String
        var isTradable = true
        var isHalted = false
        var lastTrade: Price?
        /// Shares held, what they cost, and how many were bought today.
        var held = Quantity.zero
        var cost = Money.zero
        var boughtToday = Quantity.zero

        init(id: String, symbol: String) {
            (self.id, self.symbol) = (id, symbol)
        }
    }

    /// What it does where brokers differ.
    public var rules: ExchangeRules
    /// The time.
    public internal(set) var now: Instant
    /// The account's id and number.
    public internal(set) var accountID: String
    /// The number of the account, as a person knows it; nil for one that its id makes, of paper.
    public var givenNumber: String?
    /// The number of the account.
    public var accountNumber: String {
        givenNumber ?? "PA" + accountID.filter { $0 != "-" }.prefix(10).uppercased()
    }
    /// Cash, dollars.
    public internal(set) var cash: Money
    /// Fees that are owed.
    public internal(set) var accruedFees = Money.zero
    /// Settings of the account.
    public var (noShorting, maxMarginMultiplier, isActive) = (true, "1", true)
    /// All orders, as they came.
    public internal(set) var orders: [ExchangeOrder] = []
    /// Every change of an order, as it came.
    public internal(set) var updates: [ExchangeUpdate] = []
    /// What moved shares or cash, as it came.
    public internal(set) var activities: [BrokerActivity] = []
    var assets: [Asset] = []
    var symbols = Lookup<String, Int>()
    var bars = Lookup<BarKey, Bar>()
    /// Places in `orders`, ascending, of those that are open.
    var open: [Int] = []
    var byClientID = Lookup<String, Int>()
    var byID = Lookup<String, Int>()
    var executions: [PendingExecution] = []
    var actions: [Action] = []
    var chance: SeededChance
    var ids: SeededChance
    var counted = 0

    /// An exchange at an instant, and an account with cash.
    public init(now: Instant, cash: Money, rules: ExchangeRules = ExchangeRules()) {
        (self.now, self.cash, self.rules) = (now, cash, rules)
        chance = SeededChance(seed: rules.seed)
        ids = SeededChance(seed: rules.seed ^ 0xA1FA)
        accountID = ""
        accountID = newID()
    }

    /// An id in the form of a UUID, the next of its seed.
    mutating func newID() -> String {
        func hexadecimal(_ bits: UInt64) -> String {
            let digits = String(bits, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }
        let digits = Array(hexadecimal(ids.next()) + hexadecimal(ids.next()))
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
        return parts.joined(separator: "-")
    }

    // MARK: What the world puts in

    /// Lists a share under a symbol.
    @discardableResult
    public mutating func list(_ symbol: String) -> String {
        if let known = symbols[symbol] { return assets[known].id }
        let asset = Asset(id: newID(), symbol: symbol)
        symbols[symbol] = assets.count
        assets.append(asset)
        return asset.id
    }

    /// Gives the prices of a share on a date, by its symbol now.
    public mutating func put(_ bar: Bar, _ symbol: String, on day: Day) {
        list(symbol)
        guard let asset = symbols[symbol] else { return }
        bars[BarKey(day: day, asset: asset)] = bar
    }

    /// Halts or resumes a share: what is halted is not filled.
    public mutating func halt(_ symbol: String, _ isHalted: Bool = true) {
        if let place = symbols[symbol] { assets[place].isHalted = isHalted }
    }

    /// Makes a share tradable or not: orders for it are refused.
    public mutating func setTradable(_ symbol: String, _ isTradable: Bool) {
        if let place = symbols[symbol] { assets[place].isTradable = isTradable }
    }

    /// Changes a position without a trade: what a person or another program did elsewhere.
    public mutating func setPosition(
        _ symbol: String, _ quantity: Quantity, cost: Money? = nil
    ) {
        list(symbol)
        guard let place = symbols[symbol] else { return }
        assets[place].held = quantity
        if let cost { assets[place].cost = cost }
    }

    /// Moves cash in or out, with its activity.
    public mutating func transfer(_ amount: Money) {
        cash += amount
        record(.transfer, nil, amount)
    }

    /// Moves cash in or out without a word about it.
    public mutating func transferUnseen(_ amount: Money) { cash += amount }

    /// Begins a new account with nothing but cash, as a reset of a paper account does.
    public mutating func reset(cash: Money) {
        accountID = newID()
        (self.cash, accruedFees) = (cash, .zero)
        (orders, updates, activities, open, executions) = ([], [], [], [], [])
        byClientID.removeAll()
        byID.removeAll()
        for place in assets.indices {
            (assets[place].held, assets[place].cost) = (.zero, .zero)
            assets[place].boughtToday = .zero
        }
    }

    mutating func record(_ kind: BrokerActivity.Kind, _ symbol: String?, _ amount: Money) {
        counted += 1
        // Ascending as text, since that is how they are paged.
        let number = String(counted)
        let padded = String(repeating: "0", count: max(0, 9 - number.utf8.count)) + number
        let day = NewYorkTime.local(now).day
        let date = day.description.filter { $0 != "-" }
        // Of what is no trade a broker tells the date alone.
        let at = if case .fill = kind { now } else { Instant(day) }
        activities.append(
            BrokerActivity(
                id: "\(date)\(padded)::\(newID())", kind: kind, at: at, symbol: symbol,
                amount: amount))
    }
}
