public import EventLog
public import Events
import Foundation

/// Derives a timeline from a data log: its market facts in order of knowledge.
///
/// Order: knownAt, kind, natural key. Sessions are merged to one event a day. The same facts give
/// the same seal on any machine, whatever order they were ingested in.
public enum Timeline {
    /// What a derivation left out, and where the timeline lies.
    public struct Derived: Sendable {
        /// The timeline's head; its seal names it.
        public var head: LogHead
        /// The timeline's folder.
        public var path: String
        /// What was merged and left out; nil when the timeline was there already.
        public var merged: SessionMerge.Counts?
        /// What is strange about its prices; nil where an earlier program derived it.
        public var quality: PriceQuality?
    }

    /// The timeline of the data log as it stands now; derived unless it is there already.
    public static func ensure(_ folder: DataFolder, log: EventLog) throws -> Derived {
        let head = try log.head()
        let note = "\(folder.timelines)/by-head/\(head.seal)\(noteSuffix)"
        if let text = try? String(contentsOfFile: note, encoding: .utf8), let seal = Digest(text) {
            let path = folder.timeline(seal)
            if let timeline = try? EventLog.open(at: path), try timeline.head().seal == seal {
                return Derived(
                    head: try timeline.head(), path: path, merged: nil,
                    quality: try PriceQuality.read(of: timeline))
            }
        }
        let derived = try derive(folder, log: log, through: head.position)
        try write("\(derived.head.seal)", to: note)
        return derived
    }

    /// Notes of programs that took numbers of any size into a timeline have none.
    private static let noteSuffix = ".in-range"

    /// Notes which timeline a head gives: what is lost of it is derived again.
    private static func write(_ text: String, to note: String) throws(LogError) {
        do {
            try FileManager.default.createDirectory(
                atPath: FilePath.parent(note),
                withIntermediateDirectories: true)
            try text.write(toFile: note, atomically: true, encoding: .utf8)
        } catch {
            let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            throw .system(
                path: note, operation: "write", code: cause.map { Int32($0.code) } ?? EIO)
        }
    }

    /// The identity of every timeline: the rule that derives it. What it is made from is in its
    /// seal.
    public static let identity = LogIdentity(
        kind: .timeline,
        logID: Digest(bytes: Array("recount timeline, derivation 1 ".utf8) + [0]),
        schemaVersion: EventSchema.version)

    static func derive(
        _ folder: DataFolder, log: EventLog, through last: UInt64, _ edit: FactEdit = FactEdit()
    ) throws -> Derived {
        let facts = try FactIndex(log, through: last, edit)
        let (merge, head) = try LogBuilder.build(
            at: "\(folder.timelines)/new", identity: identity, keepsExisting: true,
            place: { folder.timeline($0.seal) }
        ) { builder in
            try write(facts, &builder)
        }
        try merge.quality.write(beside: folder.timeline(head.seal), seal: head.seal)
        return Derived(
            head: head, path: folder.timeline(head.seal), merged: merge.counts,
            quality: merge.quality)
    }

    /// The seal of the timeline that the facts up to a position give: derived in a folder of its
    /// own, which is gone again afterwards.
    public static func rederived(_ log: EventLog, through last: UInt64) throws -> Digest {
        try aside(log, through: last, FactEdit()) { try $0.head().seal }
    }

    /// Lends the timeline that the facts up to a position give, without some and with others:
    /// derived in a folder of its own, which is gone again afterwards.
    public static func aside<Result>(
        _ log: EventLog, through last: UInt64, _ edit: FactEdit,
        _ body: (EventLog) throws -> Result
    ) throws -> Result {
        let scratch = NSTemporaryDirectory() + "recount-timeline-\(getpid())-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let facts = try FactIndex(log, through: last, edit)
        _ = try LogBuilder.build(at: "\(scratch)/again", identity: identity) {
            try write(facts, &$0)
        }
        return try body(try EventLog.open(at: "\(scratch)/again"))
    }

