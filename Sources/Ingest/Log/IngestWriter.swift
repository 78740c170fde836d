public import EventLog
public import Events

/// Puts facts into a data log, each natural key once, in durable commits of bounded size.
///
/// Keys are folded from the log under the writer's lock, so two importers at work at once add
/// nothing twice.
public final class IngestWriter {
    /// Most events of a commit.
    public static let maximumEvents = 10_000
    /// Most bytes of a commit, about.
    public static let maximumBytes = 32 << 20

    /// Events of this import that were not in the log.
    public private(set) var added = 0
    /// Commits made.
    public private(set) var commits = 0

    private let log: any Log
    private let isForced: Bool
    /// Whether the file being read is simulated.
    private var isSimulated = false
    private var file = ""
    /// Whether the log's facts are simulated; nil while it has none.
    private var world: Bool?
    private let clock: () -> Instant
    private var known: Set<EventKey> = []
    private var folded: UInt64 = 0
    private var pending: [(event: any EventMessage, settle: (Bool) -> Void)] = []
    private var pendingBytes = 0

    /// A writer to a data log; `clock` gives the time of recording.
    ///
    /// With `marksSimulated` every file is taken for simulated, whether or not it says so itself.
    public init(
        _ log: any Log, marksSimulated: Bool = false, clock: @escaping () -> Instant
    ) {
        self.log = log
        self.clock = clock
        isForced = marksSimulated
    }

    /// Starts a file; what is put from here on is marked as simulated when it is.
    ///
    /// - Throws: `IngestError.mixedWorlds` when the log holds facts of the other kind.
    func begin(_ name: String, isSimulated: Bool) throws {
        try flush()
        file = name
        self.isSimulated = isSimulated || isForced
        if world == nil {
            try log.read(from: 1, through: 1, check: .checksum) { record in
                world = try Envelope(message: record.message).flags.contains(.simulated)
                return .stop
            }
        }
        try checkWorld()
    }

    private func checkWorld() throws {
        guard let world, world != isSimulated else { return }
        throw IngestError(
            .mixedWorlds, file: file,
            isSimulated
                ? "is simulated, and the data folder holds real facts; "
                    + "ingest it into a folder of its own (--data)"
                : "is not marked as simulated, and the data folder holds a simulated world; ingest "
                    + "it into a folder of its own (--data), or say --simulated if it is")
    }

    /// Queues a fact; `settle` hears at the commit whether it was new.
    public func put(_ event: any EventMessage, settle: @escaping (Bool) -> Void) throws {
        var event = event
        if isSimulated { event.envelope.flags.insert(.simulated) }
        pending.append((event, settle))
        pendingBytes += EventBuffer.size(of: event)
        if pending.count >= IngestWriter.maximumEvents
            || pendingBytes >= IngestWriter.maximumBytes
        {
            try flush()
        }
    }

    /// Commits what is queued.
    public func flush() throws {
        guard !pending.isEmpty else { return }
        var settled: [Bool] = []
        var fresh: [EventKey] = []
        do {
            try log.append(now: clock()) { (batch: inout AppendBatch) in
                try fold(&batch)
                try checkWorld()
                for (event, _) in pending {
                    settled.append(try append(event, to: &batch, &fresh))
                }
            }
        } catch {
            // What was not committed is not known; a later flush may put it again.
            for key in fresh { known.remove(key) }
            throw error
        }
        if !fresh.isEmpty { world = isSimulated }
        // The keys entered `known` one by one; their positions have been read already.
        folded += UInt64(fresh.count)
        added += fresh.count
        if !fresh.isEmpty { commits += 1 }
        for (index, (_, settle)) in pending.enumerated() { settle(settled[index]) }
        pending.removeAll(keepingCapacity: true)
        pendingBytes = 0
    }

    private func append(
        _ event: any EventMessage, to batch: inout AppendBatch, _ fresh: inout [EventKey]
    ) throws -> Bool {
        var event = event
        event.envelope.recordedAt = batch.now
        let message = event.encoded()
        guard let key = try EventKey.of(message.span.bytes) else {
            preconditionFailure("an importer writes facts with natural keys")
        }
        guard known.insert(key).inserted else { return false }
        batch.append(encoded: message.span.bytes)
        fresh.append(key)
        return true
    }

    private func fold(_ batch: inout AppendBatch) throws {
        let last = batch.head.position
        guard folded < last else { return }
        try batch.read(from: folded + 1) { record in
            if let key = try EventKey.of(record.message) { known.insert(key) }
            if record.position == 1 {
                world = try Envelope(message: record.message).flags.contains(.simulated)
            }
            return .proceed
        }
        folded = last
    }
}

extension EventBuffer {
    /// About how many bytes an event takes.
    static func size(of event: any EventMessage) -> Int {
        switch event {
        case let event as SessionClosed: 256 + 48 * event.bars.count
        case let event as DisclosureFiled: 512 + event.row.count
        case let event as DisclosureAmended: 512 + event.row.count
        case let event as DisclosureWithdrawn: 512 + event.row.count
        case let event as DisclosureRejected: 512 + event.row.count
        default: 1_024
        }
    }
}
