import Events
import FeedbackLoop
import Testing

@Suite("The history of champions")
struct ChampionHistoryTests {
    private typealias Champion = ChampionHistory.Champion

    private func envelope(_ actor: Actor = .loop) -> Envelope {
        Envelope(
            knownAt: .epoch, recordedAt: .epoch, causation: .none, correlation: .none, through: 0,
            ordinal: 0, actor: actor, flags: [])
    }

    private func digest(_ number: UInt64) -> Digest { Digest(w0: number, w1: 0, w2: 0, w3: 0) }

    private func promotion(_ number: UInt64, by actor: Actor = .loop) -> [UInt8] {
        ModelPromoted(
            envelope: envelope(actor), model: .own(number), previous: .none, comparison: .none,
            artefact: digest(number), follows: .none, cause: .gate, who: nil, text: []
        ).encoded()
    }

    private func rollback(to model: Reference, by actor: Actor = .loop) -> [UInt8] {
        ModelRolledBack(
            envelope: envelope(actor), model: model, replaced: .none, follows: .none, who: "Ada",
            text: []
        ).encoded()
    }

    private func retirement(_ number: UInt64) -> [UInt8] {
        ModelRetired(
            envelope: envelope(), model: .own(number), successor: .none, ended: .none,
            reason: .superseded, text: []
        ).encoded()
    }

    private func folded(_ messages: [[UInt8]], timeline: Bool = false) throws -> ChampionHistory {
        var history = ChampionHistory()
        for (index, message) in messages.enumerated() {
            let number = UInt64(index + 1)
            try history.take(message.span.bytes, timeline ? .timeline(number) : .own(number))
        }
        return history
    }

    @Test("the latest promotion is champion, the one before it is what a rollback gives back")
    func promotions() throws {
        let none = try folded([])
        #expect(none.champion == nil && none.before == nil)
        let history = try folded([promotion(4), promotion(7), promotion(9)])
        #expect(history.champion == Champion(model: .own(9), artefact: digest(9)))
        #expect(history.before == Champion(model: .own(7), artefact: digest(7)))
        let back = try folded([promotion(4), promotion(7), promotion(9), rollback(to: .own(7))])
        #expect(back.champion == history.before)
        #expect(back.before?.model == .own(4))
    }

    @Test("a rollback of the first champion leaves none")
    func first() throws {
        let history = try folded([promotion(4), rollback(to: .none)])
        #expect(history == ChampionHistory())
    }

    @Test("a rollback to another than the champion before is refused with both")
    func refused() throws {
        #expect(throws: ChampionError(model: .own(4), before: .own(7))) {
            try folded([promotion(4), promotion(7), promotion(9), rollback(to: .own(4))])
        }
        #expect(throws: ChampionError(model: .own(4), before: .none)) {
            try folded([promotion(4), rollback(to: .own(4))])
        }
    }

    @Test("a retired champion leaves none, a retired model of the past changes nothing")
    func retired() throws {
        let history = try folded([promotion(4), promotion(7), retirement(4)])
        #expect(history.champion?.model == .own(7) && history.before?.model == .own(4))
        let none = try folded([promotion(4), promotion(7), retirement(7)])
        #expect(none.champion == nil && none.before?.model == .own(4))
    }

    @Test("what a person asks for, in a data log or a timeline, makes no champion by itself")
    func requests() throws {
        let asked = [promotion(4, by: .person), rollback(to: .none, by: .person)]
        #expect(try folded(asked) == ChampionHistory())
        #expect(try folded([promotion(4)], timeline: true) == ChampionHistory())
        #expect(try ChampionHistory.isRequest(promotion(4).span.bytes, .timeline(1)))
        #expect(try !ChampionHistory.isRequest(promotion(4).span.bytes, .own(1)))
        #expect(try !ChampionHistory.isRequest(retirement(4).span.bytes, .timeline(1)))
    }
}
