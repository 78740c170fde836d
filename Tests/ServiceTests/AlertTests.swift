import EventLog
import Events
import Foundation
import Logging
import Pipeline
import Synchronization
import TestKit
import TestWorlds
import Testing

@testable import Service

@Suite("Alerts of a daemon")
struct AlertTests {
    /// A quick schedule: five attempts, a tenth of a second of the clock apart.
    private let quick = AlertSchedule(delays: [0.1, 0.1, 0.1, 0.1, 0.1], limit: 0)

    @Test("every fill, halt and failure of the log goes out once, through a real command")
    func command() throws {
        let world = try AlertWorld(seed: 31)
        let out = "\(world.files.folder.path)/out"
        let script = try world.files.folder.write(
            "hook.sh",
            """
            #!/bin/sh
            cat >>"$1"
            printf '%s %s %s\\n' "$RECOUNT_ALERT_KIND" "$RECOUNT_ALERT_LOG" \
            "$RECOUNT_ALERT_POSITION" >>"$1.fields"
            env | grep -c APCA >>"$1.secrets"
            exit 0
            """)
        #expect(chmod(script, 0o755) == 0)
        setenv("APCA_PAPER_KEY_ID", "not for hooks", 1)
        defer { unsetenv("APCA_PAPER_KEY_ID") }
        let hook = try CommandHook([script, out])
        let noon = Instant(world.files.last + 1, hour: 7).adding(seconds: -5 * 86_400)
        try world.run([hook], through: noon)
        let halt = try world.halt("a look at the orders")
        try world.run([hook])

        let fills = try world.own(OrderFilled.templateID)
        #expect(fills.count > 10)
        let fields = try String(contentsOfFile: "\(out).fields", encoding: .utf8)
            .split(separator: "\n").map(String.init)
        #expect(
            fields.filter { $0.hasPrefix("fill ") }.sorted()
                == fills.map { "fill run \($0)" }.sorted())
        #expect(fields.filter { $0 == "halt data \(halt)" }.count == 1)
        let secrets = try String(contentsOfFile: "\(out).secrets", encoding: .utf8)
        #expect(secrets.split(separator: "\n").allSatisfy { $0 == "0" })

        let bodies = try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n")
        #expect(bodies.count == fields.count)
        let body = try #require(bodies.first { $0.contains("\"position\":\(halt),") })
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
        #expect(object["kind"] as? String == "halt" && object["run"] as? String == "live")
        #expect(object["id"] as? String == "live:data:\(halt)")
        #expect((object["text"] as? String)?.contains("a look at the orders") ?? false)
        #expect((object["time_new_york"] as? String)?.count == 19)

