import EventLog
import Events
import FeedbackLoop
import Pipeline
import Projections
import TestKit
import TestWorlds
import Testing

@testable import Audit

@Suite("Why")
struct WhyTests {
    @Test("a holding's tree reaches each filing that counted, as it was filed")
    func holding() throws {
        let run = try AskedRun.small.get()
        let orders = try run.all(OrderSubmitted.self).filter { $0.event.leg == .entry }
        let fills = try run.all(OrderFilled.self)
        var asked = 0
        for order in orders {
            guard let fill = fills.first(where: { $0.event.order == order.at }) else { continue }
            let answer = try run.ask("holding", "\(order.event.ticker)", AsOf(.event(fill.at)))
            let nodes = answer.all
            #expect(answer.event == order.at)
            let signal = try run.event(SignalGenerated.self, order.event.signal)
            #expect(!signal.filings.isEmpty)
            for filing in signal.filings {
                let row = try run.event(DisclosureFiled.self, filing.filing).row
                let node = try #require(nodes.first { $0.event == filing.filing })
                #expect(node.source?.text == String(decoding: row, as: UTF8.self))
            }
            for needed in [order.event.signal, fill.at, .own(1)] {
                #expect(nodes.contains { $0.event == needed }, "\(needed)")
            }
            #expect(nodes.contains { $0.type == SessionClosed.messageName })
            asked += 1
        }
        #expect(asked > 20)
    }

