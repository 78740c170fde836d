import EventLog
import Events
import Foundation
import Logging
import Pipeline
import Service
import ServiceLifecycle
import XGBoost

/// A world made, and then the loop over it, fed day by day.
struct DemoService: ServiceLifecycle.Service {
    let folder: DataFolder
    let clock: DemoClock
    let logger: Logger
    let isReady: Latch
    let failures: FailureCount
    let probe: DaemonProbe

    func run() async throws {
        let (folder, clock, logger) = (folder, clock, logger)
        let world = try await DemoService.onThread {
            try DemoService.prepare(folder, clock, logger)
        }
        let isNew = try !EventLog.isLog(folder.run("live"))
        var configuration = Daemon.Configuration(folder: folder)
        if isNew {
            configuration.strategy = try StrategyFile.load("feedback")
                .following(try folder.calendar())
            configuration.warmFrom = world.split - DemoService.rehearsedDays
        }
        let daemon = DaemonService(
            configuration, logger: logger,
            trainer: CachedTrainer(
                XGBoostTrainer(), store: ModelStore("\(folder.path)/models")),
            isReady: isReady, failures: failures, probe: probe, clock: clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await daemon.run() }
            group.addTask {
                try await cancelWhenGracefulShutdown {
                    try await DemoService.feed(world, folder, clock)
                }
            }
            do {
                try await group.next()
                group.cancelAll()
            } catch is CancellationError {
                try await group.next()
            }
        }
    }

    /// Days of the history that the run learns from before it begins.
    private static let rehearsedDays = 540

    /// Makes the world and its log where they are not there, and sets the clock: to the morning
    /// after the history, or to where an earlier start ended.
    private static func prepare(
        _ folder: DataFolder, _ clock: DemoClock, _ logger: Logger
    ) throws -> DemoWorld {
        let path = "\(folder.path)/world"
        let world = try DemoWorld(in: path)
        let first = Instant(world.split + 1, hour: 6, minute: 0)
        let standing = try? DaemonStanding.read("live", in: folder)
        let before = standing.flatMap { Instant($0.instant) } ?? first
        clock.start(at: max(first, before), end: Instant(world.last + 1, hour: 6, minute: 0))
        if !EventLog.isLog(folder.log) {
            try world.ingestHistory(folder, world: path, clock: clock, logger)
        }
        return world
    }

    /// Puts each day's files into the inbox behind its close, as a fetcher would.
    private static func feed(_ world: DemoWorld, _ folder: DataFolder, _ clock: DemoClock)
        async throws
    {
        var day = clock.now().day
        while day <= world.last {
            while clock.now() < Instant(day, hour: 20, minute: 30) {
                try await Task.sleep(for: .milliseconds(50))
            }
            try world.put(day, in: folder)
            day = day + 1
        }
        // The world is over; what was made of it stays to be looked at.
        while true { try await Task.sleep(for: .seconds(3_600)) }
    }

    /// Runs what takes long on a thread of its own.
    private static func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread { continuation.resume(with: Result { try body() }) }
            thread.stackSize = 8 << 20
            thread.start()
        }
    }
}
