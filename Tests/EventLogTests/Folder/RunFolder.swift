import EventLog
import Events
import Foundation
import TestKit

/// A data folder with runs over one small timeline.
struct RunFolder {
    let folder = TemporaryFolder()
    let data: DataFolder
    let drawn: Interleaving
    /// The seal of the timeline.
    let timeline: Digest

    init(seed: UInt64 = 51) throws {
        drawn = Interleaving(seed: seed)
        data = DataFolder(folder.path)
        let drawn = drawn
        let log = try Interleaving.log(
            "\(folder.path)/timelines/new", .timeline,
            drawn.facts.indices.map { drawn.fact($0 + 1) })
        timeline = try log.head().seal
        try FileManager.default.moveItem(
            atPath: "\(folder.path)/timelines/new", toPath: data.timeline(timeline))
    }

    /// An id that tells runs apart.
    static func id(_ name: String) -> Digest {
        Digest(w0: UInt64(name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }), w1: 1, w2: 1, w3: 1)
    }

    func manifest(_ name: String, parent: RunManifest.Parent? = nil) -> RunManifest {
        RunManifest(
            logID: RunFolder.id(name), timeline: timeline, firstDay: Day("2020-01-02"),
            lastDay: nil, strategy: "feed\"back\\",
            strategyDigest: Digest(w0: 2, w1: 3, w2: 4, w3: 5),
            parent: parent)
    }

    /// Builds a run of messages; a finished one ends with an event that names the timeline.
    @discardableResult
    func make(
        _ name: String, _ messages: [[UInt8]]? = nil, manifest: RunManifest?,
        finished: Digest?? = nil
    ) throws -> LogHead {
        let identity = LogIdentity(
            kind: .run, logID: RunFolder.id(name), schemaVersion: EventSchema.version)
        let messages = messages ?? drawn.own.indices.map { drawn.event($0 + 1) }
        return try LogBuilder.build(at: data.run(name), identity: identity, manifest: manifest) {
            builder in
            for message in messages { try builder.append(message.span.bytes) }
            if let finished {
                let read = drawn.own.last?.through ?? 0
                let end = RunFinished(
                    envelope: Envelope(
                        knownAt: .epoch, recordedAt: .epoch, causation: .none, correlation: .none,
                        through: read, ordinal: 0, actor: .loop, flags: []),
                    timeline: finished, lastDay: nil, sessions: 0, timelineEvents: read,
                    hindsightFacts: 0)
                try builder.append(end.encoded().span.bytes)
            }
            try builder.commit(recordedAt: .epoch)
        }.head
    }

    /// The path of a run's manifest.
    func manifestPath(_ name: String) throws -> String {
        "\(try data.run(name))/\(RunManifest.fileName)"
    }

    func write(_ text: String, to name: String) throws {
        try text.write(toFile: manifestPath(name), atomically: false, encoding: .utf8)
    }
}
