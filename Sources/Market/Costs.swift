public import Events

/// What trading costs, in basis points of the traded amount.
public struct Costs: Hashable, Sendable {
    /// Added to the price of a buy and taken from the price of a sale, basis points.
    public var slippageBasisPoints: Double
    /// Paid on the traded amount, basis points.
    public var commissionBasisPoints: Double

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

    /// The commission on `quantity` at `price`; rounded once, to 1e-8 dollars.
    public func commission(_ quantity: Quantity, at price: Double) -> Money {
        Money(dollars: quantity.shares * price * (commissionBasisPoints / 10_000))
    }

    /// What buying one share at `price` takes from cash, dollars.
    public func cashPerShare(at price: Double) -> Double {
        price * (1 + commissionBasisPoints / 10_000)
    }
}
