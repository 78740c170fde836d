import Backtest
import Events

/// Makes trades of single fills: what closes a position is paired with what opened it, first in
/// first out, so that a partial exit is a trade of its own.
struct FillBook {
    private struct Lot {
        var line: Int
        var quantity: Double
        let at: ForeignMoment
        let price: Double
        /// Costs a share.
        let costs: Double
    }

    private struct Held {
        let symbol: String
        var isShort = false
        var lots: [Lot] = []
    }

    private var positions: [Held] = []

    /// Takes the next fill; gives the trades that it closes.
    mutating func take(_ row: TradeRow, line: Int) throws(TradeRowError) -> [ForeignTrade] {
        let (symbol, signed) = (row.symbol, try row.signedQuantity())
        guard !symbol.isEmpty else { throw TradeRowError("has no ticker") }
        let (at, price) = (try row.fillTime(), try row.fillPrice())
        let costs = row.costs / signed.magnitude
        let index: Int
        if let known = positions.firstIndex(where: { $0.symbol == symbol }) {
            index = known
        } else {
            index = positions.count
            positions.append(Held(symbol: symbol))
        }
        var closed: [ForeignTrade] = []
        var rest = signed.magnitude
        while rest > 1e-9, !positions[index].lots.isEmpty, positions[index].isShort != (signed < 0)
        {
            let lot = positions[index].lots[0]
            let taken = min(rest, lot.quantity)
            closed.append(
                ForeignTrade(
                    line: line, symbol: symbol, isShort: positions[index].isShort,
                    quantity: taken, entry: lot.at, entryPrice: lot.price, exit: at,
                    exitPrice: price, costs: (lot.costs + costs) * taken))
            rest -= taken
            positions[index].lots[0].quantity -= taken
            if positions[index].lots[0].quantity <= 1e-9 { positions[index].lots.removeFirst() }
        }
        if rest > 1e-9 {
            positions[index].isShort = signed < 0
            positions[index].lots.append(
                Lot(line: line, quantity: rest, at: at, price: price, costs: costs))
        }
        return closed
    }

    /// What is still held.
    var held: [ForeignTrade] {
        positions.flatMap { position in
            position.lots.map {
                ForeignTrade(
                    line: $0.line, symbol: position.symbol, isShort: position.isShort,
                    quantity: $0.quantity, entry: $0.at, entryPrice: $0.price, exit: nil,
                    exitPrice: nil, costs: $0.costs * $0.quantity)
            }
        }
    }
}
