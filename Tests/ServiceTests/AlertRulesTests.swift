import Events
import Pipeline
import Testing

@testable import Service

@Suite("Which events are alerts")
struct AlertRulesTests {
    static let at = Instant("2026-11-27T21:00:00Z")!
    static let envelope = Envelope(knownAt: at, recordedAt: at, actor: .broker)

    /// An event, where it is first recorded, and the kind and words of its alert.
    struct Case: Sendable, CustomTestStringConvertible {
        let event: any EventMessage
        let sources: [AlertSource]
        let kind: AlertKind
        let words: [String]
        var testDescription: String { "\(type(of: event))" }
    }

    static let cases = [
        Case(
            event: EntriesHalted(
                envelope: envelope, cause: .lossLimit, who: nil, exits: nil,
                text: Array("3.4 %".utf8)),
            sources: [.data, .run], kind: .halt, words: ["the loss of a day", "3.4 %"]),
        Case(
            event: EntriesHalted(
                envelope: envelope, cause: .unprotected, who: nil, exits: nil, text: []),
            sources: [.data, .run], kind: .unprotected, words: ["without its stop"]),
        Case(
            event: EntriesResumed(
                envelope: envelope, halt: .none, who: "Ada", cause: .person,
                text: Array("seen".utf8)),
            sources: [.data, .run], kind: .halt, words: ["over", "Ada", "seen"]),
        Case(
            event: OrderRejected(
                envelope: envelope, order: .none, code: 403, reason: .insufficientFunds,
                clientOrderID: "ab-20261127-AAPL-en-0", text: Array("buying power".utf8)),
            sources: [.data], kind: .refusal, words: ["AAPL", "buying power"]),
        Case(
            event: ReconciliationDiffered(
                envelope: envelope, expectedQuantity: Quantity(shares: 3),
                brokerQuantity: .zero, expectedCash: nil, brokerCash: nil,
                ticker: Ticker("AAPL"), leftAlone: nil, text: []),
            sources: [.data], kind: .difference, words: ["AAPL", "3"]),
        Case(
            event: CustodyBegan(
                envelope: envelope, cause: .otherAccount, account: nil,
                text: Array("PA2".utf8)),
            sources: [.data], kind: .custody, words: ["otherAccount", "PA2"]),
        Case(
            event: CustodyEnded(
                envelope: envelope, cause: .otherAccount, who: "Ada", text: []),
            sources: [.data], kind: .custody, words: ["over", "Ada"]),
        Case(
            event: TradingModeChanged(
                envelope: envelope, follows: .none, previous: .paper, mode: .live, who: "Ada",
                equity: nil,
                adopts: nil, account: nil, text: Array("go".utf8)),
            sources: [.data], kind: .mode, words: ["live", "paper", "Ada"]),
        Case(
            event: ApprovalRequested(
                envelope: envelope, equity: nil, expiresAt: at, artefact: nil, act: .resume,
                people: nil, cause: .drawdown, mode: nil, adopts: nil, run: "live", model: nil,
                account: nil, who: "Ada", text: Array("looked".utf8)),
            sources: [.data], kind: .approval, words: ["Ada", "resume from drawdown", "looked"]),
        Case(
            event: ApprovalRefused(
                envelope: envelope, request: .own(7), artefact: nil, cause: .person, who: "Ada",
                text: Array("no".utf8)),
            sources: [.data], kind: .approval, words: ["Ada", "refused d7"]),
        Case(
            event: ApprovalsRequired(
                envelope: envelope, people: 2, previous: 1, who: "Ada", text: []),
            sources: [.data], kind: .approval, words: ["2 people", "Ada"]),
        Case(
            event: DecisionsDiffered(
                envelope: envelope, position: 99, run: "live", previous: nil, program: "0.9",
                text: []),
            sources: [.data, .run], kind: .error, words: ["99", "0.9"]),
        Case(
            event: ModelRolledBack(
                envelope: envelope, model: .none, replaced: .none, follows: .none, who: "Ada",
                text: []),
            sources: [.run], kind: .promotion, words: ["Ada"]),
        Case(
            event: JobFailed(
                envelope: envelope, start: .none, scheduledAt: at, job: .training,
                text: Array("no rows".utf8)),
            sources: [.run], kind: .error, words: ["no rows"]),
        Case(
            event: SessionMissed(
                envelope: envelope, day: Day("2026-11-27")!, tickers: 2, expected: 9,
                lacksIndex: true),
            sources: [.timeline], kind: .lag, words: ["2026-11-27", "2 of 9", "index"]),
        Case(
            event: InstantsMissed(
                envelope: envelope, missedFrom: at, missedThrough: at.adding(seconds: 60)),
            sources: [.timeline], kind: .lag, words: ["2026-11-27T21:00:00Z"]),
    ]

    @Test("each is one, of the log where it is recorded first and of no other", arguments: cases)
    func kinds(case one: Case) throws {
        for hasBroker in [false, true] {
            let rules = AlertRules(run: "live", hasBroker: hasBroker)
            for source in [AlertSource.data, .run, .timeline] {
                let bytes = one.event.encoded()
                let alert = try rules.alert(bytes.span.bytes, source, at: 5)
                let isOfAnswers = one.event is OrderRejected && source == .run && !hasBroker
                guard one.sources.contains(source) || isOfAnswers else {
                    #expect(alert == nil, "\(source)")
                    continue
                }
                let found = try #require(alert)
                #expect(found.kind == one.kind && found.source == source)
                #expect(found.position == 5 && found.at == AlertRulesTests.at)
                for word in one.words { #expect(found.text.contains(word), "\(found.text)") }
            }
        }
    }

    @Test("a text that is long is cut, and one that is no UTF-8 does no harm")
    func long() throws {
        let event = EntriesHalted(
            envelope: AlertRulesTests.envelope, cause: .disk, who: nil, exits: true,
            text: [0xFF] + [UInt8](repeating: 0x61, count: 9_000))
        let found = try AlertRules(run: "live", hasBroker: false)
            .alert(event.encoded().span.bytes, .data, at: 1)
        let alert = try #require(found)
        #expect(alert.text.count == Alert.longest + 1 && alert.text.hasSuffix("…"))
    }
}
