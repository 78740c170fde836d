import ArgumentParser
import Events
import Foundation
import Pipeline
import Synchronization

/// One line on standard error that is overwritten, with the time that is left where the whole is
/// known; on a terminal alone, and not under `--quiet`. Work of under a second shows nothing.
struct Progress {
    private static let quiet = Atomic<Bool>(false)

    /// Shows nothing from now on, in the whole process.
    static func beQuiet() { quiet.store(true, ordering: .relaxed) }

    private static var isPossible: Bool {
        isTerminal(.standardError) && !quiet.load(ordering: .relaxed)
    }

    private let isShown = Progress.isPossible
    private let startedAt = Date()
    private var shownAt = Date.distantPast

    /// Shows what is done, and with the part of it that is, from 0 to 1, the time left.
    mutating func show(_ text: @autoclosure () -> String, done: Double? = nil) {
        guard isShown else { return }
        let now = Date()
        guard now.timeIntervalSince(startedAt) > 1, now.timeIntervalSince(shownAt) > 0.1
        else { return }
        shownAt = now
        Progress.write(
            Progress.text(text(), done: done, seconds: now.timeIntervalSince(startedAt)))
    }

    /// Shows how far a replay of some sessions came.
    mutating func show(_ day: Day, of sessions: TimelineSessions?) {
        let whole = sessions.map { Double($0.last.rawValue - $0.first.rawValue + 1) }
        let part = sessions.map { Double(day.rawValue - $0.first.rawValue + 1) }
        show("replaying \(day)", done: whole.flatMap { whole in part.map { $0 / whole } })
    }

    /// Takes the line away.
    func clear() {
        guard isShown else { return }
        Progress.write("")
    }

    /// Does work of which no part is known, and says every half second how long it took so far.
    static func working<Value>(_ what: String, _ body: () throws -> Value) rethrows -> Value {
        guard isPossible else { return try body() }
        let isOver = ManagedFlag()
        let startedAt = Date()
        let thread = Thread {
            while true {
                usleep(500_000)
                let isLast = isOver.ifOpen {
                    let seconds = Date().timeIntervalSince(startedAt)
                    if seconds > 1 { write(text(what, done: nil, seconds: seconds)) }
                }
                if !isLast { return }
            }
        }
        thread.start()
        defer { isOver.close { write("") } }
        return try body()
    }

    /// What a line says: what is done, its part in percent, and the seconds that the rest takes if
    /// it goes on so; without a part the seconds so far.
    static func text(_ what: String, done: Double?, seconds: Double) -> String {
        guard let done, done > 0, done <= 1 else { return "\(what), \(duration(seconds)) so far" }
        let left = seconds / done * (1 - done)
        return "\(what), \(Int(done * 100)) %, \(duration(left)) left"
    }

    private static func duration(_ seconds: Double) -> String {
        let whole = Int(min(max(seconds, 0), 1e9).rounded())
        return whole < 120 ? "\(whole) s" : "\((whole + 30) / 60) min"
    }

    private static func write(_ text: String) {
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
    }

    /// Open until it is closed, and never while something is done.
    private final class ManagedFlag: Sendable {
        private let isClosed = Mutex(false)

        func ifOpen(_ body: () -> Void) -> Bool {
            isClosed.withLock { isClosed in
                if !isClosed { body() }
                return !isClosed
            }
        }

        func close(_ body: () -> Void) {
            isClosed.withLock { isClosed in
                isClosed = true
                body()
            }
        }
    }
}

/// `--quiet`, for every command that may take its time.
struct QuietOption: ParsableArguments {
    @Flag(name: .long, help: "Show no progress; in a pipe there is none anyway.") var quiet = false

    func validate() { if quiet { Progress.beQuiet() } }
}
