import EventLog
import Events
import Foundation
import Pipeline
import Synchronization
import TestKit
import TestWorlds
import Testing

@testable import Service

@Suite("Channels of alerts")
struct AlertChannelTests {
    private let folder = TemporaryFolder()
    private let alert = Alert(
        kind: .fill, source: .run, position: 7, at: Instant("2026-11-27T21:00:00Z")!,
        run: "live", text: "bought 3 AAPL at 1.5 (entry)")

    /// Keeps what is posted.
    private final class Post: WebhookPost {
        let posts = Mutex<[(address: String, headers: [String: String], body: [UInt8])]>([])
        let answer: Result<Int, WebhookFailure>
        init(_ answer: Result<Int, WebhookFailure> = .success(204)) { self.answer = answer }
        func post(
            _ address: String, headers: [(name: String, value: String)], body: [UInt8],
            seconds: Int
        ) throws(WebhookFailure) -> Int {
            let named = Dictionary(headers.map { ($0.name, $0.value) }) { $1 }
            posts.withLock { $0.append((address, named, body)) }
            return try answer.get()
        }
    }

    private func script(_ text: String) throws -> String {
        let path = try folder.write("hook", "#!/bin/sh\n\(text)\n")
        chmod(path, 0o755)
        return path
    }

    @Test("the body is JSON with position, both times and the text")
    func json() {
        let text = alert.json(at: alert.at.adding(seconds: 7_300))
        #expect(
            text == """
                {"id":"live:run:7","run":"live","kind":"fill","log":"run","position":7,\
                "time":"2026-11-27T21:00:00Z","time_new_york":"2026-11-27 16:00:00",\
                "age_seconds":7300,"text":"bought 3 AAPL at 1.5 (entry) (2 h ago)"}
                """)
    }

    @Test("a post is signed over its second and body, as Python's hmac signs it")
    func signed() throws {
        let secret = try AlertSecret("0123456789abcdef", of: "a test")
        // hmac.new(b"0123456789abcdef", b'1795813200.{"a":1}', "sha256").hexdigest()
        #expect(
            Webhook.signature(Array("{\"a\":1}".utf8), at: 1_795_813_200, secret)
                == "t=1795813200,v1="
                + "78ede34bac728f1bf6a2a37b85f418a0070354e3a0b734994c3a04e702cdb630")
        let post = Post()
        let webhook = Webhook("https://example.org/x?token=1", secret: secret, over: post)
        #expect(webhook.send(alert, at: alert.at) { false } == .taken)
        let sent = try #require(post.posts.withLock { $0.first })
        #expect(sent.address == "https://example.org/x?token=1")
        #expect(
            sent.headers["Recount-Signature"]
                == Webhook.signature(sent.body, at: alert.at.rawValue / 1_000_000_000, secret))
        #expect(sent.headers["Recount-Alert-ID"] == "live:run:7")
        #expect(String(decoding: sent.body, as: UTF8.self) == alert.json(at: alert.at))
    }

    @Test("an answer beyond 2xx and none are refusals, which name the host alone")
    func unanswered() throws {
        let secret = try AlertSecret("0123456789abcdef", of: "a test")
        func answer(_ result: Result<Int, WebhookFailure>) -> AlertAnswer {
            Webhook("https://example.org:8/x?token=1", secret: secret, over: Post(result))
                .send(alert, at: alert.at) { false }
        }
        #expect(answer(.success(302)) == .refused("example.org answered with status 302"))
        #expect(
            answer(.failure(WebhookFailure("no answer within 10 s")))
                == .refused("example.org: no answer within 10 s"))
    }

    @Test("a command that fails, dies or hangs says which; what it started ends with it")
    func commands() throws {
        func answer(_ text: String, seconds: Double = 30, isOver: Bool = false) throws
            -> AlertAnswer
        {
            CommandHook(checked: [try script(text)], seconds: seconds)
                .send(alert, at: alert.at) { isOver }
        }
        #expect(try answer("exit 0") == .taken)
        #expect(try answer("exit 3") == .refused("ended with status 3"))
        #expect(try answer("kill -9 $$") == .refused("ended by signal 9"))
        let pid = "\(folder.path)/pid"
        // One of its group, one of a session of its own, and one whose parent has ended too.
        for start in [
            "sleep 600 & echo $! >\(pid); wait",
            "setsid sh -c 'echo $$ >\(pid); exec sleep 600' & wait",
            "(setsid sh -c 'echo $$ >\(pid); exec sleep 600' &); sleep 600",
        ] {
            unlink(pid)
            #expect(
                try answer(start, seconds: 0.5) == .refused("not ended after 1 s, and killed"))
            let child = try #require(
                Int32(
                    try String(contentsOfFile: pid, encoding: .utf8)
                        .trimmingCharacters(in: .newlines)))
            var isGone = false
            for _ in 0..<100 where !isGone {
                let state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
                isGone = state.map { $0.contains(") Z ") } ?? true
                usleep(10_000)
            }
            #expect(isGone, "\(start)")
            if !isGone { kill(child, SIGKILL) }
        }
        #expect(
            try answer("sleep 600", isOver: true)
                == .refused("not ended when the service did, and killed"))
        #expect(throws: AlertRefusal.self) { try CommandHook(["\(folder.path)/nothing"]) }
        #expect(throws: AlertRefusal.self) { try CommandHook([folder.path]) }
    }

    @Test("a secret is of a file that its owner alone reads, and stands in no text")
    func secrets() throws {
        let file = try folder.write("secret", "0123456789abcdef-file\n")
        func load(_ file: String?, _ environment: [String: String] = [:]) throws -> AlertSecret {
            try AlertSecret.load(file: file, environment: environment)
        }
        chmod(file, 0o644)
        #expect(throws: AlertRefusal.self) { try load(file) }
        chmod(file, 0o600)
        let secret = try load(file, [AlertSecret.variable: "another, of the environment"])
        #expect(secret.bytes == Array("0123456789abcdef-file".utf8))
        var shown = ""
        dump(secret, to: &shown)
        #expect(!"\(secret) \(shown) \(String(reflecting: secret))".contains("0123456789"))
        #expect(throws: AlertRefusal.self) { try load(nil) }
        #expect(throws: AlertRefusal.self) { try load(nil, [AlertSecret.variable: "short"]) }
        #expect(throws: AlertRefusal.self) { try load("\(folder.path)/none") }
    }

    @Test("settings show no secret of an address or command, and refuse http elsewhere")
    func settings() throws {
        var settings = ServiceSettings()
        func takes(_ key: String, _ text: String) -> Bool {
            (try? settings.set(key, text, place: "a test")) != nil
        }
        #expect(takes("alert_webhook", "https://hooks.example.org/T0/secret"))
        #expect(takes("alert_command", "/bin/page --key secret"))
        let table = settings.table.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        #expect(table.contains("alert_webhook=https://hooks.example.org/…"))
        #expect(table.contains("alert_command=/bin/page …") && !table.contains("secret "))
        #expect(!table.contains("T0"))
        #expect(settings.alerts.command == ["/bin/page", "--key", "secret"])
        #expect(takes("alert_webhook", "http://127.0.0.1:9/x"))
        for refused in [
            "http://example.org/x", "example.org", "https://user@example.org/", "https:///x",
            "http://127.0.0.1.example.org/", "https://example.org/a b",
        ] {
            #expect(!takes("alert_webhook", refused), "\(refused)")
        }
        #expect(!takes("alert_command", "page"))
        #expect(takes("alert_kinds", "fill,halt") && settings.alerts.kinds == [.fill, .halt])
        #expect(!takes("alert_kinds", "fills") && !takes("alert_kinds", "test"))
        #expect(takes("alert_kinds", "all"))
    }

    @Test("a program without a network refuses a webhook, and says what to do")
    func network() {
        var settings = AlertSettings()
        settings.webhook = "https://example.org/x"
        do {
            _ = try AlertChannels.senders(
                settings, environment: [AlertSecret.variable: "0123456789abcdef"], network: nil)
            Issue.record("taken")
        } catch {
            #expect("\(error)".contains("RECOUNT_NETWORK=1"))
        }
    }

    @Test("a test alert is recorded for each channel with what came of it, and not sent again")
    func tested() throws {
        let world = try AlertWorld(seed: 51)
        let (good, bad) = (ScriptedSender(), ScriptedSender(.webhook) { _, _ in .refused("no") })
        let outcomes = try DirectAlert.test(
            [good, bad], run: "live", in: world.data, clock: world.clock)
        #expect(outcomes.map(\.answer) == [.taken, .refused("no")])
        let ledger = try AlertLedger("live", data: try world.log)
        #expect(ledger.entries.map(\.event.isDelivered) == [true, false])
        let position = try #require(good.got.withLock { $0.first?.position })
        #expect(ledger.entries.allSatisfy { $0.event.position == position })
        let after = ScriptedSender()
        try world.run([after], through: world.clock.now().adding(seconds: 3_600))
        #expect(!after.ids.contains { $0 == "live:service:\(position)" })
    }

    @Test("attempts come at 1, 5, 30, 120 and 600 s, then every hour until a day is over")
    func schedule() {
        let schedule = AlertSchedule()
        let delays = (1...8).map { schedule.delay(after: $0, since: 0, at: 10) }
        #expect(delays == [1, 5, 30, 120, 600, 3_600, 3_600, 3_600])
        #expect(schedule.delay(after: 6, since: 0, at: 86_400) == nil)
        #expect(schedule.delay(after: 3, since: 0, at: 90_000) == 30)
    }
}
