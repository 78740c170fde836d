import EventLog
import Events
import FeedbackLoop
import Learning
import Market
import Pipeline
import TestKit
import TestWorlds
import Testing

/// `skilled_flow` of every evaluation, computed again from facts and evaluations alone.
@Suite("Skilled flow")
struct SkilledFlowTests {
    /// A purchase or sale that a filing told of.
    private struct Trade: Hashable {
        let filer: String
        let isBuy: Bool
        let filedOn: Day
    }

    /// What is known of an evaluation.
    private struct Evaluation {
        let row: TrainingRow
        let filings: [UInt64]
    }

    private let folder = TemporaryFolder()

    @Test("it is the sum that the catalogue promises, and reads mature trades alone")
    func recomputed() throws {
        let world = SmallWorld(sessions: 420)
        let timeline = try SmallWorld.log(
            world.facts, kind: .timeline, at: "\(folder.path)/timeline")
        let loop = try SmallWorld.strategy(SmallWorld.settings + ["train=false"])
        _ = try Run.make(loop, timeline: timeline, at: "\(folder.path)/run")
        let evaluations = try evaluations(try EventLog.open(at: "\(folder.path)/run"))
        let trades = try trades(timeline)
        var seen = Lookup<Ticker, [UInt64]>()
        var record = Lookup<String, [Double]>()
        var waiting: [(Reference, [Trade], Double)] = []
        var held = LabelBook(rules: rules(loop.configuration.labelRules))
        var prices = PriceBook(historySessions: 300)
        var index = IndexBook()
        var isKnown = false
        var (known, positive) = (0, 0)
        for fact in world.facts {
            let template = try MessageHeader(fact.span.bytes).templateID
            if template == IndexClosed.templateID {
                index.close(try IndexClosedView(fact.span.bytes))
            }
            guard template == SessionClosed.templateID else { continue }
            let session = try SessionClosedView(fact.span.bytes)
            prices.close(session.bars, of: session.day)
            for row in held.close(prices, index, day: session.day) {
                guard let (_, trades, range) = waiting.first(where: { $0.0 == row.signal }),
                    let label = row.label
                else { continue }
                isKnown = true
                for trade in trades {
                    let ranges = min(max(label.netReturn / range, -16), 16)
                    record[trade.filer, default: []].append(trade.isBuy ? ranges : -ranges)
                }
            }
            for evaluation in evaluations where evaluation.row.decidedOn == session.day {
                var row = evaluation.row
                let stored = Double(row.features[FeatureCatalogue.skilledFlow])
                let counted = distinct(evaluation.filings.compactMap { trades[$0] })
                let expected = flow(counted, record, session.day, isKnown)
                #expect(stored.isNaN == expected.isNaN, "\(row.ticker) \(session.day)")
                if !expected.isNaN {
                    #expect(abs(stored - expected) <= 1e-6, "\(row.ticker) \(session.day)")
                    known += 1
                    positive += stored == 0 ? 0 : 1
                }
                let new = evaluation.filings.filter { !(seen[row.ticker] ?? []).contains($0) }
                seen[row.ticker, default: []] += new
                guard !new.isEmpty, let slot = prices.slot(of: row.ticker),
                    let range = prices.averageTrueRange(slot, length: 20),
                    let close = prices.bar(slot)?.close
                else { continue }
                row.session = prices.sessions - 1
                held.add(row, averageTrueRange: range, slot: slot)
                waiting.append(
                    (row.signal, distinct(new.compactMap { trades[$0] }), range / close))
            }
        }
        #expect(known > 1_000, "\(known)")
        #expect(positive > 300, "\(positive)")
    }

    private func flow(
        _ trades: [Trade], _ record: borrowing Lookup<String, [Double]>, _ day: Day,
        _ isKnown: Bool
    ) -> Double {
        guard isKnown else { return .nan }
        var sum = 0.0
        for trade in trades {
            let age = Double(day - trade.filedOn) / 20
            guard age < 1, let values = record[trade.filer] else { continue }
            let mean = values.reduce(0, +) / Double(values.count + 30)
            sum += (trade.isBuy ? 1 : -1) * max(mean, 0) * (1 - age)
        }
        return sum
    }

    private func rules(_ traded: LabelRules) -> LabelRules {
        var rules = traded
        rules.costs = Costs(slippageBasisPoints: 0, commissionBasisPoints: 0)
        (rules.stopMultiple, rules.trailingFraction, rules.takeProfitFraction) = (0, 0, 0)
        return rules
    }

    private func distinct(_ trades: [Trade]) -> [Trade] {
        trades.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private func trades(_ timeline: EventLog) throws -> Lookup<UInt64, Trade> {
        var trades = Lookup<UInt64, Trade>()
        try timeline.read { record in
            if let event = try? DisclosureFiled(message: record.message) {
                trades[record.position] = Trade(
                    filer: event.filer, isBuy: event.side == .buy, filedOn: event.filedOn)
            }
            return .proceed
        }
        return trades
    }

    private func evaluations(_ log: EventLog) throws -> [Evaluation] {
        var evaluations: [Evaluation] = []
        try log.read { record in
            if let event = try? SignalGenerated(message: record.message) {
                evaluations.append(
                    evaluation(
                        record.position, event.ticker, event.day, event.features.map(\.value),
                        event.filings.map { $0.filing.position }))
            } else if let event = try? SignalSuppressed(message: record.message) {
                evaluations.append(
                    evaluation(
                        record.position, event.ticker, event.day, event.features.map(\.value),
                        event.filings.map { $0.filing.position }))
            }
            return .proceed
        }
        return evaluations
    }

    private func evaluation(
        _ position: UInt64, _ ticker: Ticker, _ day: Day, _ features: [Float], _ filings: [UInt64]
    ) -> Evaluation {
        Evaluation(
            row: TrainingRow(
                signal: .own(position), ticker: ticker, decidedOn: day, session: 0,
                features: features, heuristic: 0, arms: []), filings: filings)
    }
}
