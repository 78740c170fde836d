import Events
import Testing

@testable import FeedbackLoop

/// The evidence of `buys` and `sells` rows of distinct filers.
private func evidence(
    buys: Int, sells: Int, politicians: Int = 1, recent: Int = 0, net: Double = 0,
    bipartisan: Bool = false
) -> Evidence {
    let entry = DisclosureBook.Entry(ticker: Ticker(rawValue: 1))
    var evidence = Evidence(
        entry, filers: Filers(), day: Day(rawValue: 0), configuration: .feedback)
    evidence.buys = buys
    evidence.sells = sells
    evidence.transactions = buys + sells
    evidence.politicians = politicians
    evidence.recent = recent
    evidence.netVolume = net
    evidence.isBipartisan = bipartisan
    return evidence
}

@Suite("The heuristic score")
struct HeuristicTests {
    struct Case: Sendable {
        var evidence: Evidence
        var kind: SignalKind
        var confidence: Int
    }

    static let cases: [Case] = [
        // No sells: ratio 10, strong buy: .50 + .15.
        Case(evidence: evidence(buys: 2, sells: 0), kind: .strongBuy, confidence: 65),
        Case(evidence: evidence(buys: 3, sells: 1), kind: .strongBuy, confidence: 65),
        Case(evidence: evidence(buys: 3, sells: 2), kind: .buy, confidence: 65),
        Case(evidence: evidence(buys: 29, sells: 20), kind: .hold, confidence: 60),
        Case(evidence: evidence(buys: 2, sells: 2), kind: .hold, confidence: 50),
        Case(evidence: evidence(buys: 2, sells: 3), kind: .sell, confidence: 65),
        Case(evidence: evidence(buys: 1, sells: 3), kind: .strongSell, confidence: 65),
        Case(evidence: evidence(buys: 0, sells: 2), kind: .strongSell, confidence: 65),
        Case(
            evidence: evidence(buys: 2, sells: 0, politicians: 2),
            kind: .strongBuy, confidence: 70),
        Case(
            evidence: evidence(buys: 3, sells: 0, politicians: 3),
            kind: .strongBuy, confidence: 75),
        Case(
            evidence: evidence(buys: 5, sells: 0, politicians: 5),
            kind: .strongBuy, confidence: 85),
        Case(
            evidence: evidence(buys: 2, sells: 0, recent: 2), kind: .strongBuy, confidence: 70),
        Case(
            evidence: evidence(buys: 5, sells: 0, recent: 5), kind: .strongBuy, confidence: 80),
        Case(
            evidence: evidence(buys: 2, sells: 0, net: 100_000), kind: .strongBuy, confidence: 65),
        Case(
            evidence: evidence(buys: 2, sells: 0, net: 100_001), kind: .strongBuy, confidence: 70),
        Case(
            evidence: evidence(buys: 0, sells: 2, net: -1_000_001), kind: .strongSell,
            confidence: 75),
        Case(
            evidence: evidence(buys: 2, sells: 0, bipartisan: true), kind: .strongBuy,
            confidence: 75),
        // Everything at once is capped.
        Case(
            evidence: evidence(
                buys: 12, sells: 0, politicians: 6, recent: 9, net: 2e6, bipartisan: true),
            kind: .strongBuy, confidence: 95),
        Case(
            evidence: evidence(
                buys: 12, sells: 8, politicians: 6, recent: 9, net: 2e6, bipartisan: true),
            kind: .buy, confidence: 90),
    ]

    @Test("follows the table of the domain rules", arguments: cases.indices)
    func table(index: Int) {
        let score = HeuristicScore(HeuristicTests.cases[index].evidence, .feedback)
        #expect(score.kind == HeuristicTests.cases[index].kind)
        #expect(score.confidence == HeuristicTests.cases[index].confidence)
    }

    @Test("without rows it holds")
    func empty() {
        #expect(HeuristicScore(evidence(buys: 0, sells: 0), .feedback).kind == .hold)
    }
}

@Suite("The regime")
struct RegimeTests {
    @Test(
        "bull, bear, volatile and sideways in this precedence; unknown while anything is",
        arguments: zip(
            [(0.06, 0.11, 0.9), (-0.06, -0.11, 0.9), (0.06, 0.05, 0.26), (0.06, 0.05, 0.25)],
            [Regime.bull, .bear, .volatile, .sideways]))
    func table(input: (Double, Double, Double), expected: Regime) {
        #expect(RegimeDecider.regime(input.0, input.1, input.2, .feedback) == expected)
        #expect(RegimeDecider.regime(nil, input.1, input.2, .feedback) == .unknown)
    }
}

@Suite("Configuration")
struct ConfigurationTests {
    @Test("every key is there once, and its own text is taken back unchanged")
    func roundTrip() {
        let keys = LoopConfiguration.fields.map(\.key)
        #expect(keys == keys.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } })
        for base in [LoopConfiguration.feedback, .baseline] {
            var copy = LoopConfiguration.feedback
            for field in LoopConfiguration.fields {
                #expect(field.set(&copy, field.text(base)) == nil, "\(field.key)")
            }
            #expect(copy == base)
        }
    }

    @Test("every key refuses what is no value of its type")
    func refusals() {
        for field in LoopConfiguration.fields {
            var copy = LoopConfiguration.feedback
            if field.key == "follow_members" {
                // Anything may be a name; who bears none is told over the timeline.
                #expect(field.set(&copy, "[perhaps]") != nil)
                continue
            }
            #expect(field.set(&copy, "perhaps") != nil, "\(field.key)")
            #expect(copy == .feedback)
        }
    }

    @Test("the built-in strategies contradict nothing")
    func sound() {
        #expect(LoopConfiguration.feedback.contradictions.isEmpty)
        #expect(LoopConfiguration.baseline.contradictions.isEmpty)
        var odd = LoopConfiguration.feedback
        odd.emitThreshold = 90
        #expect(!odd.contradictions.isEmpty)
    }
}
