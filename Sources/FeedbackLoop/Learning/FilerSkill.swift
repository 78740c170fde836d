import Events
import Learning
import Market

/// How far prices went each filer's way after their filings, over trades that are mature.
///
/// It asks the label simulator for the trade that nothing ends but the timeout. A stop ends most
/// trades within two weeks, so that a stopped trade holds about half the signal-to-noise of one
/// held on: enough to label what is executed, too little to tell who is right.
struct FilerSkill: Sendable {
    /// A purchase or sale that a filing told of, however many lots it came in.
    struct Trade: Hashable, Sendable {
        /// The filer's number.
        let filer: Int
        /// Bought, or sold.
        let isBuy: Bool
        /// When it was filed.
        let filedOn: Day
    }

    /// The trades of one filer.
    private struct Record: Sendable {
        var trades = 0
        var sum = 0.0
    }

    /// What waits for a label: the trades that an evaluation was the first to read, and the
    /// ticker's average true range as a fraction of its price.
    private struct Waiting: Sendable {
        let trades: [Trade]
        let range: Double
    }

    /// Trades of a filer that count for nothing: the mean of a filer with as many is halved.
    static let prior = 30.0
    /// Most average true ranges that one trade may count for, about four standard deviations.
    static let most = 16.0

    private let timeoutDays: Int
    private var held: LabelBook
    private var waiting = Awaited<Waiting>()
    private var records: [Record] = []
    private var isKnown = false

    init(_ configuration: LoopConfiguration) {
        timeoutDays = configuration.timeoutDays
        held = LabelBook(rules: configuration.heldRules)
    }

    /// The distinct trades of rows.
    static func trades(_ rows: [DisclosureBook.Row]) -> [Trade] {
        var trades: [Trade] = []
        for row in rows {
            let trade = Trade(filer: row.filer, isBuy: row.isBuy, filedOn: row.filedOn)
            if !trades.contains(trade) { trades.append(trade) }
        }
        return trades
    }

    /// An evaluation was the first to read these trades; without a range nothing measures them.
    mutating func expect(
        _ trades: [Trade], _ evaluation: TrainingRow, averageTrueRange: Double?, close: Double?,
        slot: Int?
    ) {
        guard !trades.isEmpty, let averageTrueRange, averageTrueRange > 0, let close, close > 0
        else { return }
        var row = evaluation
        row.features = []
        held.add(row, averageTrueRange: averageTrueRange, slot: slot)
        waiting.add(Waiting(trades: trades, range: averageTrueRange / close), for: row.signal)
    }

    /// A session closed: trades that it made mature count from now on.
    mutating func close(
        _ prices: borrowing PriceBook, _ index: borrowing IndexBook, day: Day
    ) {
        for (waited, row) in waiting.take(held.close(prices, index, day: day)) {
            guard let label = row.label else { continue }
            let most = FilerSkill.most
            let ranges = min(max(label.netReturn / waited.range, -most), most)
            for trade in waited.trades { count(trade, ranges) }
        }
    }

    private mutating func count(_ trade: Trade, _ ranges: Double) {
        while records.count <= trade.filer { records.append(Record()) }
        records[trade.filer].trades += 1
        records[trade.filer].sum += trade.isBuy ? ranges : -ranges
        isKnown = true
    }

    /// Σ s · max(μ, 0) · (1 − age / timeout) over trades filed within the timeout before `day`; NaN
    /// before the first mature trade.
    func flow(_ trades: [Trade], _ day: Day) -> Double {
        guard isKnown else { return .nan }
        var sum = 0.0
        for trade in trades where trade.filer < records.count {
            let record = records[trade.filer]
            let age = Double(day - trade.filedOn) / Double(timeoutDays)
            guard age < 1 else { continue }
            let mean = record.sum / (Double(record.trades) + FilerSkill.prior)
            sum += (trade.isBuy ? 1 : -1) * max(mean, 0) * (1 - age)
        }
        return sum
    }
}
