import Synchronization

/// Who is logged in with a browser: a cookie for a token. Kept in memory alone: a restart ends all.
final class SessionBook: Sendable {
    /// A login.
    struct Session: Hashable, Sendable {
        /// The id of the token.
        let token: String
        /// What forms must send back.
        let formKey: String
        /// When it ends, seconds of the service's clock.
        let end: Double
    }

    /// The cookie's name.
    static let cookie = "recount_session"
    /// Seconds that a login lasts.
    static let seconds = 43_200.0
    /// Logins that are kept; beyond it the oldest end.
    private static let most = 1_000

    private let elapsed: @Sendable () -> Double
    private let sessions = Mutex<[(secret: String, session: Session)]>([])

    init(elapsed: @escaping @Sendable () -> Double) { self.elapsed = elapsed }

    /// Begins a login of a token; gives the secret for the cookie.
    func begin(token: String) -> String {
        let secret = TokenBook.secret()
        let session = Session(
            token: token, formKey: TokenBook.secret(), end: elapsed() + SessionBook.seconds)
        sessions.withLock { sessions in
            sessions.append((TokenBook.hash(secret), session))
            if sessions.count > SessionBook.most { sessions.removeFirst() }
        }
        return secret
    }

    /// The login of a secret; nil for none that lasts.
    func session(of secret: String) -> Session? {
        let (hash, now) = (TokenBook.hash(secret), elapsed())
        return sessions.withLock { sessions in
            sessions.removeAll { $0.session.end < now }
            return sessions.first { $0.secret == hash }?.session
        }
    }

    /// Ends a login.
    func end(_ secret: String) {
        let hash = TokenBook.hash(secret)
        sessions.withLock { $0.removeAll { $0.secret == hash } }
    }

    /// The secret in a request's cookies; nil without one.
    static func secret(_ request: APIRequest) -> String? {
        for (_, value) in request.fields where value.contains(cookie) {
            for part in value.split(separator: ";") {
                let sides = part.split(separator: "=", maxSplits: 1)
                if sides.count == 2, sides[0].drop(while: { $0 == " " }) == cookie {
                    return String(sides[1])
                }
            }
        }
        return nil
    }
}

extension Gatekeeper {
    /// Logs in with a token: gives the cookie.
    ///
    /// - Throws: `Problem` 401 for one that does not hold, 429 for too many wrong ones.
    func logIn(_ secret: String, from peer: APIRequest.Peer) throws -> String {
        let entry = try entry(of: secret, from: peer)
        return "\(SessionBook.cookie)=\(sessions.begin(token: entry.id)); Path=/; HttpOnly; "
            + "SameSite=Strict; Max-Age=\(Int(SessionBook.seconds))"
    }

    /// Ends the login of a request: gives the cookie that takes it away.
    func logOut(_ request: APIRequest) -> String {
        if let secret = SessionBook.secret(request) { sessions.end(secret) }
        return "\(SessionBook.cookie)=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"
    }

    /// Who is logged in; nil for nobody, or where the token was revoked since.
    func visitor(_ request: APIRequest) throws -> Caller? {
        guard let secret = SessionBook.secret(request),
            let session = sessions.session(of: secret),
            let entry = try book().entries.first(where: {
                $0.id == session.token && $0.revoked == nil
            })
        else { return nil }
        return Caller(name: entry.name, role: entry.role, formKey: session.formKey)
    }
}

extension SiteCall {
    /// Logs in with a token, and gives the cookie that says so from then on.
    ///
    /// - Throws: `Problem` 401 for one that does not hold, 429 for too many wrong ones.
    public func logIn(_ secret: String) throws -> String {
        try service.gatekeeper.logIn(secret, from: request.peer)
    }

    /// Ends the login, and gives the cookie that says so.
    public func logOut() -> String { service.gatekeeper.logOut(request) }
}
