import EventLog
import Events
import Foundation
import Pipeline
import TestWorlds

/// A world whose daemon is killed, to its end.
final class ProofRun {
    let world: FileWorld
    private let options: ProofOptions
    private let arguments: [String]
    /// What follows the clock: the exchange.
    private let advance: (Instant) -> Void
    /// The next instant.
    private let next: (Instant) -> Instant
    private(set) var now: Instant
    private let end: Instant
    /// How far the wall clock is off what nobody sets, seconds.
    private var offset: Int64 = 0
    private var jumps = false
    private(set) var (kills, starts, steps) = (0, 0, 0)
    /// Memory and open files of each daemon, as it was killed or ended.
    private(set) var footprints: [(kibibytes: Int, files: Int)] = []
    private var generator = SystemRandomNumberGenerator()

    /// Before the first start; with `jumps` the wall clock is set now and then.
    init(
        _ world: FileWorld, _ options: ProofOptions, arguments: [String], jumps: Bool = false,
        next: @escaping (Instant) -> Instant, advance: @escaping (Instant) -> Void = { _ in }
    ) throws {
        (self.world, self.options, self.next, self.advance) = (world, options, next, advance)
        self.jumps = jumps
        now = try EventLog.open(at: world.data.log).head().recordedAt
        end = Instant(world.last + 1, hour: 5, minute: 10)
        self.arguments = ["--data", world.data.path, "--until", "\(end.rawValue)"] + arguments
    }

    /// Runs it; `progress` is told of each start.
    func run(progress: (ProofRun) -> Void) throws {
        // A daemon that dies while it is told the time is no reason to die.
        signal(SIGPIPE, SIG_IGN)
        var isOver = false
        while !isOver {
            starts += 1
            progress(self)
            let child = try ProofChild(arguments)
            let limit = kills < options.kills ? Int.random(in: 1...2 * options.steps) : .max
            var (taken, isKilled) = (0, false)
            while child.asks() {
                step()
                child.tell(now.rawValue + offset * 1_000_000_000, now.rawValue)
                (steps, taken) = (steps + 1, taken + 1)
                if taken % 64 == 0 { footprints.append(child.footprint) }
                guard taken >= limit else { continue }
                footprints.append(child.footprint)
                child.kill(afterMicroseconds: UInt32.random(in: 0...20_000, using: &generator))
                (kills, isKilled) = (kills + 1, true)
                break
            }
            guard !isKilled else { continue }
            try child.finish()
            isOver = now >= end
        }
    }

    private func step() {
        now = max(now, next(now))
        try? world.come(through: now)
        advance(now)
        guard jumps else { return }
        if offset != 0 {
            if world.chance(0.3) { offset = 0 }
        } else if world.chance(0.004) {
            offset = world.chance(0.5) ? 86_400 : -7_200
        }
    }
}
