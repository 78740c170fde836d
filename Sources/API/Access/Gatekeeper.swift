public import EventLog
import Events
import Synchronization

/// Who asks, once it is known.
struct Caller: Hashable, Sendable {
    /// `who` of what is recorded: a token's name; nil for somebody on this machine without one.
    let name: String?
    /// What may be done.
    let role: Role
    /// What a form must send back, of whoever is known by a cookie: it is taken where pages and
    /// their forms are asked for, and by no call that writes.
    var formKey: String?
}

/// Decides who may ask for what, and how often: `Host`, token, rate.
public final class Gatekeeper: Sendable {
    /// What is let through.
    public struct Rules: Hashable, Sendable {
        /// Names by which the service is reached beside those of this machine.
        public var hosts: [String] = []
        /// Requests of one caller in a second, in the mean.
        public var perSecond = 200.0
        /// Requests of one caller at once.
        public var burst = 400.0
        /// Wrong tokens of one address in a minute, after which it is not listened to.
        public var failures = 10.0

        /// The defaults.
        public init() {}
    }

    private struct State {
        var book: TokenBook?
        var version: Int64 = -1
        var buckets: [String: Bucket] = [:]
    }

    private struct Bucket {
        var left: Double
        var at: Double
    }

    private let folder: DataFolder
    private let rules: Rules
    private let elapsed: @Sendable () -> Double
    private let state = Mutex(State())
    let sessions: SessionBook

    /// Of a folder's tokens.
    ///
    /// - Parameter elapsed: seconds of a clock that never goes back.
    public init(_ folder: DataFolder, _ rules: Rules, elapsed: @escaping @Sendable () -> Double) {
        (self.folder, self.rules, self.elapsed) = (folder, rules, elapsed)
        sessions = SessionBook(elapsed: elapsed)
    }

    /// Callers whose rate is remembered.
    private static let mostBuckets = 10_000

    /// Refuses a request whose `Host` is none of this service's: a page of the web whose name was
    /// made to lead here would send its own.
    func check(host: String?) throws(Problem) {
        guard let host, let name = Gatekeeper.name(ofHost: host),
            Gatekeeper.loopback.contains(name) || rules.hosts.contains(name)
        else {
            throw Problem(
                421, "host",
                "the Host is none of this service's: write 127.0.0.1 or localhost, or name it in "
                    + "http_hosts")
        }
    }

    /// The names of this machine.
    private static let loopback = ["127.0.0.1", "localhost", "[::1]"]

