import EventLog
import Events
import Foundation
import Pipeline
import TestKit
import Testing

/// `recount events` as a person runs it: in a process of its own.
@Suite("recount events", .timeLimit(.minutes(10)))
struct EventsCommandTests {
    private let folder = TemporaryFolder()
    private let now = Instant(Day(rawValue: 18_263))
    private var data: DataFolder { DataFolder(folder.path) }

    private func makeLog() throws -> EventLog {
        try EventLog.create(at: data.log, identity: identity(.data))
    }

    private func identity(_ kind: LogKind) -> LogIdentity {
        LogIdentity(kind: kind, logID: .zero, schemaVersion: EventSchema.version)
    }

    /// A change of the trading mode: an event of few fields.
    private func event(_ who: String, by actor: Actor) -> [UInt8] {
        TradingModeChanged(
            envelope: Envelope(knownAt: now, recordedAt: now, actor: actor), follows: .none,
            previous: .paper, mode: .live, who: who
        ).encoded()
    }

    private func append(_ who: String, by actor: Actor, to log: EventLog) throws {
        let event = event(who, by: actor)
        try log.append(now: now) { batch in batch.append(encoded: event.span.bytes) }
    }

    private func events(_ options: String...) throws -> Peer {
        try Peer(["events", "--data", folder.path] + options, program: "recount")
    }

    @Test("--actor lets through what one of the named actors recorded, and nothing else")
    func actor() throws {
        let log = try makeLog()
        for (who, actor) in [("Ada", Actor.person), ("Loop", .loop), ("Ben", .broker)] {
            try append(who, by: actor, to: log)
        }
        let one = try events("--actor", "person").finish()
        #expect(one.output.contains("Ada"))
        #expect(one.output.split(separator: "\n").count == 1)
        let two = try events("--actor", "loop", "--actor", "broker", "--json").finish().output
        let positions = two.split(separator: "\n").map { $0.prefix(13) }
        #expect(positions == ["{\"position\":2", "{\"position\":3"])
    }

    @Test("--actor refuses a name that the schema does not know")
    func unknownActor() throws {
        _ = try makeLog()
        #expect(try events("--actor", "nobody").finish().status == 64)
    }

    @Test("--follow prints each event as it becomes durable, a line each, until interrupted")
    func follow() throws {
        let log = try makeLog()
        try append("Ada", by: .person, to: log)
        let peer = try events("--follow", "--json", "--actor", "person")
        #expect(peer.line().hasPrefix("{\"position\":1,"))
        try append("Loop", by: .loop, to: log)
        for position in [3, 4] as [UInt64] {
            try append("Ben \(position)", by: .person, to: log)
            let line = peer.line()
            #expect(line.hasPrefix("{\"position\":\(position),"))
            #expect(line.hasSuffix("}") && line.contains("Ben \(position)"))
        }
        peer.interrupt()
        let (rest, status) = peer.finish()
        #expect(rest.isEmpty)
        #expect(status == 0)
    }

    @Test("--follow prints a run and waits, though nothing can follow")
    func followRun() throws {
        _ = try LogBuilder.build(at: try data.run("first"), identity: identity(.run)) { builder in
            try builder.append(event("Ada", by: .loop).span.bytes)
            try builder.commit(recordedAt: now)
        }
        let peer = try events("--run", "first", "--follow")
        #expect(peer.line().contains("Ada"))
        Thread.sleep(forTimeInterval: 0.5)
        #expect(peer.isRunning)
        peer.interrupt()
        #expect(peer.finish().status == 0)
    }

    @Test("--follow --limit ends after the last event that is asked for")
    func limit() throws {
        let log = try makeLog()
        try append("Ada", by: .person, to: log)
        let peer = try events("--follow", "--limit", "2")
        #expect(peer.line().contains("Ada"))
        try append("Ben", by: .person, to: log)
        let (rest, status) = peer.finish()
        #expect(rest.contains("Ben"))
        #expect(status == 0)
    }

    @Test("--follow says so when another log takes the place of the one it reads")
    func replaced() throws {
        let log = try makeLog()
        try append("Ada", by: .person, to: log)
        let peer = try events("--follow")
        #expect(peer.line().contains("Ada"))
        try FileManager.default.removeItem(atPath: data.log)
        #expect(peer.finish().status == 65)
    }
}
