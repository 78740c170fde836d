import EventLog
import Events
import Foundation
import Synchronization
import Testing

@testable import API

@Suite("Who may ask", .serialized)
struct AccessTests {
    private let world = APIWorld.shared

    @Test(
        "another name than this machine's is refused: DNS rebinding",
        arguments: [
            "evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil",
            "127.0.0.1:80:80", "", "127.0.0.1:", "[::1", "127.0.0.1@evil.example",
        ])
    func rebinding(host: String) {
        #expect(world.ask("GET", "/api/v1/runs", host: host).status == 421)
    }

    @Test("a request without a Host is refused, this machine's names are taken")
    func hosts() throws {
        #expect(world.ask("GET", "/api/v1/runs", host: nil).status == 421)
        for host in ["127.0.0.1", "localhost:1", "LOCALHOST", "[::1]:8080"] {
            #expect(world.ask("GET", "/api/v1/runs", host: host).status == 200, "\(host)")
        }
        var rules = Gatekeeper.Rules()
        rules.hosts = ["recount.example"]
        let keeper = Gatekeeper(world.data, rules) { 0 }
        try keeper.check(host: "recount.example:443")
        #expect(throws: Problem.self) { try keeper.check(host: "recount.example.evil") }
    }

    @Test("reads need a token from elsewhere alone, writes always, and each its role")
    func roles() throws {
        let away = "192.0.2.7"
        #expect(world.ask("GET", "/api/v1/runs").status == 200)
        #expect(world.ask("GET", "/api/v1/runs", peer: away).status == 401)
        #expect(world.ask("GET", "/api/v1/runs", as: .reader, peer: away).status == 200)
        for route in APIService.allRoutes where route.isWrite {
            let target = route.path.replacing("{id}", with: "r1")
            let nobody = world.ask("POST", target, body: "{}")
            #expect(nobody.status == 401, "\(route.path)")
            #expect(nobody.field("www-authenticate")?.hasPrefix("Bearer") == true)
            for role in Role.allCases where role < route.role {
                #expect(world.ask("POST", target, as: role, body: "{}").status == 403)
            }
        }
    }

    @Test("a token is taken where the replaced systems' clients send theirs; two must be one")
    func headers() throws {
        let secret = try #require(world.secrets[.reader])
        for name in ["apikey", "x-api-key", "x-sync-api-key"] {
            let answer = world.ask(
                "GET", "/api/v1/runs", fields: [(name, secret)], peer: "192.0.2.8")
            #expect(answer.status == 200, "\(name)")
        }
        let two = world.ask(
            "GET", "/api/v1/runs", as: .admin, fields: [("apikey", secret)], peer: "192.0.2.8")
        #expect(two.status == 401)
        let basic = world.ask(
            "GET", "/api/v1/runs", fields: [("authorization", "Basic \(secret)")])
        #expect(basic.status == 401)
    }

    @Test("whoever guesses tokens is not listened to for a while, and others are")
    func guessing() throws {
        let away = "198.51.100.9"
        let now = Mutex(0.0)
        let keeper = Gatekeeper(world.data, Gatekeeper.Rules()) { now.withLock { $0 } }
        func guess(_ text: String, from peer: String = away) -> Int {
            do {
                _ = try keeper.caller(
                    APIRequest(
                        method: "GET", target: "/",
                        fields: [("authorization", "Bearer \(text)")],
                        peer: .init(address: peer)))
                return 200
            } catch {
                return (error as? Problem)?.status ?? 0
            }
        }
        let right = try #require(world.secrets[.admin])
        #expect(
            (0..<12).map { guess("rct_\($0)") } == Array(repeating: 401, count: 10) + [429, 429])
        // Not even a right one, or the answer would tell which it was.
        #expect(guess(right) == 429)
        #expect(guess(right, from: "198.51.100.10") == 200)
        now.withLock { $0 = 120 }
        #expect(guess(right) == 200)
    }

    @Test("a caller has so many requests at once, and more with time")
    func rate() {
        var rules = Gatekeeper.Rules()
        (rules.perSecond, rules.burst) = (1, 5)
        let keeper = Gatekeeper(world.data, rules) { 10 }
        let request = APIRequest(method: "GET", target: "/", peer: .init(address: "127.0.0.1"))
        let caller = Caller(name: nil, role: .reader)
        let taken = (0..<8).filter { _ in (try? keeper.admit(caller, request)) != nil }
        #expect(taken.count == 5)
        #expect((try? keeper.admit(Caller(name: "anna", role: .reader), request)) != nil)
    }

    @Test("what a page of another site makes a browser send writes nothing: CSRF")
    func crossSite() {
        let body = #"{"reason":"x"}"#
        for fields in [
            [("sec-fetch-site", "cross-site")], [("sec-fetch-site", "same-site")],
            [("origin", "http://evil.example")], [("origin", "null")],
            [("origin", "http://127.0.0.1:9999")],
        ] {
            let answer = world.ask("POST", "/api/v1/halts", as: .admin, body: body, fields: fields)
            #expect(answer.status == 403, "\(fields)")
        }
        // The one action of a call that reads otherwise.
        let mode = world.ask(
            "POST", "/functions/v1/reference-portfolio", as: .admin,
            body: #"{"action":"set-trading-mode","mode":"live","reason":"x"}"#,
            fields: [("origin", "http://evil.example")])
        #expect(mode.status == 403)
        // A form cannot send JSON, and nothing else is read.
        let form = world.ask(
            "POST", "/api/v1/halts", as: .admin, body: "reason=x",
            fields: [("content-type", "application/x-www-form-urlencoded")])
        #expect(form.status == 415)
    }

    @Test("a token holds 256 random bits; its file has a hash alone, for the owner's eyes")
    func secrets() throws {
        let folder = DataFolder(NSTemporaryDirectory() + "recount-tokens-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        var book = try TokenBook(folder)
        let (entry, secret) = try book.create(name: "anna", role: .operator, at: .epoch)
        let other = try book.create(name: "bob", role: .reader, at: .epoch).secret
        #expect(secret != other && secret.hasPrefix("rct_") && secret.utf8.count == 47)
        let path = "\(folder.path)/\(TokenBook.fileName)"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(!text.contains(secret.dropFirst(4)) && text.contains(entry.sha256))
        var status = stat()
        try #require(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(try TokenBook(folder).token(of: secret)?.name == "anna")
        _ = try book.revoke("anna", at: .epoch)
        #expect(try TokenBook(folder).token(of: secret) == nil)
        #expect(throws: TokenError.self) { try book.revoke("anna", at: .epoch) }
        #expect(throws: TokenError.self) { try book.create(name: "bob", role: .admin, at: .epoch) }
        #expect(throws: TokenError.self) {
            try book.create(name: "a\nb", role: .admin, at: .epoch)
        }
        chmod(path, 0o644)
        #expect(throws: TokenError.self) { try TokenBook(folder) }
    }

    @Test("every answer tells browsers not to frame, guess or keep it, and lets no script in line")
    func security() {
        for answer in [world.ask("GET", "/"), world.ask("GET", "/nowhere")] {
            let policy = answer.field("content-security-policy") ?? ""
            #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
            #expect(answer.field("x-content-type-options") == "nosniff")
            #expect(answer.field("x-frame-options") == "DENY")
            #expect(answer.field("x-request-id")?.isEmpty == false)
        }
    }
}
