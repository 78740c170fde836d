import EventLog
import Events
import Foundation
import Logging
import Pipeline
import Synchronization
import TestKit
import TestWorlds

@testable import Service

/// A file world whose daemon tells people.
final class AlertWorld {
    let files: FileWorld
    let strategy: BuiltStrategy
    let clock: ScriptedClock
    let lines = Lines()
    private let stopped = Mutex(false)

    /// Log lines of a daemon.
    final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    /// Keeps log lines.
    private struct Keeper: LogHandler {
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace
        let lines: Lines
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            lines.all.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
        }
    }

    /// A world; with `comes` false no file ever comes.
    init(seed: UInt64, sessions: Int = 90, comes: Bool = true) throws {
        let files = try FileWorld(seed: seed, sessions: sessions, history: 60)
        self.files = files
        strategy = .loop(try SmallWorld.strategy())
        let start = try EventLog.open(at: files.data.log).head().recordedAt
        clock = ScriptedClock(start) { now in
            let then = comes ? files.step(now) : now.adding(seconds: 3_600)
            if comes { try? files.come(through: then) }
            return then
        }
    }

    var data: DataFolder { files.data }

    var log: EventLog {
        get throws { try EventLog.open(at: data.log) }
    }

    /// Runs a daemon until an instant.
    func run(
        _ senders: [any AlertSender], through end: Instant? = nil, flags: [String] = [],
        schedule: AlertSchedule = AlertSchedule(), probe: DaemonProbe = DaemonProbe(),
        while isWanted: @escaping () -> Bool = { true }
    ) throws {
        let end = end ?? Instant(files.last + 1, hour: 7)
        var configuration = Daemon.Configuration(
            folder: data, strategy: strategy,
            settings: try ServiceSettings.load(data, flags: flags))
        configuration.senders = senders
        configuration.alertSchedule = schedule
        let (lines, clock) = (lines, clock)
        let daemon = Daemon(
            configuration, clock: clock,
            logger: Logger(label: "test") { _ in Keeper(lines: lines) }, trainer: nil,
            prefix: { 0xABCD }, probe: probe)
        try daemon.run { clock.now() < end && isWanted() }
    }

    /// Positions of the run's own events of a type, as the run counts.
    func own(_ template: UInt16) throws -> [UInt64] {
        let run = try data.openRun("live")
        let offset = run.manifest?.parent?.position.own ?? 0
        var found: [UInt64] = []
        try run.log.read { record in
            if try MessageHeader(record.message).templateID == template {
                found.append(record.position + offset)
            }
            return .proceed
        }
        return found
    }

    /// Appends a halt of a person, as `recount halt` does.
    func halt(_ reason: String) throws -> UInt64 {
        try OperatorLedger.halt(
            .person, who: "Ada", reason: reason,
            in: try EventLog.open(at: data.log, access: .write), now: clock.now()
        ).position
    }
}

/// Keeps what it is given; refuses, waits or dies as it is told.
final class ScriptedSender: AlertSender {
    let channel: AlertChannel
    let place = "a list"
    let got = Mutex<[Alert]>([])
    private let answer: @Sendable (_ count: Int, _ isOver: () -> Bool) -> AlertAnswer

    init(
        _ channel: AlertChannel = .command,
        answer: @escaping @Sendable (_ count: Int, _ isOver: () -> Bool) -> AlertAnswer = { _, _ in
            .taken
        }
    ) {
        (self.channel, self.answer) = (channel, answer)
    }

    func send(_ alert: Alert, at now: Instant, until isOver: () -> Bool) -> AlertAnswer {
        let count = got.withLock { got in
            got.append(alert)
            return got.count
        }
        return answer(count, isOver)
    }

    var ids: [String] { got.withLock { $0.map(\.id) } }
}
