public import EventLog
public import Events
import FeedbackLoop

/// What a fork says of itself: what it left, when, and what was changed.
public struct ForkOrigin: Sendable {
    /// The name of the run that it left.
    public let parent: String
    /// Where.
    public let position: MergedPosition
    /// The event that it left it behind.
    public let event: Reference
    /// When it did, on the simulated clock.
    public let instant: Instant
    /// Who made it.
    public let who: String
    /// The settings that were changed.
    public let changes: [SettingChange]
    /// How many facts were left out, and how many added.
    public let facts: (without: Int, with: Int)
    /// The day from which a live run's rehearsal decided; nil for a fork that is none, and for a
    /// live run that started cold.
    public let rehearsedFrom: Day?
    /// Whether it is a live run, which left its rehearsal.
    public let isLive: Bool

    /// Reads it; nil for a run that is no fork.
    public static func read(_ run: OpenedRun) throws -> ForkOrigin? {
        guard let parent = run.manifest?.parent, let start = try ForkStart.read(run),
            let opening = try RunOpening.read(run.log)
        else { return nil }
        let before = try text(run.merged, before: parent.position.own)
        let live = run.manifest?.live
        let from = run.manifest?.firstDay.flatMap { day in
            live.flatMap { day < $0.instant.day ? day : nil }
        }
        return ForkOrigin(
            parent: parent.run, position: parent.position, event: opening.forkedAt,
            instant: opening.envelope.knownAt, who: opening.who ?? "",
            changes: SettingChange.all(
                from: before, to: String(decoding: opening.text, as: UTF8.self)),
            facts: start.act.facts.map { FactChanges.counts($0) } ?? (0, 0),
            rehearsedFrom: from, isLive: live != nil)
    }

    /// The settings in force at an own position.
    private static func text(_ run: MergedLog, before own: UInt64) throws -> String {
        let first = ([0] + run.forks.map(\.own)).last { $0 < own } ?? 0
        let opening = try RecordedSettings.opening(run, at: first + 1)
        return opening.map { String(decoding: $0.text, as: UTF8.self) } ?? ""
    }

    /// `fork of first behind r4973, 2013-03-01T03:00:00Z`.
    public var place: String {
        isLive
            ? "live run that goes on behind \(parent), from \(instant) on"
            : "fork of \(parent) behind \(event), \(instant)"
    }

    /// One line for whoever reads a report: `fork of first behind r4973, 2013-03-01T03:00:00Z:
    /// slippage_bp 5 to 10`.
    ///
    /// Of a live run it says where its figures begin.
    public var summary: String {
        if isLive {
            let start = rehearsedFrom.map { "warm, rehearsed from \($0) on" } ?? "cold"
            return "\(place): started \(start); figures, trades and cash begin there"
        }
        var what = changes.map(\.description)
        if facts.without > 0 { what.append("facts without \(facts.without)") }
        if facts.with > 0 { what.append("facts with \(facts.with) others") }
        return "\(place): "
            + (what.isEmpty ? "nothing changed" : what.joined(separator: ", "))
    }
}
