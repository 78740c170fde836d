import Events
import Foundation
import Synchronization

/// Sends alerts by their channels, each on a thread of its own: whatever a channel does, nobody
/// waits for it. What came of each is asked for by whoever records it.
final class AlertCourier: Sendable {
    /// What came of an alert on a channel.
    struct Delivery: Hashable, Sendable {
        var alert: Alert
        var channel: AlertChannel
        var attempts: Int
        var isDelivered: Bool
        /// Why it was not taken; empty where it was.
        var reason: String
    }

    private struct Item {
        var alert: Alert
        var attempts = 0
        /// Seconds of the clock at the first attempt, and at the next.
        var first = 0.0
        var due = 0.0
        var reason = ""
    }

    private struct State {
        var waiting: [[Item]]
        var finished: [Delivery] = []
        /// Alerts of channels that were added and not taken as finished.
        var open: Set<AlertLedger.Key> = []
        var failed = 0
        var isOver = false
        var threads = 0
        var sending = 0
    }

    let senders: [any AlertSender]
    private let clock: any ServiceClock
    private let schedule: AlertSchedule
    private let state: Mutex<State>
    private let signals: [Signal]

    /// Wakes a channel's thread.
    private struct Signal: @unchecked Sendable {
        // A semaphore is made for several threads.
        let semaphore = DispatchSemaphore(value: 0)
    }

    init(
        _ senders: [any AlertSender], clock: any ServiceClock,
        schedule: AlertSchedule = AlertSchedule()
    ) {
        (self.senders, self.clock, self.schedule) = (senders, clock, schedule)
        state = Mutex(State(waiting: senders.map { _ in [] }))
        signals = senders.map { _ in Signal() }
    }

    /// Starts the threads.
    func start() {
        state.withLock { $0.threads = senders.count }
        for index in senders.indices {
            let thread = Thread {
                self.work(index)
                self.state.withLock { $0.threads -= 1 }
            }
            thread.name = "alerts by \(senders[index].channel)"
            thread.start()
        }
    }

    /// Takes an alert for a channel, once.
    func add(_ alert: Alert, _ channel: AlertChannel) {
        for (index, sender) in senders.enumerated() where sender.channel == channel {
            state.withLock { state in
                guard state.open.insert(AlertLedger.Key(alert, channel)).inserted else { return }
                state.waiting[index].append(Item(alert: alert))
            }
            signals[index].semaphore.signal()
        }
    }

    /// What was taken and did not come out as finished.
    var open: [AlertLedger.Key] { state.withLock { Array($0.open) } }

    /// What came of alerts since this was asked last.
    func takeFinished() -> [Delivery] {
        state.withLock { state in
            let finished = state.finished
            state.finished = []
            for delivery in finished {
                state.open.remove(AlertLedger.Key(delivery.alert, delivery.channel))
            }
            return finished
        }
    }

    /// Whether something came of an alert since then.
    var hasFinished: Bool { state.withLock { !$0.finished.isEmpty } }

    /// Alerts that wait for being sent, and sendings that were not taken.
    var standing: (waiting: Int, failed: Int) {
        state.withLock { state in (state.waiting.reduce(0) { $0 + $1.count }, state.failed) }
    }

    /// Waits so many seconds for what was not sent yet, then asks the threads to end and waits a
    /// second more.
    func close(seconds: Double) {
        wait(seconds) {
            $0.sending == 0 && !$0.waiting.contains { $0.contains { $0.attempts == 0 } }
        }
        state.withLock { $0.isOver = true }
        for signal in signals { signal.semaphore.signal() }
        wait(1) { $0.threads == 0 }
    }

    private func wait(_ seconds: Double, until isDone: (borrowing State) -> Bool) {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        while clock.now < end, !state.withLock({ isDone($0) }) { usleep(10_000) }
    }

    private var isOver: Bool { state.withLock { $0.isOver } }

    private func work(_ index: Int) {
        while !isOver {
            guard let item = next(index) else {
                let isIdle = state.withLock { $0.waiting[index].isEmpty }
                let pause = DispatchTimeInterval.milliseconds(isIdle ? 1_000 : 50)
                _ = signals[index].semaphore.wait(timeout: .now() + pause)
                continue
            }
            send(item, index)
        }
    }

    /// The first alert of a channel that is due, which waits no more.
    private func next(_ index: Int) -> Item? {
        let now = clock.elapsed()
        return state.withLock { state in
            guard let place = state.waiting[index].firstIndex(where: { $0.due <= now }) else {
                return nil
            }
            state.sending += 1
            return state.waiting[index].remove(at: place)
        }
    }

    private func send(_ item: Item, _ index: Int) {
        var item = item
        let sender = senders[index]
        if item.attempts == 0 { item.first = clock.elapsed() }
        item.attempts += 1
        let answer = sender.send(item.alert, at: clock.now()) { isOver }
        func finish(_ isDelivered: Bool) {
            let delivery = Delivery(
                alert: item.alert, channel: sender.channel, attempts: item.attempts,
                isDelivered: isDelivered, reason: item.reason)
            state.withLock { state in
                state.finished.append(delivery)
                state.sending -= 1
            }
        }
        guard case .refused(let reason) = answer else {
            item.reason = ""
            return finish(true)
        }
        item.reason = reason
        let now = clock.elapsed()
        guard
            let delay = schedule.delay(after: item.attempts, since: item.first, at: now)
        else {
            state.withLock { $0.failed += 1 }
            return finish(false)
        }
        item.due = now + delay
        state.withLock { state in
            state.failed += 1
            state.sending -= 1
            // In front: what is older goes first once it is due.
            state.waiting[index].insert(item, at: 0)
        }
    }
}
