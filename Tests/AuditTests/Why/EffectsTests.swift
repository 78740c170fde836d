import Audit
import EventLog
import Events
import TestWorlds
import Testing

@Suite("Effects")
struct EffectsTests {
    @Test("the settings' trades are all trades, and come to the outcomes' money")
    func sum() throws {
        for run in [try AskedRun.small.get(), try AskedRun.learning.get()] {
            let effects = try run.why().effects(WhyQuestion(kind: "setting", id: nil))
            let outcomes = try run.all(OutcomeRecorded.self).map(\.event)
            #expect(!outcomes.isEmpty)
            #expect(effects.closed.count == outcomes.count)
            #expect(effects.result == outcomes.reduce(.zero) { $0 + $1.returnDollars })
            #expect(effects.count(.win) == outcomes.count { $0.outcome == .win })
            let signals = try run.all(SignalGenerated.self).count
            #expect(effects.signals == signals)
            #expect(
                effects.evaluations == signals + (try run.all(SignalSuppressed.self).count))
        }
    }

    @Test("a filing's effects are the evaluations that it counted in, and their trades")
    func filing() throws {
        let run = try AskedRun.small.get()
        let order = try #require(
            try run.all(OrderSubmitted.self).first { $0.event.leg == .entry })
        let signals = try run.all(SignalGenerated.self)
        let own = try #require(signals.first { $0.at == order.event.signal })
        let filing = try #require(own.event.filings.first?.filing)
        let suppressed = try run.all(SignalSuppressed.self)
        func counts(_ filings: [Reference], _ newest: Reference) -> Bool {
            filings.contains(filing) || newest == filing
        }
        let parts = signals.filter { counts($0.event.filings.map(\.filing), $0.event.newestFiling) }
        let others = suppressed.filter {
            counts($0.event.filings.map(\.filing), $0.event.newestFiling)
        }
        let effects = try run.why().effects(WhyQuestion(kind: "filing", id: "\(filing)"))
        #expect(effects.signals == parts.count)
        #expect(effects.evaluations == parts.count + others.count)
        #expect(effects.trades.contains { $0.entry == order.at })
        let entries = try run.all(OrderSubmitted.self).filter { order in
            order.event.leg == .entry && parts.contains { $0.at == order.event.signal }
        }
        #expect(effects.entries == entries.count)
        let outcomes = try run.all(OutcomeRecorded.self).filter { outcome in
            entries.contains { $0.at == outcome.event.entryOrder }
        }
        #expect(effects.result == outcomes.reduce(.zero) { $0 + $1.event.returnDollars })
    }

    @Test("a model led to what it was champion of; what it was asked in shadow is counted apart")
    func model() throws {
        let run = try AskedRun.learning.get()
        let evaluations = try run.all(SignalGenerated.self)
        let suppressed = try run.all(SignalSuppressed.self)
        for model in try run.all(ModelTrained.self).prefix(6) {
            let question = try WhyQuestion(kind: "model", id: "\(model.at)")
            let effects = try run.why().effects(question)
            #expect(
                effects.evaluations == evaluations.count { $0.event.champion == model.at }
                    + suppressed.count { $0.event.champion == model.at })
        }
    }

    @Test("as of a moment nothing later is counted")
    func asOf() throws {
        let run = try AskedRun.small.get()
        let outcomes = try run.all(OutcomeRecorded.self)
        let half = outcomes[outcomes.count / 2]
        let effects = try run.why(AsOf(.event(half.at)))
            .effects(WhyQuestion(kind: "setting", id: nil))
        #expect(effects.closed.count == outcomes.count { $0.at <= half.at })
    }
}
