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
    public static let maximumBytes = 16 << 20

    /// Events of this import that were not in the log.
    public private(set) var added = 0
    /// Commits made.
    public private(set) var commits = 0

    let log: any Log
    private let isForced: Bool
    /// What a log begins with, by the first file of which facts are put.
    public struct Beginning {
        /// Whether its facts are simulated.
        public var isSimulated: Bool
        /// The dates of its bars and how many each has, ascending; none of a file without bars.
        public var dates: [(day: Day, bars: Int)]
    }

    /// The event that the log begins with.
    private let preamble: (Beginning) throws -> (any EventMessage)?
    private var beginning: (any EventMessage)?
    private var isBeginningKnown = false
    /// The dates of the bars of the file that was read last, its last part, and how many each has.
    public internal(set) var dates: [(day: Day, bars: Int)] = []
    /// Whether the file being read is simulated.
    private var isSimulated = false
    private var file = ""
    /// Whether the log's facts are simulated; nil while it has none.
    private var world: Bool?
    private let clock: () -> Instant
    private var known = KeyTable()
    private var rehearsed: [EventKey] = []
    private var folded: UInt64 = 0
    private var pending: [(event: any EventMessage, settle: (Bool) -> Void)] = []
    private var pendingBytes = 0

    /// A writer to a data log; `clock` gives the time of recording.
    ///
    /// With `marksSimulated` every file is taken for simulated, whether or not it says so itself.
    /// A log without an event gets that of `preamble` before the first fact, in the same commit.
    public init(
        _ log: any Log, marksSimulated: Bool = false,
        preamble: @escaping (Beginning) throws -> (any EventMessage)? = { _ in nil },
        clock: @escaping () -> Instant
    ) {
        self.log = log
        self.preamble = preamble
        self.clock = clock
        isForced = marksSimulated
    }

    /// Starts a file; what is put from here on is marked as simulated when it is.
    ///
    /// - Throws: `IngestError.mixedWorlds` when the log holds facts of the other kind.
    func begin(_ name: String, isSimulated: Bool) throws {
        try flush()
        file = name
        dates = []
        self.isSimulated = isSimulated || isForced
        if world == nil {
            try log.read(from: 1, through: 1, check: .checksum) { record in
                world = try Envelope(message: record.message).flags.contains(.simulated)
                return .stop
            }
        }
        try checkWorld()
    }

    /// Whether nothing was put into the log yet.
    var isAtBeginning: Bool { get throws { try log.head().position == 0 } }

    /// Whether what is put is decided as ever and kept nowhere.
    var isRehearsal: Bool { (log as? DeferredLog)?.isRehearsal ?? false }

    /// The last day that a real fact can be of; nil in a simulated world, which has its own time.
    var today: Day? { isSimulated ? nil : clock().day }

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
        var begun: UInt64 = 0
        // Asked before the log is made, so that a refusal leaves none behind.
        try findBeginning()
        do {
            try log.append(now: clock()) { (batch: inout AppendBatch) in
                try fold(&batch)
                try checkWorld()
                begun = begin(&batch)
                for (event, _) in pending {
                    settled.append(try append(event, to: &batch, &fresh))
                }
            }
        } catch {
            // What was not committed is not known: all is read again, and may be put again.
            known.removeAll()
            rehearsed = []
            folded = 0
            throw error
        }
        if !fresh.isEmpty { world = isSimulated }
        // The keys entered `known` one by one; their positions have been read already.
        folded += begun + UInt64(fresh.count)
        // A rehearsal forgets what it appends: its keys are looked up here.
        if try log.head().position < folded { rehearsed += fresh }
        added += fresh.count
        if !fresh.isEmpty { commits += 1 }
        for (index, (_, settle)) in pending.enumerated() { settle(settled[index]) }
        pending.removeAll(keepingCapacity: true)
        pendingBytes = 0
    }

    /// Asks once what the log is to begin with.
    private func findBeginning() throws {
        guard !isBeginningKnown, try isAtBeginning else { return }
        beginning = try preamble(Beginning(isSimulated: isSimulated, dates: dates))
        isBeginningKnown = true
    }

    /// What a log begins with; returns how many events that is.
    private func begin(_ batch: inout AppendBatch) -> UInt64 {
        guard batch.head.position == 0, var event = beginning else { return 0 }
        if isSimulated { event.envelope.flags.insert(.simulated) }
        event.envelope.recordedAt = batch.now
        let message = event.encoded()
        batch.append(encoded: message.span.bytes)
        return 1
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
        let position = batch.nextPosition + UInt64(rehearsed.count)
        guard try insert(key, at: position, &batch, fresh) else { return false }
        batch.append(encoded: message.span.bytes)
        fresh.append(key)
        return true
    }

    /// Notes a key, unless an event of the log or of this batch has it.
    private func insert(
        _ key: EventKey, at position: UInt64, _ batch: inout AppendBatch, _ fresh: [EventKey]
    ) throws -> Bool {
        let head = batch.head.position
        let begun = UInt64(batch.count - fresh.count)
        let rehearsed = rehearsed
        return try known.insert(key, at: position) { place in
            if place > head {
                let index = Int(place - head - begun) - 1
                return index < rehearsed.count
                    ? rehearsed[index] : fresh[index - rehearsed.count]
            }
            var found: EventKey?
            try batch.read(from: place) { record in
                found = try EventKey.of(record.message)
                return .stop
            }
            return found
        }
    }

    private func fold(_ batch: inout AppendBatch) throws {
        let last = batch.head.position
        guard folded < last else { return }
        // Keys of the log are distinct but for what another program may have written twice.
        var found: [(key: EventKey, position: UInt64)] = []
        while folded < last {
            found.removeAll(keepingCapacity: true)
            try batch.read(from: folded + 1) { record in
                if let key = try EventKey.of(record.message) {
                    found.append((key, record.position))
                }
                if record.position == 1 {
                    world = try Envelope(message: record.message).flags.contains(.simulated)
                }
                folded = record.position
                return found.count < IngestWriter.maximumEvents ? .proceed : .stop
            }
            for (key, position) in found { _ = try insert(key, at: position, &batch, []) }
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
