public import EventLog
public import Events
import FeedbackLoop
public import Pipeline

/// Models of a run that were trained, were not promoted and await a person, and those that did.
///
/// A later training takes their place as challenger and not their place here: each is held until
/// it is promoted, a person refuses it, or nobody has decided in time.
public struct AwaitedCandidates: Sendable {
    /// What became of a candidate.
    public enum Status: String, Sendable {
        /// It awaits a person.
        case held
        /// It became champion.
        case promoted
        /// A person refused it.
        case refused
        /// Nobody decided in time.
        case expired
        /// Its file is lost.
        case lost
    }

    /// A model that was held.
    public struct Candidate: Sendable {
        /// The model.
        public let model: Reference
        /// Its artefact.
        public let artefact: Digest
        /// When it was held.
        public let heldAt: Instant
        /// Why it was not promoted.
        public let held: HoldReason
        /// Until when somebody may decide.
        public let until: Instant
        /// How it did on the holdout beside the champion; nil where it was not compared.
        public internal(set) var comparison: ModelCompared?
        /// What became of it.
        public internal(set) var status = Status.held
        /// Why, in words.
        public internal(set) var reason: String
        /// The request for its promotion that waits; nil without one.
        public internal(set) var request: String?
    }

    /// Every one, in order of when it was held first.
    public private(set) var all: [Candidate] = []

    /// Days for which a candidate awaits a person.
    public static let days: Int64 = 28

    private var artefacts = Lookup<Reference, Digest>()
    private var compared = Lookup<Reference, ModelCompared>()
    private var waiting = Lookup<Reference, HoldReason>()

    /// Reads a run. Of a live run `now` says what expired; of a backtest, which is over, its end.
    public init(_ run: OpenedRun, _ book: ApprovalBook, now: Instant) throws {
        var read = self
        var end = now
        try run.merged.readFacts { reference, message in
            if try MessageHeader(message).templateID == ModelImported.templateID {
                read.artefacts[reference] = try ModelImported(message: message).source
            }
            return .proceed
        }
        try run.merged.readOwn { reference, message in
            try read.take(message, at: reference)
            end = try Envelope(message: message).knownAt
            return .proceed
        }
        self = read
        let instant = run.manifest?.live == nil ? end : now
        for place in all.indices { decide(place, book, at: instant, asked: now) }
    }

    private mutating func take(_ message: RawSpan, at reference: Reference) throws {
        switch try MessageHeader(message).templateID {
        case ModelTrained.templateID:
            artefacts[reference] = try ModelTrainedView(message).artefact
        case ModelCompared.templateID:
            let event = try ModelCompared(message: message)
            compared[event.challenger] = event
        case ModelHeldAsCandidate.templateID:
            let event = try ModelHeldAsCandidate(message: message)
            // What waits for more rows is compared again by itself.
            guard event.reason != .awaitingHoldout else {
                waiting[event.model] = event.reason
                return
            }
            hold(event.model, event.reason, at: event.envelope.knownAt)
        case ModelPromoted.templateID:
            let event = try ModelPromoted(message: message)
            settle(
                event.model, .promoted,
                "on \(event.envelope.knownAt)" + (event.who.map { " by \($0)" } ?? ""))
        case ModelRetired.templateID:
            let event = try ModelRetired(message: message)
            switch event.reason {
            case .artefactLost: settle(event.model, .lost, "its file is lost")
            case .superseded:
                // It will not be compared any more.
                if let reason = waiting[event.model] {
                    hold(event.model, reason, at: event.envelope.knownAt)
                }
            default: break
            }
        default: break
        }
    }

    private mutating func hold(_ model: Reference, _ reason: HoldReason, at instant: Instant) {
        guard let artefact = artefacts[model], !all.contains(where: { $0.model == model }) else {
            return
        }
        all.append(
            Candidate(
                model: model, artefact: artefact, heldAt: instant, held: reason,
                until: instant.adding(seconds: AwaitedCandidates.days * 86_400),
                comparison: compared[model], reason: "\(reason)"))
    }

    private mutating func settle(_ model: Reference, _ status: Status, _ reason: String) {
        guard let place = all.lastIndex(where: { $0.model == model && $0.status == .held }) else {
            return
        }
        (all[place].status, all[place].reason) = (status, reason)
    }

    private mutating func decide(
        _ place: Int, _ book: ApprovalBook, at instant: Instant, asked now: Instant
    ) {
        guard all[place].status == .held else { return }
        let candidate = all[place]
        if let refused = book.refusedCandidates.last(where: {
            $0.event.artefact == candidate.artefact
                && $0.event.envelope.knownAt >= candidate.heldAt
        }) {
            let why = String(decoding: refused.event.text, as: UTF8.self)
            settle(
                candidate.model, .refused, "by \(refused.event.who), d\(refused.position): \(why)")
            return
        }
        let request = book.requests.last {
            $0.request.act == .promotion && $0.request.artefact == candidate.artefact
                && $0.status(at: now) == .pending
        }
        if let request {
            all[place].request = request.id
        } else if instant >= candidate.until {
            settle(
                candidate.model, .expired,
                "nobody decided within \(AwaitedCandidates.days) days, by \(candidate.until)")
        }
    }
}
