public import Events

/// What needs a second person, and what became of each request: a fold of the data log.
public struct ApprovalBook: Sendable {
    /// How many people promotions, rollbacks, resumes and changes of the mode need from now on.
    public private(set) var people = 1
    /// Every request, in order.
    public private(set) var requests: [Approval] = []
    /// Candidates that a person refused, in order, each with the position of that.
    public private(set) var refusedCandidates: [(position: UInt64, event: ApprovalRefused)] = []

    /// Days after which nobody can approve a request any more.
    public static let validDays: Int64 = 7

    /// Nothing was asked for.
    public init() {}

    /// Whether an act waits for a second person.
    public var needsSecond: Bool { people > 1 }

    /// Takes an event of the data log; others are left out.
    mutating func take(_ message: RawSpan, at position: UInt64) throws(DecodingError) {
        switch try MessageHeader(message).templateID {
        case ApprovalsRequired.templateID:
            people = Int(try ApprovalsRequired(message: message).people)
        case ApprovalRequested.templateID:
            requests.append(
                Approval(position: position, request: try ApprovalRequested(message: message)))
        case ApprovalCommented.templateID:
            let event = try ApprovalCommented(message: message)
            change(event.request) { $0.comments.append(.init(position: position, event: event)) }
        case ApprovalGranted.templateID:
            let event = try ApprovalGranted(message: message)
            change(event.request) { $0.decision = .granted(position, event) }
        case ApprovalRefused.templateID:
            let event = try ApprovalRefused(message: message)
            if event.request == .none {
                refusedCandidates.append((position, event))
            } else {
                change(event.request) { $0.decision = .refused(position, event) }
            }
        default: break
        }
    }

    private mutating func change(_ request: Reference, _ body: (inout Approval) -> Void) {
        guard let place = requests.lastIndex(where: { .own($0.position) == request }) else {
            return
        }
        body(&requests[place])
    }

    /// A request that waits for somebody; nil where it is none, decided or expired.
    func pending(like request: ApprovalRequested, at now: Instant) -> Approval? {
        requests.last { $0.status(at: now) == .pending && $0.request.asksTheSame(as: request) }
    }

    /// A request by its position.
    public func request(at position: UInt64) -> Approval? {
        requests.last { $0.position == position }
    }
}

/// A request for an act that needs a second person.
public struct Approval: Sendable {
    /// How far it is.
    public enum Status: String, CaseIterable, Sendable {
        /// Nobody has decided.
        case pending
        /// A second person approved, and the act was recorded with that.
        case approved
        /// Somebody refused, or whoever asked took it back.
        case refused
        /// Nobody decided in time.
        case expired
    }

    /// What somebody said of it.
    public struct Comment: Sendable {
        /// Its position in the data log.
        public let position: UInt64
        /// The event.
        public let event: ApprovalCommented
    }

    /// What a person decided.
    public enum Decision: Sendable {
        /// It was approved at a position of the data log.
        case granted(UInt64, ApprovalGranted)
        /// It was refused at a position of the data log.
        case refused(UInt64, ApprovalRefused)
    }

    /// Its position in the data log.
    public let position: UInt64
    /// What is asked for.
    public let request: ApprovalRequested
    /// What people said of it, in order.
    public internal(set) var comments: [Comment] = []
    /// What a person decided; nil before, and where nobody did in time.
    public internal(set) var decision: Decision?

    /// A request that nobody has said anything of.
    public init(position: UInt64, request: ApprovalRequested) {
        (self.position, self.request) = (position, request)
    }

    /// Its id: `d` and its position in the data log.
    public var id: String { "d\(position)" }

    /// What it asks for, in words.
    public var words: String {
        switch request.act {
        case .promotion: "promote \(request.model ?? "a model") of run \(request.run ?? "?")"
        case .rollback: "roll back \(request.model ?? "a model") of run \(request.run ?? "?")"
        case .resume: "resume" + (request.cause.map { " from \($0)" } ?? "")
        case .custodyEnd: "end custody"
        case .modeChange:
            "change the mode to \(request.mode.map { "\($0)" } ?? "?")"
                + (request.account.map { ", account \($0)" } ?? "")
        case .requirement: "need \(request.people ?? 1) people for such acts"
        case .unrecognised: "something that this program does not know"
        }
    }

    /// How far it is at an instant.
    public func status(at now: Instant) -> Status {
        switch decision {
        case .granted: .approved
        case .refused: .refused
        case nil: now < request.expiresAt ? .pending : .expired
        }
    }

    /// Whether a name is that of whoever asked.
    public func isAsked(by who: String) -> Bool {
        Approval.person(who) == Approval.person(request.who)
    }

    /// A name as it is compared: neither case nor blanks make another person.
    private static func person(_ name: String) -> String {
        name.lowercased().filter { !$0.isWhitespace }
    }
}

extension ApprovalRequested {
    /// Whether another asks for the same, whoever asks and why.
    func asksTheSame(as other: ApprovalRequested) -> Bool {
        act == other.act && artefact == other.artefact && cause == other.cause
            && mode == other.mode && adopts == other.adopts && equity == other.equity
            && account == other.account && people == other.people && run == other.run
    }
}
