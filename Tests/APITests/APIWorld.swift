import Application
import EventLog
import Events
import Foundation
import Logging
import Pipeline
import Projections
import Service
import Synchronization
import TestWorlds

@testable import API
@testable import Dashboard

/// A clock that moves when it is waited for.
private final class StepClock: ServiceClock {
    private let instant: Mutex<Instant>
    private let next: @Sendable (Instant) -> Instant

    init(_ instant: Instant, next: @escaping @Sendable (Instant) -> Instant) {
        self.instant = Mutex(instant)
        self.next = next
    }

    func now() -> Instant { instant.withLock { $0 } }
    func elapsed() -> Double { Double(now().rawValue) / 1e9 }

    func wait(_ seconds: Double, until isDone: () -> Bool) {
        let then = next(now())
        instant.withLock { $0 = max($0, then) }
    }
}

/// A live run over some weeks, its read models, and an API over both.
final class APIWorld: Sendable {
    let files: FileWorld
    let data: DataFolder
    let api: APIService
    /// The same with the pages beside it.
    let site: APIService
    /// Lines that the API put into the service's log.
    let lines = Mutex<[String]>([])
    private let seconds = Mutex(0.0)
    let secrets: [Role: String]
    /// Open before anybody reads it, as a service has it.
    private let log: EventLog

    /// Made once: nothing of it is changed by a test but by acts of its own.
    static let shared: APIWorld = {
        do { return try APIWorld() } catch { fatalError("\(error)") }
    }()

    init(rules: Gatekeeper.Rules = Gatekeeper.Rules()) throws {
        let files = try FileWorld(seed: 31, sessions: 90, history: 60)
        (self.files, data) = (files, files.data)
        let clock = StepClock(try EventLog.open(at: files.data.log).head().recordedAt) { now in
            let then = files.step(now)
            try? files.come(through: then)
            return then
        }
        let end = Instant(files.last + 1, hour: 7)
        try Daemon(
            Daemon.Configuration(
                folder: files.data, strategy: .loop(try SmallWorld.strategy())), clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, trainer: nil,
            prefix: { 0xABCD }
        ).run { clock.now() < end }
        _ = try ProjectorGroup(ProjectionCatalogue.names, data: data, run: "live") { _ in }
            .project(rebuild: true)
        log = try EventLog.open(at: data.log, access: .write)
        var (book, secrets) = (try TokenBook(data), [Role: String]())
        for role in Role.allCases {
            secrets[role] = try book.create(name: "the-\(role)", role: role, at: end).secret
        }
        self.secrets = secrets
        let (seconds, lines) = (Unowned<APIWorld>(), Unowned<APIWorld>())
        api = APIService(
            Workspace(data, now: { end }), rules: rules,
            elapsed: { seconds.value?.seconds.withLock { $0 } ?? 0 },
            note: { line in lines.value?.lines.withLock { $0.append(line) } })
        site = APIService(
            Workspace(data, now: { end }), rules: rules, site: Dashboard(),
            elapsed: { seconds.value?.seconds.withLock { $0 } ?? 0 },
            note: { line in lines.value?.lines.withLock { $0.append(line) } })
        (seconds.value, lines.value) = (self, self)
    }

    /// Lets time pass for the limits of rates.
    func pass(_ amount: Double) { seconds.withLock { $0 += amount } }

    /// Asks, as somebody on this machine unless told otherwise.
    func ask(
        _ method: String, _ target: String, as role: Role? = nil, body: String? = nil,
        fields: [(String, String)] = [], host: String? = "127.0.0.1:8080",
        peer: String = "127.0.0.1"
    ) -> Answer {
        pass(1)
        var all = fields.map { (name: $0.0, value: $0.1) }
        if let host { all.append(("host", host)) }
        if let role { all.append(("authorization", "Bearer \(secrets[role] ?? "")")) }
        if body != nil, !all.contains(where: { $0.name == "content-type" }) {
            all.append(("content-type", "application/json"))
        }
        let response = api.answer(
            APIRequest(
                method: method, target: target, fields: all, body: Array((body ?? "").utf8),
                peer: .init(address: peer)))
        return Answer(response)
    }

    /// Asks for a page as a browser does, with what its cookie is; a form is sent with POST.
    func browse(
        _ target: String, cookie: String? = nil, form: [(String, String)]? = nil,
        fields: [(String, String)] = [], peer: String = "127.0.0.1"
    ) -> Answer {
        pass(1)
        var all: [(name: String, value: String)] = [
            ("host", "127.0.0.1:8080"), ("accept", "text/html,application/xhtml+xml"),
        ]
        all += fields.map { (name: $0.0, value: $0.1) }
        if let cookie { all.append(("cookie", cookie)) }
        if form != nil {
            all.append(("content-type", "application/x-www-form-urlencoded"))
            all.append(("origin", "http://127.0.0.1:8080"))
        }
        let body = (form ?? []).map {
            "\(Viewing.encoded($0.0))=\(Viewing.encoded($0.1))"
        }.joined(separator: "&")
        return Answer(
            site.answer(
                APIRequest(
                    method: form == nil ? "GET" : "POST", target: target, fields: all,
                    body: Array(body.utf8), peer: .init(address: peer))))
    }

    /// Logs in, and gives the cookie and the key that forms send back.
    func logIn(_ role: Role) -> (cookie: String, key: String) {
        let answer = browse("/login", form: [("token", secrets[role] ?? ""), ("then", "/jobs")])
        let cookie = answer.field("set-cookie").map { String($0.prefix { $0 != ";" }) } ?? ""
        let page = browse("/jobs", cookie: cookie).text
        let key = page.split(separator: "name=\"key\" value=\"").dropFirst().first
        return (cookie, key.map { String($0.prefix { $0 != "\"" }) } ?? "")
    }

    /// An answer, read.
    struct Answer {
        let response: APIResponse
        let text: String

        init(_ response: APIResponse) {
            self.response = response
            text = String(decoding: response.bytes, as: UTF8.self)
        }

        var status: Int { response.status }
        var json: JSONValue? { JSONValue.read(response.bytes) }

        func field(_ name: String) -> String? {
            response.fields.first { $0.name == name }?.value
        }

        /// A value of the object, by the names on the way to it.
        subscript(names: String...) -> JSONValue? {
            var value = json
            for name in names {
                guard case .object(let fields)? = value else { return nil }
                value = fields[name]
            }
            return value
        }

        /// The objects of a list.
        func rows(_ name: String) -> [JSONFields] {
            guard case .list(let values)? = self[name] else { return [] }
            return values.compactMap { if case .object(let fields) = $0 { fields } else { nil } }
        }
    }
}

/// Something that is known later.
private final class Unowned<Value: AnyObject & Sendable>: Sendable {
    private let held = Mutex<Weak<Value>>(Weak())

    private struct Weak<Held: AnyObject & Sendable>: Sendable { weak var value: Held? }

    var value: Value? {
        get { held.withLock { $0.value } }
        set { held.withLock { $0.value = newValue } }
    }
}
