import Events
import Foundation
import Service
import Synchronization

/// A clock that its parent keeps: it stands still until it is waited for, then asks for the time.
///
/// A line `step` goes out; a line of two numbers comes back: nanoseconds of the wall clock since
/// 1970, and of one that nobody sets.
final class PipeClock: ServiceClock {
    private struct Times {
        var wall: Instant
        var steady: Int64
    }

    private let times: Mutex<Times>

    /// A clock that has asked once.
    init() throws {
        times = Mutex(try PipeClock.ask())
    }

    private static func ask() throws -> Times {
        try FileHandle.standardOutput.write(contentsOf: Data("step\n".utf8))
        guard let line = readLine() else { throw ProofFailure("the parent is gone") }
        let numbers = line.split(separator: " ").compactMap { Int64($0) }
        guard numbers.count == 2 else { throw ProofFailure("a time is no time: \(line)") }
        return Times(wall: Instant(rawValue: numbers[0]), steady: numbers[1])
    }

    func now() -> Instant { times.withLock { $0.wall } }

    func elapsed() -> Double { times.withLock { Double($0.steady) / 1e9 } }

    func wait(_ seconds: Double, until isDone: () -> Bool) {
        // Without a parent nothing goes on.
        guard let then = try? PipeClock.ask() else { exit(75) }
        times.withLock { $0 = then }
    }
}
