import Events
import Testing

@testable import Market

@Suite("What a regulator and a broker take")
struct RegulatoryFeesTests {
    private func day(_ year: Int, _ month: Int, _ day: Int) -> Day {
        Day(year: year, month: month, day: day)!
    }

    @Test("each rate holds from its day to the day before the next; before the first there is none")
    func days() {
        let us = RegulatoryFees.us
        // SEC Fee Rate Advisory #3 of 2018: 23.10 through May 21, 13.00 on and after May 22.
        #expect(us.rates(on: day(2018, 5, 21)).ofAmount == 23.10 / 1_000_000)
        #expect(us.rates(on: day(2018, 5, 22)).ofAmount == 13.00 / 1_000_000)
        // FINRA Regulatory Notice 12-06: .000095 with a bound of 4.75 from March 1, 2012.
        #expect(us.rates(on: day(2012, 2, 29)).perShare == 0.000090)
        #expect(us.rates(on: day(2012, 3, 1)).perShare == 0.000095)
        #expect(us.rates(on: day(2012, 3, 1)).perShareLimit == 4.75)
        #expect(us.rates(on: day(2025, 6, 2)).ofAmount == 0, "May 2025 to April 2026 cost nothing")
        #expect(us.rates(on: day(2011, 6, 30)) == RegulatoryFees.Rates())
        #expect(RegulatoryFees.none.rates(on: day(2018, 5, 22)) == RegulatoryFees.Rates())
        let days = [
            RegulatoryFees.section31.map(\.from), RegulatoryFees.tradingActivity.map(\.from),
        ]
        #expect(days == days.map { $0.sorted() })
    }

    @Test("a sale pays a share of its amount and some dollars a share, up to the bound of a trade")
    func sale() {
        let us = RegulatoryFees.us
        let on = day(2019, 1, 2)
        #expect(
            abs(us.dollars(shares: 100, amount: 5_000, on: on) - (5_000 * 13e-6 + 0.0119)) < 1e-12)
        #expect(
            abs(us.dollars(shares: 1e6, amount: 1e6, on: on) - (13 + 5.95)) < 1e-9,
            "119 dollars a million shares, bound to 5.95")
        #expect(RegulatoryFees.none.dollars(shares: 1e6, amount: 1e6, on: on) == 0)
    }

    @Test("an order pays basis points, dollars a share and an order; fees only where it sells")
    func orders() {
        var costs = Costs(slippageBasisPoints: 0, commissionBasisPoints: 10)
        costs.commissionPerShare = 0.005
        costs.commissionPerOrder = 1
        costs.regulatoryFees = .us
        let (shares, on) = (Quantity(shares: 200), day(2019, 1, 2))
        let commission = Money(dollars: 200 * 50 * 0.001 + 200 * 0.005 + 1)
        #expect(costs.commission(shares, at: 50, side: .buy, on: on) == commission)
        let fees = Money(dollars: 10_000 * 13e-6 + 200 * 0.000119)
        #expect(costs.commission(shares, at: 50, side: .sell, on: on) == commission + fees)
        #expect(costs.commission(.zero, at: 50, side: .sell, on: on) == .zero)
        #expect(abs(costs.cashPerShare(at: 50) - 50.055) < 1e-12)
        #expect(
            abs(costs.proceedsPerShare(at: 50, on: on) - (50 - 0.055 - 50 * 13e-6 - 0.000119))
                < 1e-12)
        #expect(abs(costs.shares(for: 501.55, at: 50) - 10) < 1e-12, "the order's dollar first")
        #expect(costs.shares(for: 0.5, at: 50) == 0, "too little for an order buys nothing")
    }
}
