import EventLog
import Events
import Foundation
import Simulation

/// What importers read from a world's files: an edge is sought here without the generator.
struct IngestedFacts {
    struct Slope: CustomStringConvertible {
        var edge: Double
        var error: Double
        var description: String { "\(edge) ± \(error)" }
    }

    private struct Trade: Hashable {
        var filer: String
        var ticker: Ticker
        var filed: Day
        var side: TradeSide
    }

    let skilled: Set<String>
    let people: Int
    private var trades: Set<Trade> = []
    private var days: [Day] = []
    private var index: [Day: Double] = [:]
    private var closes: [Ticker: [Day: Double]] = [:]

    init(_ parameters: SimulationParameters) throws {
        let files = try WrittenWorld(parameters)
        skilled = Set(files.world.skilled.map { files.world.people[$0].name })
        people = files.world.people.count
        let (log, _) = try files.ingested()
        try log.read { record in
            switch try MessageHeader(record.message).templateID {
            case DisclosureFiled.templateID:
                let event = DisclosureFiled(try DisclosureFiledView(record.message))
                trades.insert(
                    Trade(
                        filer: event.filer, ticker: event.ticker, filed: event.filedOn,
                        side: event.side))
            case SessionClosed.templateID:
                let event = SessionClosed(try SessionClosedView(record.message))
                for bar in event.bars { closes[bar.ticker, default: [:]][event.day] = bar.close }
            case IndexClosed.templateID:
                let event = IndexClosed(try IndexClosedView(record.message))
                if event.series == .market {
                    days.append(event.day)
                    index[event.day] = event.adjustedClose ?? event.close
                }
            default: break
            }
            return .proceed
        }
        days.sort()
    }

    /// The edge of the filings of some: the slope of a session's return over the index against the
    /// signed number of filings whose 42 sessions it lies in, times 42; errors clustered by
    /// session.
    func slope(_ isCounted: (String) -> Bool) -> Slope {
        var active: [Ticker: [Double]] = [:]
        for trade in trades where isCounted(trade.filer) {
            guard let first = days.firstIndex(where: { $0 > trade.filed }) else { continue }
            var counts = active[trade.ticker] ?? Array(repeating: 0, count: days.count)
            for session in first..<min(first + 42, days.count) {
                counts[session] += trade.side == .buy ? 1 : -1
            }
            active[trade.ticker] = counts
        }
        var moments = (xy: 0.0, xx: 0.0)
        var products: [[(x: Double, y: Double)]] = Array(repeating: [], count: days.count)
        for (ticker, counts) in active {
            guard let closes = closes[ticker] else { continue }
            for session in 1..<days.count where counts[session] != 0 {
                let (day, before) = (days[session], days[session - 1])
                guard let close = closes[day], let previous = closes[before],
                    let level = index[day], let earlier = index[before]
                else { continue }
                let excess = close / previous / (level / earlier) - 1
                moments.xy += counts[session] * excess
                moments.xx += counts[session] * counts[session]
                products[session].append((counts[session], excess))
            }
        }
        let slope = moments.xy / moments.xx
        var variance = 0.0
        for session in products {
            let score = session.reduce(0) { $0 + $1.x * ($1.y - slope * $1.x) }
            variance += score * score
        }
        return Slope(edge: slope * 42, error: variance.squareRoot() / moments.xx * 42)
    }
}
