public import Events

/// The fees that a regulator takes of each sale and that brokers pass on.
///
/// `us`: Section 31 of the Securities Exchange Act (SEC), dollars a million of what is sold, and
/// FINRA's trading activity fee (TAF), dollars a share up to a bound a trade. Each rate holds from
/// the day beside it until the next; the tables with their sources: Documentation/costs.md.
public enum RegulatoryFees: String, CaseIterable, Hashable, Sendable {
    /// Sales cost no fee.
    case none
    /// Those of the United States; nothing before the first day of the tables.
    case us

    /// The rates of one day.
    public struct Rates: Hashable, Sendable {
        /// Taken of what is sold, a fraction.
        public var ofAmount = 0.0
        /// Taken a share that is sold, dollars.
        public var perShare = 0.0
        /// Most of `perShare` a trade, dollars.
        public var perShareLimit = 0.0
    }

    /// The rates in force on a day.
    public func rates(on day: Day) -> Rates {
        guard self == .us else { return Rates() }
        var rates = Rates()
        // A fill is recent more often than not.
        if let row = RegulatoryFees.section31.last(where: { $0.from <= day }) {
            rates.ofAmount = row.perMillion / 1_000_000
        }
        if let row = RegulatoryFees.tradingActivity.last(where: { $0.from <= day }) {
            (rates.perShare, rates.perShareLimit) = (row.perShare, row.limit)
        }
        return rates
    }

    /// What a sale on a day costs, dollars.
    public func dollars(shares: Double, amount: Double, on day: Day) -> Double {
        guard self != .none else { return 0 }
        let rates = rates(on: day)
        return amount * rates.ofAmount + min(shares * rates.perShare, rates.perShareLimit)
    }

    /// SEC, dollars a million, ascending by day.
    static let section31: [(from: Day, perMillion: Double)] = [
        (day(2011, 7, 1), 19.20), (day(2012, 2, 21), 18.00), (day(2012, 4, 1), 22.40),
        (day(2013, 5, 25), 17.40), (day(2014, 3, 18), 22.10), (day(2015, 2, 14), 18.40),
        (day(2016, 2, 16), 21.80), (day(2017, 7, 4), 23.10), (day(2018, 5, 22), 13.00),
        (day(2019, 4, 16), 20.70), (day(2020, 2, 18), 22.10), (day(2021, 2, 25), 5.10),
        (day(2022, 5, 14), 22.90), (day(2023, 2, 27), 8.00), (day(2024, 5, 22), 27.80),
        (day(2025, 5, 14), 0), (day(2026, 4, 4), 20.60),
    ]

    /// FINRA, dollars a share and most a trade, ascending by day.
    static let tradingActivity: [(from: Day, perShare: Double, limit: Double)] = [
        (day(2011, 7, 1), 0.000090, 4.50), (day(2012, 3, 1), 0.000095, 4.75),
        (day(2012, 7, 1), 0.000119, 5.95), (day(2022, 1, 1), 0.000130, 6.49),
        (day(2023, 1, 1), 0.000145, 7.27), (day(2024, 1, 1), 0.000166, 8.30),
        (day(2026, 1, 1), 0.000195, 9.79),
    ]

    private static func day(_ year: Int, _ month: Int, _ day: Int) -> Day {
        guard let day = Day(year: year, month: month, day: day) else {
            preconditionFailure("no such date")
        }
        return day
    }
}
