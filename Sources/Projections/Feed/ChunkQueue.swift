import Foundation

/// What the reader hands to a projector.
enum FeedItem: Sendable {
    case chunk(EventChunk)
    /// Nothing follows for now: store, and publish what was made anew.
    case caughtUp
    /// Nothing follows.
    case end
}

/// Hands items from the reader's thread to a projector's, a few at a time.
final class ChunkQueue: @unchecked Sendable {
    // Guarded by `changed`.
    private var items: [FeedItem] = []
    private var isAbandoned = false
    private let changed = NSCondition()
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Hands over an item, waiting for room; a queue that nobody takes from swallows it.
    func put(_ item: FeedItem) {
        changed.lock()
        defer { changed.unlock() }
        while items.count >= capacity, !isAbandoned { changed.wait() }
        guard !isAbandoned else { return }
        items.append(item)
        changed.broadcast()
    }

    /// The next item, waiting for one.
    func take() -> FeedItem {
        changed.lock()
        defer { changed.unlock() }
        while items.isEmpty { changed.wait() }
        let item = items.removeFirst()
        changed.broadcast()
        return item
    }

    /// Nothing is taken any more.
    func abandon() {
        changed.lock()
        defer { changed.unlock() }
        isAbandoned = true
        items = []
        changed.broadcast()
    }
}
