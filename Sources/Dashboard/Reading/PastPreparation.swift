import EventLog
import Events
import Foundation
import Projections
import Synchronization

/// Makes the histories that a page of the past needs, on threads of their own: of ten years the
/// first look takes a while, and nobody has to wait for it with a request.
final class PastPreparation: Sendable {
    static let shared = PastPreparation()

    /// What is asked for.
    private struct Wanted: Hashable, Sendable {
        let folder: String
        let run: String
        let projection: String
    }

    private enum State: Sendable {
        /// Being made, through a position, so far.
        case running(through: UInt64, reached: UInt64)
        case failed(any Error)
    }

    /// The histories that are being made; what is made is looked up in their files.
    private let states = Mutex<[Wanted: State]>([:])

    /// Seconds that a request waits, and between two looks.
    private static let (patience, pause) = (1.5, 0.01)

    /// Makes sure that histories of a run reach a position.
    ///
    /// - Throws: `PastIsMade` while one is still being made, and what making one throws.
    func ensure(
        _ projections: [String], of history: History, _ folder: DataFolder, run: String,
        through position: UInt64
    ) throws {
        var waiting = try projections.filter { try !history.reaches($0, position) }
        guard !waiting.isEmpty else { return }
        for projection in waiting { begin(projection, history, folder, run, position) }
        let end = Date().addingTimeInterval(PastPreparation.patience)
        while true {
            waiting = try waiting.filter { projection in
                let wanted = Wanted(folder: folder.path, run: run, projection: projection)
                switch states.withLock({ $0[wanted] }) {
                case .running(let through, _) where through >= position: return true
                // It ended, or ends before the position: what it left is looked at.
                case .running: return true
                case .failed(let error):
                    states.withLock { $0[wanted] = nil }
                    throw error
                case nil:
                    if try history.reaches(projection, position) { return false }
                    begin(projection, history, folder, run, position)
                    return true
                }
            }
            guard let first = waiting.first else { return }
            guard Date() < end else {
                let wanted = Wanted(folder: folder.path, run: run, projection: first)
                var reached: UInt64 = 0
                if case .running(_, let so)? = states.withLock({ $0[wanted] }) { reached = so }
                throw PastIsMade(projection: first, reached: reached, of: position)
            }
            Thread.sleep(forTimeInterval: PastPreparation.pause)
        }
    }

    /// Starts making a history, where nobody is at it.
    private func begin(
        _ projection: String, _ history: History, _ folder: DataFolder, _ run: String,
        _ position: UInt64
    ) {
        let wanted = Wanted(folder: folder.path, run: run, projection: projection)
        let isFree = states.withLock { states in
            guard states[wanted] == nil else { return false }
            states[wanted] = .running(through: position, reached: 0)
            return true
        }
        guard isFree else { return }
        let thread = Thread { [self] in
            do {
                try history.ensure([projection], through: position) { _, reached, _ in
                    self.states.withLock {
                        $0[wanted] = .running(through: position, reached: reached.position)
                    }
                }
                states.withLock { $0[wanted] = nil }
            } catch {
                states.withLock { $0[wanted] = .failed(error) }
            }
        }
        thread.stackSize = 8 << 20
        thread.start()
    }
}

/// The past that a page needs is still being made.
struct PastIsMade: Error {
    let projection: String
    let reached: UInt64
    let of: UInt64

    /// How far it is, in words.
    var text: String {
        "\(projection), \(Format.number(Double(reached), 0)) of \(Format.number(Double(of), 0)) events"
    }
}
