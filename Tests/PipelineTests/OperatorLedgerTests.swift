import EventLog
import Events
import Pipeline
import TestKit
import TestWorlds
import Testing

@Suite("The ledger of what people ask for")
struct OperatorLedgerTests {
    private let log = MemoryLog(
        identity: LogIdentity(kind: .data, logID: .zero, schemaVersion: EventSchema.version))
    private let now = Instant(Day("2022-01-05")!, hour: 9)
    private let first = Digest(w0: 1, w1: 0, w2: 0, w3: 0)
    private let second = Digest(w0: 2, w1: 0, w2: 0, w3: 0)

    private func promote(_ artefact: Digest) throws -> OperatorLedger.Recorded {
        var ledger = OperatorLedger()
        return try ledger.record(
            .promotion(artefact, model: "r1", run: "one"), who: "ann", reason: "why", in: log,
            now: now)
    }

    private func rollBack(seen: Int) throws -> OperatorLedger.Recorded {
        var ledger = OperatorLedger()
        return try ledger.record(
            .rollback(.zero, model: "r1", run: "one", seen: seen), who: "ann", reason: "why",
            in: log, now: now)
    }

    @Test("the same word twice is one fact; another word between makes it a new one")
    func twice() throws {
        #expect(try promote(first).isNew)
        let again = try promote(first)
        #expect(!again.isNew && again.position == 1)
        #expect(try promote(second).position == 2)
        #expect(try promote(first).position == 3)
        #expect(log.head().position == 3)
    }

    @Test("a rollback is repeated only by who has seen a replay of the one before")
    func rollbacks() throws {
        _ = try promote(first)
        #expect(try rollBack(seen: 0).position == 2)
        #expect(try rollBack(seen: 1).isNew == false)
        #expect(try rollBack(seen: 2).position == 3)
    }

    @Test("a ledger that read before sees what another appended since")
    func concurrent() throws {
        var early = OperatorLedger()
        try early.read(log)
        _ = try promote(first)
        let acts = [first, second].map { ProposedAct.promotion($0, model: "r1", run: "one") }
        #expect(
            try !early.record(acts[0], who: "bob", reason: "too", in: log, now: now).isNew)
        #expect(try early.record(acts[1], who: "bob", reason: "too", in: log, now: now).isNew)
        #expect(try !promote(second).isNew)
    }

    @Test("each names who, why and the word before, and is known when it is recorded")
    func facts() throws {
        _ = try promote(first)
        _ = try rollBack(seen: 0)
        var ledger = OperatorLedger()
        _ = try ledger.retrain(.training, who: "cyd", in: log, now: now)
        var texts: [String] = []
        try log.read { record in
            let envelope = try Envelope(message: record.message)
            #expect(envelope.knownAt == now && envelope.actor == .person)
            if let event = try? ModelRolledBack(message: record.message) {
                #expect(event.follows == .own(1) && event.who == "ann")
                texts.append(String(decoding: event.text, as: UTF8.self))
            }
            if let event = try? JobStarted(message: record.message) {
                #expect(event.trigger == .manual && event.scheduledAt == now)
                texts.append(event.who ?? "")
            }
            return .proceed
        }
        #expect(texts == ["why", "cyd"])
        #expect(ledger.changes.map(\.artefact) == [first, nil])
    }

    @Test("a timeline carries the acts, whatever the order of ingest, and no decision of a loop")
    func timeline() throws {
        let folder = TemporaryFolder()
        let facts = SmallWorld(sessions: 60).facts
        let person = Envelope(knownAt: now, recordedAt: now, actor: .person)
        var promotion = SmallWorld.promotion(first, at: now)
        promotion.envelope = person
        var decision = promotion
        decision.envelope = Envelope(knownAt: now, recordedAt: now, actor: .loop)
        func derived(_ name: String, _ messages: [[UInt8]]) throws -> (Digest, [UInt16]) {
            let data = DataFolder("\(folder.path)/\(name)")
            let log = try EventLog.create(at: data.log, identity: self.log.identity)
            try log.append(now: now) { (batch: inout AppendBatch) in
                for message in messages { batch.append(encoded: message.span.bytes) }
            }
            let timeline = try Timeline.ensure(data, log: log)
            var tail: [UInt16] = []
            try EventLog.open(at: timeline.path).read { record in
                let template = try MessageHeader(record.message).templateID
                if template == ModelPromoted.templateID {
                    let event = try ModelPromoted(message: record.message)
                    #expect(event.follows == .none && event.envelope.actor == .timeline)
                    tail.append(template)
                }
                return .proceed
            }
            return (timeline.head.seal, tail)
        }
        let plain = try derived("plain", facts)
        #expect(try derived("decided", facts + [decision.encoded()]).0 == plain.0)
        let acted = try derived("acted", facts + [promotion.encoded()])
        promotion.follows = .own(7)
        let moved = try derived("moved", [promotion.encoded()] + facts)
        #expect(acted.1 == [ModelPromoted.templateID] && acted.0 == moved.0 && acted.0 != plain.0)
    }
}
