public import Brokerage

/// What a request is for, as faults name it.
public enum BrokerCall: Hashable, Sendable, CaseIterable {
    case account, clock, calendar, asset, submit, order, replace, cancel, openOrders, positions
    case activities
}

/// What goes wrong with a request.
public enum Fault: Hashable, Sendable {
    /// Nothing.
    case none
    /// The rate is used up, as the broker claims, for so many seconds.
    case rateLimit(seconds: Int64)
    /// It is refused; it may be done all the same.
    case refuse(Refusal, isDone: Bool)
    /// A status of 500 and above: 504 behind a proxy; it may be done.
    case status(Int, isDone: Bool)
    /// No answer; it may be done. Done, it is a lost reply.
    case timeOut(isDone: Bool)
    /// The connection ends; it may be done.
    case dropped(isDone: Bool)

    /// Whether the exchange does what was asked.
    public var isDone: Bool {
        switch self {
        case .none: true
        case .rateLimit: false
        case .refuse(_, let isDone), .status(_, let isDone), .timeOut(let isDone),
            .dropped(let isDone):
            isDone
        }
    }
}

/// Which requests and updates go wrong: what a test asks for first, then by chance from a seed.
public struct FaultPlan: Sendable {
    /// Of a hundred requests, how many go wrong by chance.
    public var percent = 0
    /// Of a hundred updates of the stream, how many are lost, how many come twice.
    public var (lostPercent, doubledPercent) = (0, 0)
    /// Whether updates are handed out in any order, and a part of them later.
    public var isReordering = false
    private var scripted: [(operation: BrokerCall, fault: Fault)] = []
    private var chance: SeededChance

    /// Without faults until it is told of some.
    public init(seed: UInt64 = 0) {
        chance = SeededChance(seed: seed)
    }

    /// Lets the next request of a kind go wrong, behind those that were told before.
    public mutating func next(_ operation: BrokerCall, _ fault: Fault) {
        scripted.append((operation, fault))
    }

    /// What becomes of a request.
    mutating func draw(_ operation: BrokerCall) -> Fault {
        if let place = scripted.firstIndex(where: { $0.operation == operation }) {
            return scripted.remove(at: place).fault
        }
        guard chance.happens(percent: percent) else { return .none }
        let isDone = chance.happens(percent: 50)
        switch Int.random(in: 0..<4, using: &chance) {
        case 0: return .rateLimit(seconds: Int64.random(in: 1...60, using: &chance))
        case 1: return .status(504, isDone: isDone)
        case 2: return .timeOut(isDone: isDone)
        default: return .dropped(isDone: isDone)
        }
    }

    /// What the stream hands out of what waits, and what waits on.
    mutating func deliver<Update>(_ waiting: [Update]) -> (out: [Update], kept: [Update]) {
        var (out, kept): ([Update], [Update]) = ([], [])
        for update in waiting {
            if chance.happens(percent: lostPercent) { continue }
            if isReordering, chance.happens(percent: 30) {
                kept.append(update)
                continue
            }
            out.append(update)
            if chance.happens(percent: doubledPercent) { out.append(update) }
        }
        if isReordering { out.shuffle(using: &chance) }
        return (out, kept)
    }
}