        // Each is recorded, delivered at the first attempt.
        let ledger = try AlertLedger("live", data: try world.log)
        #expect(ledger.entries.count == fields.count)
        #expect(ledger.entries.allSatisfy { $0.event.isDelivered && $0.event.attempts == 1 })
        #expect(Set(ledger.settled).count == ledger.entries.count)
    }

    @Test("killed between delivery and record it is sent again, with the same position")
    func killed() throws {
        let world = try AlertWorld(seed: 32)
        let first = ScriptedSender()
        try world.run([first], through: world.clock.now().adding(seconds: 86_400))
        let halt = try world.halt("before the kill")
        // Delivered, and the process ends before it is recorded: nothing of its own runs any more.
        let isStarted = Mutex(false)
        let dying = ScriptedSender { _, _ in
            while !isStarted.withLock({ $0 }) { usleep(1_000) }
            return .taken
        }
        let loop = try LiveRuns.open(
            "live", in: world.data, data: try EventLog.open(at: world.data.log, access: .write))
        let lost = try DaemonAlerts(
            AlertSettings(), [dying], run: "live", in: world.data,
            data: try EventLog.open(at: world.data.log, access: .write), clock: world.clock,
            probe: DaemonProbe(), logger: .init(label: "test"))
        lost.start(loop, at: world.clock.now())
        isStarted.withLock { $0 = true }
        #expect(waitUntil { dying.ids.contains("live:data:\(halt)") })
        #expect(waitUntil { lost.hasFinished })
        let second = ScriptedSender()
        try world.run([second])
        #expect(second.ids.filter { $0 == "live:data:\(halt)" }.count == 1)
        let third = ScriptedSender()
        try world.run([third], through: world.clock.now().adding(seconds: 7_200))
        #expect(!third.ids.contains("live:data:\(halt)"))
    }

    @Test("what went out to nobody goes out after a start, and says how old it is")
    func late() throws {
        let world = try AlertWorld(seed: 33)
        let silent = ScriptedSender { _, _ in .refused("no route") }
        try world.run([silent], through: world.clock.now().adding(seconds: 3_600))
        let halt = try world.halt("nobody hears")
        try world.run([silent], through: world.clock.now().adding(seconds: 3_600))
        #expect(silent.ids.contains("live:data:\(halt)"))
        // A long time without any process.
        let later = ScriptedSender()
        try world.run([later])
        let got = later.got.withLock { $0 }
        let alert = try #require(got.first { $0.position == halt })
        let aged = alert.text(at: alert.at.adding(seconds: 5 * 86_400))
        #expect(aged == "\(alert.text) (5 days ago)" && alert.text.contains("nobody hears"))
        #expect(alert.text(at: alert.at.adding(seconds: 60)) == alert.text)
    }

    @Test("a run that is old when its first channel comes does not tell its past")
    func begins() throws {
        let world = try AlertWorld(seed: 34)
        let end = Instant(world.files.last, hour: 12)
        try world.run([], through: end)
        let fills = try world.own(OrderFilled.templateID)
        #expect(fills.count > 5)
        let sender = ScriptedSender()
        try world.run([sender])
        #expect(!fills.contains { sender.ids.contains("live:run:\($0)") })
        let lines = world.lines.all.withLock { $0 }
        #expect(lines.contains { $0.hasPrefix("alerts begin here") })
        // Another channel begins when it comes.
        let webhook = ScriptedSender(.webhook)
        let again = ScriptedSender()
        try world.run(
            [webhook, again], through: world.clock.now().adding(seconds: 7_200))
        #expect(again.ids.filter { sender.ids.contains($0) } == [])
        #expect(webhook.ids.filter { sender.ids.contains($0) } == [])
    }

    @Test("kinds that are not asked for do not go out, then or once they are")
    func kinds() throws {
        let world = try AlertWorld(seed: 35)
        let sender = ScriptedSender()
        let end = Instant(world.files.last, hour: 12)
        try world.run([sender], through: end, flags: ["alert_kinds=halt, error"])
        let fills = try world.own(OrderFilled.templateID)
        #expect(!fills.isEmpty)
        let got = sender.got.withLock { $0.map(\.kind) }
        #expect(got.allSatisfy { [.halt, .error].contains($0) })
        let all = ScriptedSender()
        try world.run([all], flags: [])
        #expect(!fills.contains { all.ids.contains("live:run:\($0)") })
    }

    @Test("a channel that refuses is tried again and given up; one that hangs holds up nothing")
    func fails() throws {
        let world = try AlertWorld(seed: 36)
        let deaf = ScriptedSender { _, _ in .refused("status 500") }
        let hanging = ScriptedSender(.webhook) { _, isOver in
            while !isOver() { usleep(1_000) }
            return .refused("not ended when the service did")
        }
        try world.run([deaf, hanging], schedule: quick)
        // The loop went through all of its days meanwhile.
        let standing = try #require(try DaemonStanding.read("live", in: world.data))
        #expect(standing.session == "\(world.files.last)")
        let fills = try world.own(OrderFilled.templateID)
        #expect(fills.count > 10)
        let ledger = try AlertLedger("live", data: try world.log)
        let givenUp = ledger.entries.filter { !$0.event.isDelivered }
        #expect(!givenUp.isEmpty && givenUp.count == ledger.entries.count)
        for entry in givenUp {
            #expect(entry.event.attempts == 5 && entry.event.channel == .command)
            #expect(String(decoding: entry.event.text, as: UTF8.self).hasSuffix("| status 500"))
        }
        #expect(hanging.ids.count == 1)
        // What hung is open still: another start sends it.
        let webhook = ScriptedSender(.webhook)
        try world.run([webhook], through: world.clock.now().adding(seconds: 7_200))
        #expect(fills.allSatisfy { webhook.ids.contains("live:run:\($0)") })
    }

    @Test("a file of the inbox that fails is told with its reason")
    func inbox() throws {
        let world = try AlertWorld(seed: 37)
        let sender = ScriptedSender()
        let inbox = "\(world.data.path)/inbox"
        try FileManager.default.createDirectory(
            atPath: inbox, withIntermediateDirectories: true)
        try "no file of ours\n".write(
            toFile: "\(inbox)/odd.csv", atomically: true, encoding: .utf8)
        try Data().write(to: URL(fileURLWithPath: "\(inbox)/odd.csv.done"))
        try world.run([sender], through: world.clock.now().adding(seconds: 7_200))
        let got = sender.got.withLock { $0 }
        let alert = try #require(got.first { $0.kind == .error })
        #expect(alert.text.contains("odd.csv") && alert.source == .service)
        #expect(alert.position > 0)
    }

    @Test("a run that cannot be opened is told by the process that ends for it")
    func doesNotStart() throws {
        let world = try AlertWorld(seed: 40)
        let first = ScriptedSender()
        try world.run([first], through: world.clock.now().adding(seconds: 86_400))
        // The same version decides otherwise: an event of the run that nobody decided.
        let run = try EventLog.open(at: try world.data.run("live"), access: .write)
        let head = try run.head()
        try run.append(now: head.recordedAt) { (batch: inout AppendBatch) in
            batch.append(
                JobFailed(
                    envelope: Envelope(
                        knownAt: head.recordedAt, recordedAt: head.recordedAt, actor: .scheduler),
                    start: .none, scheduledAt: head.recordedAt, job: .cycle, text: []))
        }
        let sender = ScriptedSender()
        #expect(throws: LiveRunError.self) { try world.run([sender]) }
        let got = sender.got.withLock { $0 }
        #expect(got.count == 1 && got[0].kind == .error && got[0].position > 0)
        #expect(got[0].text.hasPrefix("recountd does not start: "))
        let ledger = try AlertLedger("live", data: try world.log)
        #expect(ledger.entries.last?.event.isDelivered == true)
    }

    /// Answers nobody.
    private struct Nobody: WebhookPost {
        func post(
            _ address: String, headers: [(name: String, value: String)], body: [UInt8],
            seconds: Int
        ) throws(WebhookFailure) -> Int {
            throw WebhookFailure("no connection")
        }
    }

    @Test("neither a log line nor an event holds the secret or the path of an address")
    func secret() throws {
        let world = try AlertWorld(seed: 38)
        let secret = try AlertSecret("0123456789abcdef", of: "a test")
        let webhook = Webhook("https://example.org/T0KEN", secret: secret, over: Nobody())
        try world.run([webhook], schedule: quick)
        var texts = world.lines.all.withLock { $0 }
        try world.log.read { record in
            var text = ""
            try EventJSON.render(message: record.message, into: &text)
            texts.append(text)
            return .proceed
        }
        #expect(texts.contains { $0.contains("example.org: no connection") })
        #expect(!texts.contains { $0.contains("T0KEN") || $0.contains("0123456789abcdef") })
    }

    @Test("a holding without a bar in a session is told once, over a start too")
    func heldWithoutBar() throws {
        let world = try AlertWorld(seed: 39, sessions: 110)
        let sender = ScriptedSender()
        let clock = world.clock
        var stops = 0
        while clock.now() < Instant(world.files.last + 1, hour: 7), stops < 60 {
            stops += 1
            try world.run([sender], through: clock.now().adding(seconds: 86_400))
        }
        let texts = sender.got.withLock { got in
            got.filter { $0.kind == .lag && $0.source == .service }.map(\.text)
        }
        #expect(!texts.isEmpty && texts.allSatisfy { $0.contains("which is held") })
        #expect(Set(texts).count == texts.count)
    }

    private func waitUntil(_ condition: () -> Bool) -> Bool {
        for _ in 0..<500 {
            if condition() { return true }
            usleep(10_000)
        }
        return false
    }
}
