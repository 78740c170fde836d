import Foundation
import Synchronization

/// Independent pieces of work on several threads.
public enum Lanes {
    /// The lanes to work in: the machine's processors, at least one.
    public static var available: Int { max(ProcessInfo.processInfo.activeProcessorCount, 1) }

    /// What `body` makes of each item, in order of the items, whatever order they end in.
    ///
    /// After a failure no further item is begun; the error of the earliest item that failed is
    /// thrown.
    public static func map<Item: Sendable, Value: Sendable>(
        _ items: [Item], lanes: Int = available,
        _ body: @Sendable (Int, Item) throws -> Value
    ) throws -> [Value] {
        let state = Mutex(LaneState<Value>(values: Array(repeating: nil, count: items.count)))
        DispatchQueue.concurrentPerform(iterations: max(1, min(lanes, items.count))) { _ in
            while true {
                let place = state.withLock { state -> Int? in
                    guard state.failure == nil, state.next < items.count else { return nil }
                    state.next += 1
                    return state.next - 1
                }
                guard let place else { return }
                let made = Result { try body(place, items[place]) }
                state.withLock { state in
                    switch made {
                    case .success(let value): state.values[place] = value
                    case .failure(let error):
                        if state.failure.map({ place < $0.place }) ?? true {
                            state.failure = (place, error)
                        }
                    }
                }
            }
        }
        return try state.withLock { state in
            if let failure = state.failure { throw failure.error }
            return state.values.compactMap { $0 }
        }
    }
}

extension Lanes {
    /// What `body` makes of each item, in order of the items.
    static func all<Item: Sendable, Value: Sendable>(
        _ items: [Item], _ body: @Sendable (Item) -> Value
    ) -> [Value] {
        (try? map(items) { body($1) }) ?? items.map(body)
    }
}

/// How far the lanes have come.
private struct LaneState<Value> {
    var next = 0
    var values: [Value?]
    var failure: (place: Int, error: any Error)?
}
