public import EventLog

/// Readers that held one snapshot from look to look while the log grew.
public struct StuckReaders: Sendable {
    /// Seconds after which a reader that holds an old snapshot is called stuck.
    public static let seconds = 0.5

    private struct Sighting: Sendable {
        let view: String
        let reader: LogReader
        let snapshot: UInt64
        let since: ContinuousClock.Instant
    }

    private var sightings: [Sighting] = []

    /// Before the first look.
    public init() {}

    /// Looks at the readers of all views.
    public mutating func look(_ views: [ViewStatus]) {
        let now = ContinuousClock.now
        let before = sightings
        sightings = []
        for view in views {
            for reader in view.readers {
                guard let snapshot = reader.snapshot, reader.lag ?? 0 > 0 else { continue }
                let known = before.first {
                    $0.view == view.name && $0.reader.process == reader.process
                        && $0.reader.thread == reader.thread && $0.snapshot == snapshot
                }
                sightings.append(
                    Sighting(
                        view: view.name, reader: reader, snapshot: snapshot,
                        since: known?.since ?? now))
            }
        }
    }

    /// The readers of a view that are stuck, and for how many seconds so far.
    public func stuck(_ view: String) -> [(reader: LogReader, seconds: Double)] {
        let now = ContinuousClock.now
        return sightings.filter { $0.view == view }
            .map { ($0.reader, (now - $0.since) / .seconds(1)) }
            .filter { $0.1 >= StuckReaders.seconds }
    }
}