    /// The name in a `Host`, in small letters, without its port; nil for what is none.
    static func name(ofHost host: String) -> String? {
        let text = host.lowercased()
        let end =
            text.hasPrefix("[")
            ? text.firstIndex(of: "]").map { text.index(after: $0) }
            : text.firstIndex(of: ":") ?? text.endIndex
        guard let end, end != text.startIndex else { return nil }
        let port = text[end...]
        let isPort =
            port.isEmpty
            || port.first == ":" && port.count > 1
                && port.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) }
        let name = text[..<end]
        let isPlain = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
                || [0x2D, 0x2E, 0x3A, 0x5B, 0x5D].contains(byte)
        }
        return isPort && isPlain ? String(name) : nil
    }

    /// Who asks: by the token of a request, or as somebody on this machine.
    ///
    /// - Throws: `Problem` 401 for a token that does not hold, 429 for an address that tried too
    ///   many.
    func caller(_ request: APIRequest, isOpen: Bool = false) throws -> Caller {
        guard let secret = try Gatekeeper.secret(request) else {
            if let visitor = try visitor(request) { return visitor }
            guard request.peer.isLoopback || isOpen else {
                throw Gatekeeper.unauthorized("no token came")
            }
            return Caller(name: nil, role: .reader)
        }
        let entry = try entry(of: secret, from: request.peer)
        return Caller(name: entry.name, role: entry.role)
    }

    /// The token of a secret that came from an address.
    func entry(of secret: String, from peer: APIRequest.Peer) throws -> TokenBook.Entry {
        let guesses = "guesses \(peer.address)"
        guard has(guesses, 1, rate: rules.failures / 60, most: rules.failures) else {
            throw Problem(
                429, "tokens", "too many wrong tokens came from this address; wait a minute",
                fields: [("retry-after", "60")])
        }
        guard let entry = try book().token(of: secret) else {
            take(guesses, 1)
            throw Gatekeeper.unauthorized("the token does not hold")
        }
        return entry
    }

    /// Takes a request from a caller's allowance.
    func admit(_ caller: Caller, _ request: APIRequest) throws(Problem) {
        let name = "rate " + (caller.name.map { "token \($0)" } ?? request.peer.address)
        guard has(name, 1, rate: rules.perSecond, most: rules.burst) else {
            throw Problem(
                429, "rate", "more than \(Int(rules.perSecond)) requests a second; wait",
                fields: [("retry-after", "1")])
        }
        take(name, 1)
    }

    /// Refuses whoever may not do what is asked.
    func check(_ caller: Caller, may role: Role, isWrite: Bool) throws(Problem) {
        guard !isWrite || caller.name != nil && caller.formKey == nil else {
            throw Gatekeeper.unauthorized(
                "writing needs a token, also on this machine: recountd token create --role "
                    + role.rawValue)
        }
        guard caller.role >= role else {
            throw Problem(
                403, "role",
                "this needs the role \(role.rawValue), and the token has \(caller.role.rawValue)")
        }
    }

    /// The secret of a request: as `Authorization: Bearer`, or where the replaced systems' clients
    /// send theirs.
    private static func secret(_ request: APIRequest) throws -> String? {
        let names = ["authorization", "apikey", "x-api-key", "x-sync-api-key"]
        let sent = request.fields.filter { names.contains($0.name) }
        var secrets: [String] = []
        for (name, value) in sent {
            guard name == "authorization" else {
                secrets.append(value)
                continue
            }
            guard value.lowercased().hasPrefix("bearer ") else {
                throw unauthorized("Authorization takes Bearer TOKEN")
            }
            secrets.append(String(value.dropFirst(7).drop { $0 == " " }))
        }
        guard secrets.allSatisfy({ $0 == secrets[0] }) else {
            throw unauthorized("different tokens came in one request")
        }
        return secrets.first
    }

    private static func unauthorized(_ why: String) -> Problem {
        Problem(
            401, "token", "\(why); send Authorization: Bearer TOKEN (recountd token create)",
            fields: [("www-authenticate", "Bearer realm=\"recount\"")])
    }

    /// The tokens, read again once their file has changed.
    func book() throws -> TokenBook {
        let version = TokenBook.version(folder)
        if let book = state.withLock({ $0.version == version ? $0.book : nil }) { return book }
        let book: TokenBook
        do {
            book = try TokenBook(folder)
        } catch let error as TokenError {
            throw Problem(503, "tokens", error.description)
        }
        state.withLock { ($0.book, $0.version) = (book, version) }
        return book
    }

    /// Whether there is something left of an allowance that fills itself again.
    private func has(_ name: String, _ count: Double, rate: Double, most: Double) -> Bool {
        let now = elapsed()
        return state.withLock { state in
            var bucket = state.buckets[name] ?? Bucket(left: most, at: now)
            bucket.left = min(most, bucket.left + (now - bucket.at) * rate)
            bucket.at = now
            if state.buckets.count > Gatekeeper.mostBuckets {
                // Who was not heard for a minute begins anew.
                state.buckets = state.buckets.filter { now - $0.value.at < 60 }
                if state.buckets.count > Gatekeeper.mostBuckets { state.buckets = [:] }
            }
            state.buckets[name] = bucket
            return bucket.left >= count
        }
    }

    private func take(_ name: String, _ count: Double) {
        state.withLock { $0.buckets[name]?.left -= count }
    }
}
