public import Events

/// What trading costs: slippage, a broker's commission, and a regulator's fees.
public struct Costs: Hashable, Sendable {
    /// Added to the price of a buy and taken from the price of a sale, basis points.
    public var slippageBasisPoints: Double
    /// Paid on the traded amount, basis points.
    public var commissionBasisPoints: Double
    /// Paid a share, dollars.
    public var commissionPerShare = 0.0
    /// Paid an order, dollars. No part of a label, which knows no size.
    public var commissionPerOrder = 0.0
    /// Taken of sales.
    public var regulatoryFees = RegulatoryFees.none

    /// Costs in basis points a side.
    public init(slippageBasisPoints: Double, commissionBasisPoints: Double) {
        self.slippageBasisPoints = slippageBasisPoints
        self.commissionBasisPoints = commissionBasisPoints
    }

    /// The price that a trade at `marketPrice` gets, dollars a share.
    public func price(_ marketPrice: Double, side: OrderSide) -> Double {
        guard slippageBasisPoints != 0 else { return marketPrice }
        let fraction = slippageBasisPoints / 10_000
        return side == .buy ? marketPrice * (1 + fraction) : marketPrice * (1 - fraction)
    }

    /// The commission on an order of `quantity` filled whole at `price` on a day, a sale's fees
    /// with it; rounded once, to 1e-8 dollars.
    public func commission(
        _ quantity: Quantity, at price: Double, side: OrderSide, on day: Day
    ) -> Money {
        let amount = quantity.shares * price
        var dollars = amount * (commissionBasisPoints / 10_000)
        dollars += quantity.shares * commissionPerShare
        if quantity > .zero { dollars += commissionPerOrder }
        if side == .sell {
            dollars += regulatoryFees.dollars(shares: quantity.shares, amount: amount, on: day)
        }
        return Money(dollars: dollars)
    }

    /// What buying one share at `price` takes from cash, dollars; what an order costs stands apart.
    public func cashPerShare(at price: Double) -> Double {
        price * (1 + commissionBasisPoints / 10_000) + commissionPerShare
    }

    /// What selling one share at `price` on a day brings, dollars, without what an order costs and
    /// without the bound of a fee a trade.
    public func proceedsPerShare(at price: Double, on day: Day) -> Double {
        let proceeds = price * (1 - commissionBasisPoints / 10_000) - commissionPerShare
        guard regulatoryFees != .none else { return proceeds }
        let rates = regulatoryFees.rates(on: day)
        return proceeds - price * rates.ofAmount - rates.perShare
    }

    /// The shares that `cash` pays for at `price`, a fraction; none where it pays for no order.
    public func shares(for cash: Double, at price: Double) -> Double {
        max(cash - commissionPerOrder, 0) / cashPerShare(at: price)
    }
}
