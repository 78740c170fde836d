import CPlatform
public import Events

/// How far a log goes, and the seal over all of it.
public struct LogHead: Hashable, Sendable {
    /// Position of the last event; 0 in an empty log.
    public var position: UInt64
    /// Seal of the last commit; zero in an empty log.
    public var seal: Digest
    /// When the last commit was recorded.
    public var recordedAt: Instant

    /// A log without events.
    public static let empty = LogHead(
        position: 0, seal: .zero, recordedAt: Instant(rawValue: .min))
}

/// What a log says of itself.
public struct LogIdentity: Hashable, Sendable {
    /// What it holds.
    public var kind: LogKind
    /// Random in a data log; in a timeline or run a digest of what it is made from.
    public var logID: Digest
    /// Version of the event schema that its writer knew.
    public var schemaVersion: UInt16

    /// An identity from its parts.
    public init(kind: LogKind, logID: Digest, schemaVersion: UInt16) {
        self.kind = kind
        self.logID = logID
        self.schemaVersion = schemaVersion
    }
}

/// Whether a walk over records goes on.
public enum ReadControl: Sendable {
    /// Lend the next record.
    case proceed
    /// End the walk.
    case stop
}

/// Whether a read compares each record with its checksum.
public enum RecordCheck: Sendable {
    /// Every record.
    case checksum
    /// None: for a log whose very seal has been verified.
    case trust
}

/// One event as it lies in the log, lent for the length of a call.
public struct Record: ~Escapable {
    /// Its position, from 1.
    public let position: UInt64
    /// The message: header, block, groups, data; without the checksum.
    public let message: RawSpan

    private let stored: RawSpan

    @_lifetime(copy stored)
    init(position: UInt64, message: RawSpan, stored: RawSpan) {
        self.position = position
        self.message = _overrideLifetime(message, copying: stored)
        self.stored = stored
    }

    /// Checks a stored value and takes it apart.
    @_lifetime(copy stored)
    package init(
        stored: RawSpan, position: UInt64, expected: UInt64, check: RecordCheck, path: String
    ) throws(LogError) {
        guard position == expected else {
            throw .gap(path: path, expected: expected, found: position)
        }
        guard stored.byteCount > 4 else { throw .damaged(path: path, position: position) }
        if check == .checksum {
            let length = stored.byteCount - 4
            let matches = stored.withUnsafeBytes { bytes in
                recount_record_crc(position, bytes.baseAddress, length)
                    == bytes.loadUnaligned(fromByteOffset: length, as: UInt32.self)
            }
            guard matches else { throw .damaged(path: path, position: position) }
        }
        self.init(position: position, message: stored.extracting(droppingLast: 4), stored: stored)
    }

    /// Lends the record as it is stored: the message and its checksum.
    func withStored(_ body: (RawSpan) throws -> Void) rethrows {
        try body(stored)
    }
}