    /// The positions of the data log at which its facts may have given a timeline, the likeliest
    /// first: where its own note says, then every commit, the newest first.
    public static func heads(
        _ log: EventLog, giving timeline: Digest, in folder: DataFolder
    ) throws -> [UInt64] {
        let commits = try log.commits(from: 1).reversed()
        let noted = commits.filter { commit in
            ["", noteSuffix].contains { suffix in
                let note = "\(folder.timelines)/by-head/\(commit.seal)\(suffix)"
                return (try? String(contentsOfFile: note, encoding: .utf8)) == "\(timeline)"
            }
        }
        var positions: [UInt64] = []
        for position in (noted + commits).map(\.head.position)
        where !positions.contains(position) {
            positions.append(position)
        }
        return positions
    }

    /// Writes all facts in order; one commit a session, holding what became known since the last.
    private static func write(
        _ facts: FactIndex, _ builder: inout LogBuilder
    ) throws -> SessionMerge {
        var merge = SessionMerge()
        var instruments = Instruments(facts.symbolChanges)
        var dropped = 0
        var buffer = EventBuffer()
        var next = 0
        var latest = Instant.epoch
        var models: [[UInt8]: UInt64] = [:]
        for day in facts.days {
            guard let session = try merge.merge(day, facts, &instruments) else { continue }
            let knownAt = session.envelope.knownAt
            while next < facts.others.count, facts.others[next].knownAt <= knownAt {
                try append(facts, next, instruments, &models, &dropped, &builder)
                next += 1
            }
            buffer.removeAll()
            session.encode(into: &buffer)
            try builder.append(buffer.bytes)
            precondition(knownAt >= latest, "sessions become known in order of their days")
            latest = knownAt
            try builder.commit(recordedAt: latest)
        }
        while next < facts.others.count {
            instruments.begin(facts.others[next].knownAt.day)
            try append(facts, next, instruments, &models, &dropped, &builder)
            latest = max(latest, facts.others[next].knownAt)
            next += 1
        }
        try builder.commit(recordedAt: latest)
        merge.end(facts, instruments, dropped: dropped)
        return merge
    }

    /// Appends a fact under the symbols of its instruments; an action that is in the prices is
    /// left out. Predictions name their model by its position here, noted in `models`.
    private static func append(
        _ facts: FactIndex, _ number: Int, _ instruments: borrowing Instruments,
        _ models: inout [[UInt8]: UInt64], _ dropped: inout Int, _ builder: inout LogBuilder
    ) throws {
        let fact = facts.others[number]
        guard let message = try stated(fact, facts, instruments, isBehindSession: true, models)
        else {
            dropped += 1
            return
        }
        try builder.append(message.span.bytes)
        if try MessageHeader(message.span.bytes).templateID == ModelImported.templateID {
            models[try facts.message(of: fact).message] = builder.position
        }
    }

    /// A fact as a timeline tells it; nil for an action that is in the prices.
    ///
    /// `isBehindSession` says whether the bars of the session that follows the fact were merged.
    static func stated(
        _ fact: FactIndex.Fact, _ facts: FactIndex, _ instruments: borrowing Instruments,
        isBehindSession: Bool, _ models: [[UInt8]: UInt64]
    ) throws -> [UInt8]? {
        let (message, model) = try facts.message(of: fact)
        switch try MessageHeader(message.span.bytes).templateID {
        case CorporateActionAnnounced.templateID:
            var action = try CorporateActionAnnounced(message: message.span.bytes)
            guard action.kind != .symbolChange else { return action.encoded() }
            action.ticker = instruments.instrument(action.ticker, at: fact.knownAt)
            let isInPrices = instruments.isInPrices(action, isBehindSession: isBehindSession)
            return isInPrices ? nil : action.encoded()
        case PredictionsImported.templateID:
            let renamed = try instruments.renamed(
                message, template: PredictionsImported.templateID, at: fact.knownAt)
            var predictions = try PredictionsImported(message: renamed.span.bytes)
            if let position = models[model] { predictions.model = .timeline(position) }
            return predictions.encoded()
        case let template:
            return try instruments.renamed(message, template: template, at: fact.knownAt)
        }
    }
}
