import Application
import EventLog
import Events
import Foundation
import Synchronization

/// The logs that somebody follows: each is waited on by one thread, whoever listens.
final class EventFollowers: Sendable {
    private let workspace: Workspace
    private let logs = Mutex<[String: FollowedLog]>([:])

    init(_ workspace: Workspace) { self.workspace = workspace }

    /// The follower of a log.
    func log(_ kind: String, run: String) throws -> FollowedLog {
        let key = kind == "data" ? kind : "\(kind) \(run)"
        if let log = logs.withLock({ $0[key] }), !log.isReplaced { return log }
        let source = try EventPage.Source(kind, run: run, in: workspace)
        let log = FollowedLog(source)
        return logs.withLock { logs in
            if let there = logs[key], !there.isReplaced { return there }
            logs[key] = log
            return log
        }
    }
}

/// A log that grows, and who wants to know: its newest events are rendered once for all.
final class FollowedLog: Sendable {
    /// Events as they are sent.
    struct Piece: Sendable {
        /// Behind which position they come.
        let after: UInt64
        /// That of the last.
        let last: UInt64
        let bytes: [UInt8]
    }

    private struct State {
        var isWatched = false
        var next = 0
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        /// The newest pieces, each behind the one before it.
        var pieces: [Piece] = []
    }

    let source: EventPage.Source
    private let state = Mutex(State())

    init(_ source: EventPage.Source) { self.source = source }

    var isReplaced: Bool { source.log.isReplaced }

    /// Pieces that are kept for those who listen, and events of each at most.
    private static let mostPieces = 64
    static let pieceEvents = 256
    /// Seconds after which somebody who has heard nothing is told that the connection lives.
    private static let beat = 15.0

    /// Is told whenever the log has grown, and now and then.
    func changes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.next += 1
            state.listeners[state.next] = continuation
            return state.next
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.listeners.removeValue(forKey: number) }
        }
        continuation.yield()
        watch()
        return stream
    }

    /// Starts the thread that waits, unless it does.
    private func watch() {
        let starts = state.withLock { state in
            defer { state.isWatched = true }
            return !state.isWatched
        }
        guard starts else { return }
        let thread = Thread { [self] in
            var looked = (try? source.log.head().position) ?? 0
            var heard = ProcessInfo.processInfo.systemUptime
            while true {
                let head =
                    (try? source.log.waitForHead(beyond: looked, seconds: 1).position) ?? looked
                let now = ProcessInfo.processInfo.systemUptime
                let grew = head > looked
                let (isOver, listeners) = state.withLock { state in
                    if state.listeners.isEmpty { state.isWatched = false }
                    return (!state.isWatched, Array(state.listeners.values))
                }
                if isOver || isReplaced {
                    for listener in listeners { listener.finish() }
                    return
                }
                if grew || now - heard > FollowedLog.beat {
                    (looked, heard) = (head, now)
                    for listener in listeners { listener.yield() }
                }
            }
        }
        thread.name = "events"
        thread.start()
    }

    /// The events behind a position, as they are sent; nil where there is none yet.
    func piece(after position: UInt64) throws -> Piece? {
        if let piece = state.withLock({ $0.pieces.last { $0.after == position } }) { return piece }
        let page = try EventPage(
            of: source, after: position, limit: FollowedLog.pieceEvents,
            look: FollowedLog.pieceEvents)
        guard page.looked > position, !page.entries.isEmpty else { return nil }
        let piece = Piece(
            after: position, last: page.looked,
            bytes: page.entries.flatMap { EventStream.bytes($0) })
        state.withLock { state in
            state.pieces.append(piece)
            if state.pieces.count > FollowedLog.mostPieces { state.pieces.removeFirst() }
        }
        return piece
    }
}

/// Events for one listener, as server-sent events: whoever is slow falls behind alone, and reads
/// on where it was.
public final class EventStream: Sendable {
    private let log: FollowedLog
    private let filter: EventFilter?
    private let position: Mutex<UInt64>

    init(_ log: FollowedLog, after position: UInt64, _ filter: EventFilter?) {
        (self.log, self.filter) = (log, filter)
        self.position = Mutex(position)
    }

    /// Is told whenever there may be more.
    public func changes() -> AsyncStream<Void> { log.changes() }

    /// What is to be sent next; nil where there is nothing yet. It blocks while it reads.
    public func next() throws -> [UInt8]? {
        let after = position.withLock { $0 }
        guard let filter else {
            guard let piece = try log.piece(after: after) else { return nil }
            position.withLock { $0 = piece.last }
            return piece.bytes
        }
        let page = try EventPage(
            of: log.source, after: after, filter, limit: FollowedLog.pieceEvents, look: 10_000)
        guard page.looked > after else { return nil }
        position.withLock { $0 = page.looked }
        return page.entries.flatMap { EventStream.bytes($0) }
    }

    /// What is sent where nothing came for a while.
    public static let sign: [UInt8] = Array(": still here\n\n".utf8)

    static func bytes(_ entry: EventPage.Entry) -> [UInt8] {
        Array("id: \(entry.position)\nevent: \(entry.type)\ndata: \(entry.json)\n\n".utf8)
    }
}
