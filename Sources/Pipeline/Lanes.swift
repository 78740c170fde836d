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
    public static func map<Item: Sendable, Value: Sendable, Failure: Error>(
        _ items: [Item], lanes: Int = available,
        _ body: @Sendable (Int, Item) throws(Failure) -> Value
    ) throws(Failure) -> [Value] {
        let state = Mutex(
            LaneState<Value, Failure>(values: Array(repeating: nil, count: items.count)))
        DispatchQueue.concurrentPerform(iterations: max(1, min(lanes, items.count))) { _ in
            while true {
                let place = state.withLock { state -> Int? in
                    guard state.failure == nil, state.next < items.count else { return nil }
                    state.next += 1
                    return state.next - 1
                }
                guard let place else { return }
                let made: Result<Value, Failure>
                do throws(Failure) {
                    made = .success(try body(place, items[place]))
                } catch {
                    made = .failure(error)
                }
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
        let (failure, values) = state.withLock { ($0.failure?.error, $0.values) }
        if let failure { throw failure }
        return values.compactMap { $0 }
    }
}

/// How far the lanes have come.
private struct LaneState<Value, Failure: Error> {
    var next = 0
    var values: [Value?]
    var failure: (place: Int, error: Failure)?
}
