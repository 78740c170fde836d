public import EventLog
import Events
import Logging
public import Market
import Pipeline

/// What makes tasks that send a run's orders, and knows for which modes there are keys.
public struct BrokerSource {
    /// Makes the task of a run, once the run is open.
    public typealias Maker = (
        _ run: String, _ folder: DataFolder, _ data: EventLog, _ terms: BrokerTerms, _ adopts: Bool
    ) throws -> any BrokerStepping

    let make: Maker
    let credentials: () -> [String]
    let version: (BrokerTerms) -> String

    /// A source: what makes tasks, the modes for which there are keys now, and what changes when
    /// the keys of an account do.
    public init(
        credentials: @escaping () -> [String] = { [] },
        version: @escaping (BrokerTerms) -> String = { _ in "" }, make: @escaping Maker
    ) {
        (self.make, self.credentials, self.version) = (make, credentials, version)
    }
}

/// The task that sends a run's orders, made anew where the run trades with another account.
struct BrokerDesk {
    private let configuration: Daemon.Configuration
    private let data: EventLog
    private let source: BrokerSource?
    private let logger: Logger
    private var history: AccountHistory?
    private var terms: BrokerTerms?
    private var task: (any BrokerStepping)?
    private var failedAt: Instant?
    private var version = ""
    private var versionAt: Instant?

    /// Nothing is made yet; there is none at the simulated market.
    init(
        _ configuration: Daemon.Configuration, in data: EventLog, source: BrokerSource?,
        logger: Logger
    ) throws {
        (self.configuration, self.data, self.source) = (configuration, data, source)
        self.logger = logger
        let name = configuration.run
        let live = try RunManifest.read(in: try configuration.folder.existingRun(name))?.live
        guard let live, live.broker != RunManifest.Live.simulated else { return }
        guard source != nil else { throw ServiceError.noBroker(name, live.broker) }
        history = try AccountHistory(live, data)
    }

    /// The account as it was looked at last.
    var standing: AccountStanding? { task?.standing }

    /// Whether the run trades with money.
    var isLive: Bool { history?.terms?.name == BrokerTerms.live }

    /// Modes for which there are keys; nil at the simulated market.
    var credentials: [String]? { history == nil ? nil : source?.credentials() }

    /// Makes the task.
    ///
    /// - Throws: what making a task throws: a service does not start without its broker.
    mutating func connect() throws {
        guard let terms = history?.terms else { return }
        try make(terms)
    }

    /// Does what is due at the broker; whether anything was written.
    mutating func step(at now: Instant, _ loop: any LiveLoop) throws -> Bool {
        guard var history else { return false }
        try history.look(data)
        self.history = history
        if let wanted = history.terms {
            if wanted != terms {
                change(to: wanted, at: now)
            } else if isStale(wanted, at: now) {
                rotate(wanted)
            }
        }
        return try task?.step(at: now, loop) ?? false
    }

    /// What people are to be told that no event tells.
    mutating func takeNotices() -> [String] { task?.takeNotices() ?? [] }

    /// What the broker's clock shows; nil where it does not answer.
    mutating func clock() -> Instant? { task?.clock() }

    private mutating func make(_ wanted: BrokerTerms) throws {
        guard let source else { return }
        let version = source.version(wanted)
        task = try source.make(
            configuration.run, configuration.folder, data, wanted, configuration.adopts)
        (terms, self.version) = (wanted, version)
    }

    /// Whether the keys are others than those that the task was made with, looked at every ten
    /// seconds.
    private mutating func isStale(_ terms: BrokerTerms, at now: Instant) -> Bool {
        if let versionAt, now < versionAt.adding(seconds: 10) { return false }
        versionAt = now
        return source.map { $0.version(terms) != version } ?? false
    }

    /// The keys have changed: a task is made with the new ones. Where they are not good the one
    /// with those of before goes on, and that is tried again once they change again.
    private mutating func rotate(_ terms: BrokerTerms) {
        do {
            try make(terms)
            logger.notice("the broker's keys were read anew")
        } catch {
            version = source?.version(terms) ?? ""
            logger.error("the broker's new keys are not good", metadata: ["why": "\(error)"])
        }
    }

    /// The run trades with another account: without its keys nothing is sent, and that is tried
    /// again each minute.
    private mutating func change(to wanted: BrokerTerms, at now: Instant) {
        if let failedAt, now < failedAt.adding(seconds: 60) { return }
        do {
            try judge(now)
            try make(wanted)
            failedAt = nil
            logger.notice(
                "the account has changed",
                metadata: ["broker": "\(wanted.name)", "account": "\(wanted.account ?? "?")"])
        } catch {
            (task, failedAt) = (nil, now)
            logger.error("the broker cannot be reached", metadata: ["why": "\(error)"])
        }
    }

    /// Money is traded with only by a service that was started for it.
    func judge(_ now: Instant) throws {
        guard let history, let terms = history.terms else { return }
        let stands = history.custody.custody(.liveNotAllowed) != nil
        let isRefused = terms.isLive && !configuration.allowsLive
        guard stands != isRefused else { return }
        let flags = try OperatorLedger.flags(of: data)
        try data.append(now: now) { (batch: inout AppendBatch) in
            let envelope = Envelope(
                knownAt: batch.now, recordedAt: batch.now, actor: .scheduler,
                flags: flags)
            if isRefused {
                batch.append(
                    CustodyBegan(
                        envelope: envelope, cause: .liveNotAllowed, account: terms.account,
                        text: Array("the service was started without --allow-live".utf8)))
            } else {
                let why =
                    terms.isLive
                    ? "the service was started with --allow-live" : "the run trades on paper"
                batch.append(
                    CustodyEnded(envelope: envelope, cause: .liveNotAllowed, text: Array(why.utf8)))
            }
        }
    }
}

/// A start that decided the last sessions otherwise than they are recorded.
struct RecordedDifference {
    let run: String
    let position: UInt64
    /// The program that ran it before; nil where nothing says.
    let previous: String?
    let text: String

    /// Whether another version of the program had decided it.
    var isOfOtherVersion: Bool { previous.map { $0 != Program.name } ?? false }

    /// Records it, once for each program, and that the run is in custody where the same version
    /// decided both.
    func record(in log: EventLog, _ folder: DataFolder, now: Instant) throws {
        var isKnown = false
        try log.read { record in
            guard try MessageHeader(record.message).templateID == DecisionsDiffered.templateID
            else {
                return .proceed
            }
            let event = try DecisionsDiffered(message: record.message)
            isKnown =
                isKnown
                || event.run == run && event.position == position && event.program == program
            return .proceed
        }
        guard !isKnown else { return }
        let flags = try OperatorLedger.flags(of: log)
        try log.append(now: now) { (batch: inout AppendBatch) in
            let envelope = Envelope(
                knownAt: batch.now, recordedAt: batch.now, actor: .scheduler, flags: flags)
            batch.append(
                DecisionsDiffered(
                    envelope: envelope, position: position, run: WireText.fitted(run, length: 48),
                    previous: previous.map { WireText.fitted($0, length: 24) }, program: program,
                    text: Array(text.utf8)))
            guard !isOfOtherVersion else { return }
            batch.append(
                CustodyBegan(
                    envelope: envelope, cause: .decidedOtherwise, text: Array(text.utf8)))
        }
    }

    private var program: String { WireText.fitted(Program.name, length: 24) }
}
