public import EventLog
public import Events
import Foundation
import Market
public import Pipeline

extension ModeChange.Evidence {
    /// What a change of a live run's mode is judged by, as its folder has it now.
    ///
    /// - Throws: `LiveRunError.notLive` for a backtest.
    public init(_ run: OpenedRun, _ halts: StandingHalts, data log: EventLog, in folder: DataFolder)
        throws
    {
        guard let manifest = run.manifest?.live else { throw LiveRunError.notLive(run.name) }
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path)
        let owner = (attributes[.ownerAccountID] as? NSNumber)?.uint32Value
        self.init(
            history: try AccountHistory(manifest, log),
            standing: try DaemonStanding.read(run.name, in: folder),
            isRunning: FileLock.isHeld(try DaemonStanding.lockPath(run.name, in: folder)),
            isOwner: owner == geteuid(), halts: halts.book.standing.map(\.cause))
    }
}

/// The trading mode of a live run, its history, and what a change of it lacks.
public struct ModeAnswer: Sendable {
    /// What a change is judged by.
    public let evidence: ModeChange.Evidence
    /// The run's name.
    public let run: String
    private let now: Instant

    /// Of a run by evidence.
    public init(_ evidence: ModeChange.Evidence, run: String, now: Instant) {
        (self.evidence, self.run, self.now) = (evidence, run, now)
    }

    /// `paper`, `live`, or `simulated`.
    public var mode: String {
        evidence.history.terms.map { $0.isLive ? "live" : "paper" } ?? "simulated"
    }

    /// What a change to the other mode lacks; the phrase apart, which comes with it.
    public var lacking: [String] {
        guard let terms = evidence.history.terms else { return [] }
        let other = ModeChange(to: terms.isLive ? .paper : .live, phrase: "live account 1")
        return other.objections(evidence, at: now)
    }

    /// As a JSON object.
    public var json: String {
        var object = JSONObject()
        object.text("run", run)
        object.text("mode", mode)
        object.text(
            "account", evidence.history.terms?.account ?? evidence.standing?.account?.account)
        object.real("equity", evidence.standing?.account?.equity)
        object.real("cash", evidence.standing?.account?.cash)
        object.text(
            "looked_at",
            evidence.standing?.account.map { "\(Instant(rawValue: $0.second * 1_000_000_000))" })
        object.json("custody", list(evidence.history.custody.standing.map { "\($0.cause)" }))
        object.json(
            "differences",
            list(
                evidence.history.differences.map { String(decoding: $0.event.text, as: UTF8.self) })
        )
        object.json(
            "left_alone",
            list(evidence.history.leftAlone.map { String(decoding: $0.text, as: UTF8.self) }))
        object.json("lacking", list(lacking))
        object.json("history", JSONObject.list(evidence.history.changes.map { entry($0) }))
        return object.text
    }

    private func entry(_ change: (position: UInt64, change: AccountHistory.Change)) -> String {
        var entry = JSONObject()
        entry.integer("position", change.position)
        switch change.change {
        case .mode(let event):
            entry.text("kind", "mode")
            entry.text("at", "\(event.envelope.knownAt)")
            entry.text("mode", "\(event.mode)")
            entry.text("account", event.account)
            entry.text("who", event.who)
            entry.text("reason", String(decoding: event.text, as: UTF8.self))
        case .takeover(let event):
            entry.text("kind", "takeover")
            entry.text("at", "\(event.envelope.knownAt)")
            entry.text("mode", nil)
            entry.text("account", event.account)
            entry.text("who", event.who)
            entry.text("reason", String(decoding: event.text, as: UTF8.self))
        }
        return entry.text
    }

    private func list(_ texts: [String]) -> String {
        JSONObject.list(texts.map { JSONText.quoted($0) })
    }
}