    @Test("what is sold is held no more, and the answer says where to ask")
    func sold() throws {
        let run = try AskedRun.small.get()
        let outcome = try #require(try run.all(OutcomeRecorded.self).first)
        let asOf = AsOf(.event(outcome.at))
        #expect(throws: WhyError.self) {
            try run.ask("holding", "\(outcome.event.ticker)", asOf)
        }
        let exit = try run.ask("exit", "\(outcome.event.ticker)", asOf)
        #expect(exit.all.contains { $0.event == outcome.event.entryOrder })
    }

    @Test("a holding is found by every event that it is printed with, also once it is sold")
    func holdingByReference() throws {
        let run = try AskedRun.small.get()
        let fills = try run.all(OrderFilled.self)
        let exits = try run.all(ExitTriggered.self)
        var asked = 0
        for outcome in try run.all(OutcomeRecorded.self).prefix(10) {
            let entry = outcome.event.entryOrder
            let order = try run.event(OrderSubmitted.self, entry)
            let bought = fills.filter { $0.event.order == entry && $0.event.side == .buy }
            let sold = try #require(outcome.event.exitDay)
            let shares = bought.reduce(Quantity.zero) { $0 + $1.event.quantity }
            let names =
                [entry, order.signal, outcome.at, outcome.event.exitFill] + bought.map(\.at)
                + exits.filter { $0.event.holding == entry }.map(\.at)
            #expect(names.count > 5)
            for name in names {
                let answer = try run.ask("holding", "\(name)")
                #expect(answer.event == entry, "\(name)")
                #expect(
                    answer.title
                        == "\(WhyNumbers.shares(shares)) of \(order.ticker) were held since "
                        + "\(bought[0].event.filledOn), until \(sold)")
                #expect(answer.all.contains { $0.event == outcome.event.exitFill })
            }
            // As of the moment at which it was bought it is held, as the ticker says too.
            let then = AsOf(.event(bought[0].at))
            #expect(
                try run.ask("holding", "\(entry)", then).json
                    == run.ask("holding", "\(order.ticker)".lowercased(), then).json)
            #expect(
                try run.why().effects(WhyQuestion(kind: "holding", id: "\(bought[0].at)")).event
                    == entry)
            asked += 1
        }
        #expect(asked == 10)
        let session = try #require(try run.all(RegimeChanged.self).first).at
        let skip = try #require(try run.all(SignalSkipped.self).first)
        for wrong in [session, skip.event.signal, skip.at] {
            #expect(throws: WhyError.self) { try run.ask("holding", "\(wrong)") }
        }
    }

    @Test("no signal by the evaluation's reference is the evaluation, and of anything else none")
    func noSignalByReference() throws {
        let run = try AskedRun.small.get()
        let suppressed = try #require(try run.all(SignalSuppressed.self).last)
        let answer = try run.ask("no-signal", "\(suppressed.at)")
        #expect(answer.event == suppressed.at && answer.title.hasPrefix("No signal for "))
        let signal = try #require(try run.all(SignalGenerated.self).last)
        let there = try run.ask("no-signal", "\(signal.at)")
        #expect(there.sentences[0].hasPrefix("There was a signal after this session."))
        let order = try #require(try run.all(OrderSubmitted.self).last)
        #expect(throws: WhyError.self) { try run.ask("no-signal", "\(order.at)") }
    }

    @Test("a skip's margin is the distance of its confidence from the threshold")
    func margin() throws {
        let run = try AskedRun(
            facts: SmallWorld().facts, settings: SmallWorld.settings + ["queue_threshold=0.7"])
        var asked = 0
        for skip in try run.all(SignalSkipped.self)
        where skip.event.reason == .belowQueueThreshold {
            let signal = try run.event(SignalGenerated.self, skip.event.signal)
            let answer = try run.ask("skip", "\(skip.at)")
            let missed = try #require(answer.figures.last)
            #expect(missed.isMet == false)
            #expect(missed.value == signal.confidence)
            // The settings ask for .70, and in a risky regime for .02 more of a buy.
            let isRisky = signal.regime == .bear || signal.regime == .volatile
            let isBuy = signal.kind == .buy || signal.kind == .strongBuy
            #expect(missed.bound == (isRisky && isBuy ? 0.72 : 0.7))
            let distance = try #require(missed.bound) - signal.confidence
            #expect(
                missed.distance
                    == "\(WhyNumbers.share(distance)) under the threshold "
                    + WhyNumbers.share(missed.bound ?? 0))
            #expect(answer.title.contains(missed.distance ?? "nothing"))
            asked += 1
        }
        #expect(asked > 3)
    }

    @Test("what the portfolio had against a signal is found again by the loop's own rules")
    func recomputed() throws {
        let run = try AskedRun.small.get()
        var seen: [SkipReason: Int] = [:]
        for skip in try run.all(SignalSkipped.self) {
            guard seen[skip.event.reason, default: 0] < 2 else { continue }
            seen[skip.event.reason, default: 0] += 1
            let answer = try run.ask("skip", "\(skip.at)", recomputes: true)
            switch skip.event.reason {
            case .alreadyHeld:
                #expect(answer.causes.contains { $0.role == "the holding" })
            case .sellWithoutHolding:
                #expect(!answer.causes.contains { $0.role == "the holding" })
            case .belowQueueThreshold:
                #expect(answer.figures.allSatisfy { $0.origin == .recorded })
            default:
                let missed = answer.figures.filter { $0.isMet == false }
                #expect(missed.count == 1, "\(skip.event.reason)")
                #expect(answer.figures.last?.isMet == false)
                #expect(missed.first?.origin == .recomputed)
            }
        }
        #expect(seen.count > 3, "\(seen)")
    }

    @Test("the arithmetic of every evaluation comes to what was recorded, suppressed or not")
    func arithmetic() throws {
        for run in [try AskedRun.small.get(), try AskedRun.learning.get()] {
            let text = try run.event(ConfigurationChanged.self, .own(1)).text
            let settings = try #require(
                try LoopConfiguration.recorded(String(decoding: text, as: UTF8.self)))
            for signal in try run.all(SignalGenerated.self) {
                let account = EvaluationAccount(signal.event, suppressed: nil, settings)
                #expect(account.agrees, "\(signal.at)")
                #expect(account.checks.allSatisfy { $0.isMet })
                #expect(
                    account.terms.reduce(0) { $0 + $1.hundredths } == account.heuristicHundredths)
            }
            for evaluation in try run.all(SignalSuppressed.self) {
                let account = EvaluationAccount(
                    SignalGenerated(evaluation.event), suppressed: evaluation.event.reason,
                    settings)
                #expect(account.agrees, "\(evaluation.at)")
                #expect(account.checks.count { !$0.isMet } == 1)
                #expect(account.checks.last?.isMet == false)
            }
        }
    }

    @Test("where filings and model say opposite things, the answer says so and names the model")
    func opposite() throws {
        let run = try AskedRun.learning.get()
        let suppressed = try #require(
            try run.all(SignalSuppressed.self).first { $0.event.reason == .oppositeDirections })
        let answer = try run.ask("signal", "\(suppressed.at)")
        #expect(answer.title.contains("the filings and the model say opposite things"))
        #expect(answer.figures.last?.isMet == false)
        let nodes = answer.all
        let model = try #require(nodes.first { $0.event == suppressed.event.champion })
        #expect(model.type == ModelTrained.messageName)
        #expect(
            try run.ask("no-signal", "\(suppressed.event.ticker)", AsOf(.event(suppressed.at)))
                .event == suppressed.at)
    }

    @Test("a model's answer has its training run, and its rows by part and label")
    func model() throws {
        let run = try AskedRun.learning.get()
        let model = try #require(try run.all(ModelTrained.self).last)
        let answer = try run.ask("model", "\(model.at)")
        func value(_ name: String) -> Double? {
            answer.figures.first { $0.name == name }?.value
        }
        #expect(value("rows trained on") == Double(model.event.trainRows))
        #expect(value("of both, from closed trades") == Double(model.event.outcomeRows))
        #expect(value("of both, wins") == Double(model.event.wins))
        #expect(value("of both, losses") == Double(model.event.losses))
        for unused in model.event.unused {
            #expect(
                answer.figures.contains {
                    $0.name == "rows not used" && $0.value == Double(unused.count)
                })
        }
        let nodes = answer.all
        #expect(nodes.contains { $0.event == model.event.request })
        #expect(nodes.contains { $0.type == JobStarted.messageName })
        #expect(answer.sentences.contains { $0.contains("It became the champion") })
    }

    @Test("two runs of the same facts answer in the same bytes")
    func sameBytes() throws {
        func answers() throws -> String {
            let run = try AskedRun(facts: SmallWorld().facts, settings: SmallWorld.settings)
            var text = ""
            for order in try run.all(OrderSubmitted.self).prefix(12) {
                let answer = try run.ask("order", "\(order.at)")
                text += WhyText.text(answer) + answer.json + answer.dot
                let question = try WhyQuestion(kind: "signal", id: "\(order.event.signal)")
                if order.event.signal != .none { text += try run.why().effects(question).json }
            }
            return text
        }
        let first = try answers()
        #expect(first.count > 10_000)
        #expect(try answers() == first)
    }

    @Test("every event of a run has an answer, whose causes all stand before it")
    func everything() throws {
        let run = try AskedRun.learning.get()
        let end = try run.log.end()
        var asked = 0
        for number in stride(from: UInt64(1), through: end.own, by: 29) {
            let event = Reference.own(number)
            let answer = try run.ask("event", "\(event)")
            #expect(!answer.title.isEmpty && answer.event == event)
            let own = try #require(try run.lineage.reader.position(of: event))
            for cause in answer.causes where cause.node.event != .none {
                let position = try #require(try run.lineage.reader.position(of: cause.node.event))
                #expect(position < own, "\(cause.node.event) is told as a cause of \(event)")
            }
            asked += 1
        }
        #expect(asked > 100)
    }

    @Test("a question that names nothing, or what is not there, is refused with what to ask")
    func refused() throws {
        let run = try AskedRun.small.get()
        for (kind, id) in [
            ("nothing", "AAPL"), ("order", nil), ("holding", nil), ("model", "AAPL"),
            ("holding", "toolongticker"), ("order", "r999999999"), ("order", "r1"),
            ("holding", "NONE"), ("filing", "t999999999"),
        ] {
            #expect(throws: WhyError.self, "\(kind) \(id ?? "")") { try run.ask(kind, id) }
        }
        #expect(try run.ask("weight", nil).type == ConfigurationChanged.messageName)
    }
}
