import Audit
import EventLog
import Events
import FeedbackLoop
import Foundation
import TestKit
import TestWorlds
import Testing

@testable import Pipeline

/// A world on dates of XNYS, whose facts come into a data log as a service would get them.
final class LiveMarket {
    let folder = TemporaryFolder()
    let data: DataFolder
    let log: EventLog
    let world: SmallWorld
    let trainer: StumpTrainer?
    var generator: SeededGenerator
    /// Whether bars are those that were traded, and no corporate action is in them.
    private let isAsTraded: Bool
    /// Facts with the instant at which they come, in that order.
    private(set) var coming: [(at: Instant, message: [UInt8])] = []

    /// A world whose facts up to and with the session `history` are in the log from the start.
    init(
        seed: UInt64, sessions: Int, history: Int, acts: (Day) -> [any EventMessage] = { _ in [] },
        trainer: StumpTrainer? = nil, isAsTraded: Bool = false
    ) throws {
        self.isAsTraded = isAsTraded
        world = SmallWorld(seed: seed, sessions: sessions)
        self.trainer = trainer
        generator = SeededGenerator(seed: seed)
        data = DataFolder("\(folder.path)/data")
        log = try EventLog.create(
            at: data.log,
            identity: LogIdentity(
                kind: .data, logID: Digest(w0: seed, w1: 1, w2: 1, w3: 1),
                schemaVersion: EventSchema.version))
        try DataSetting.choose(.xnys, in: log, at: .epoch)
        let last = try #require(world.days[history...].first { $0.isoWeekday == 3 })
        for message in world.facts { try arrive(message) }
        for act in acts(last) {
            var act = act
            act.envelope.actor = .person
            coming.append((act.envelope.knownAt, act.encoded()))
        }
        coming.sort { $0.at < $1.at }
        try come(through: Instant(last + 1, hour: 5, minute: 29))
    }

    /// When a fact comes: bars in one to five files in the night after their session, filings at
    /// any time before they are due.
    private func arrive(_ message: [UInt8]) throws {
        let bytes = message.span.bytes
        let knownAt = try Envelope(message: bytes).knownAt
        let inTheNight = knownAt.adding(
            seconds: Int64.random(in: 300...17_700, using: &generator))
        switch try MessageHeader(bytes).templateID {
        case SessionClosed.templateID:
            var event = try SessionClosed(message: bytes)
            if isAsTraded { event.adjustment = .none }
            let bars = event.bars.shuffled(using: &generator)
            let files = Int.random(in: 1...5, using: &generator)
            for file in 0..<files {
                event.bars = bars.indices.filter { $0 % files == file }.map { bars[$0] }
                    .sorted { $0.ticker < $1.ticker }
                guard !event.bars.isEmpty else { continue }
                event.part = UInt32(file)
                event.source = Digest(w0: UInt64(file + 1), w1: 0, w2: 0, w3: 0)
                let comes = knownAt.adding(
                    seconds: Int64.random(in: 300...17_700, using: &generator))
                coming.append((comes, event.encoded()))
            }
        case IndexClosed.templateID:
            coming.append((inTheNight, message))
        default:
            let before = Int64.random(in: 0...(9 * 86_400), using: &generator)
            coming.append((knownAt.adding(seconds: -before), message))
        }
    }

    /// Leaves out facts that have not come.
    func lose(where isLost: (any EventMessage.Type, [UInt8]) throws -> Bool) rethrows {
        try coming.removeAll { fact in
            let template = try? MessageHeader(fact.message.span.bytes).templateID
            switch template {
            case SessionClosed.templateID: return try isLost(SessionClosed.self, fact.message)
            case IndexClosed.templateID: return try isLost(IndexClosed.self, fact.message)
            default: return false
            }
        }
    }

    /// Lets facts come later than they would have; gives how many.
    func delay(by seconds: Int64, where isLate: ([UInt8]) throws -> Bool) rethrows -> Int {
        var count = 0
        for index in coming.indices where try isLate(coming[index].message) {
            coming[index].at = coming[index].at.adding(seconds: seconds)
            count += 1
        }
        coming.sort { $0.at < $1.at }
        return count
    }

    /// Multiplies the prices of a ticker on a day, before they have come.
    func multiply(_ ticker: Ticker, on day: Day, by factor: Double) throws {
        for place in coming.indices {
            let message = coming[place].message
            guard try MessageHeader(message.span.bytes).templateID == SessionClosed.templateID
            else { continue }
            var event = try SessionClosed(message: message.span.bytes)
            guard event.day == day, let bar = event.bars.firstIndex(where: { $0.ticker == ticker })
            else { continue }
            event.bars[bar].open *= factor
            event.bars[bar].high *= factor
            event.bars[bar].low *= factor
            event.bars[bar].close *= factor
            coming[place].message = event.encoded()
        }
    }

    /// Leaves out the bars of a ticker on some days, before they have come.
    func silence(_ ticker: Ticker, on days: ClosedRange<Day>) throws {
        for place in coming.indices {
            let message = coming[place].message
            guard try MessageHeader(message.span.bytes).templateID == SessionClosed.templateID
            else { continue }
            var event = try SessionClosed(message: message.span.bytes)
            guard days.contains(event.day) else { continue }
            event.bars.removeAll { $0.ticker == ticker }
            coming[place].message = event.encoded()
        }
    }

    /// Bars of a day, before they have come, are said to be adjusted; with `beside` they come as
    /// they were too, and the adjusted ones are so many times as high.
    func adjust(on day: Day, beside factor: Double? = nil) throws {
        var more: [(at: Instant, message: [UInt8])] = []
        for place in coming.indices {
            let message = coming[place].message
            guard try MessageHeader(message.span.bytes).templateID == SessionClosed.templateID
            else { continue }
            var event = try SessionClosed(message: message.span.bytes)
            guard event.day == day else { continue }
            event.adjustment = .splits
            guard let factor else {
                coming[place].message = event.encoded()
                continue
            }
            for bar in event.bars.indices {
                event.bars[bar].open *= factor
                event.bars[bar].high *= factor
                event.bars[bar].low *= factor
                event.bars[bar].close *= factor
            }
            event.source = Digest(w0: 0, w1: 0, w2: 0, w3: UInt64(event.part) + 1)
            more.append((coming[place].at, event.encoded()))
        }
        coming = (more + coming).sorted { $0.at < $1.at }
    }

    /// Bars of a ticker from a day on are told under another symbol, before they have come.
    func rename(_ ticker: Ticker, to symbol: Ticker, from day: Day) throws {
        for place in coming.indices {
            let message = coming[place].message
            guard try MessageHeader(message.span.bytes).templateID == SessionClosed.templateID
            else { continue }
            var event = try SessionClosed(message: message.span.bytes)
            guard event.day >= day, let bar = event.bars.firstIndex(where: { $0.ticker == ticker })
            else { continue }
            event.bars[bar].ticker = symbol
            event.bars.sort { $0.ticker < $1.ticker }
            coming[place].message = event.encoded()
        }
    }

    /// Appends what has come by an instant.
    func come(through instant: Instant) throws {
        let count = coming.firstIndex { $0.at > instant } ?? coming.count
        guard count > 0 else { return }
        try log.append(now: instant) { (batch: inout AppendBatch) in
            for fact in coming.prefix(count) {
                let now = batch.now
                var bytes = fact.message
                bytes.withUnsafeMutableBytes {
                    $0.storeBytes(
                        of: now.rawValue.littleEndian, toByteOffset: 16, as: Int64.self)
                }
                batch.append(encoded: bytes.span.bytes)
            }
        }
        coming.removeFirst(count)
    }

    /// Opens the live run of a name.
    func open(_ name: String = "live") throws -> any LiveLoop {
        try LiveRuns.open(name, in: data, data: log, trainer: trainer)
    }

    /// Drives the live run through all that comes, by a clock that moves on by random steps; a
    /// random part of the turns is followed by a start from the logs. Gives the number of starts.
    func live(restarts: Double, steps: ClosedRange<Int64> = 0...20_000) throws -> Int {
        var loop: (any LiveLoop)? = try open()
        var starts = 0
        var now = coming.first?.at ?? .epoch
        while let next = coming.first?.at {
            now = max(now, next.adding(seconds: Int64.random(in: steps, using: &generator)))
            try come(through: now)
            while case .due = try #require(loop).turn(at: now) {
                guard Double.random(in: 0..<1, using: &generator) < restarts else { continue }
                starts += 1
                loop = nil
                loop = try open()
                try #require(loop).missed(through: now)
            }
        }
        for _ in 0..<12 {
            now = now.adding(seconds: 3_600)
            while case .due = try #require(loop).turn(at: now) {}
        }
        return starts
    }

    /// The backtest over all facts that the log has in the end, from the live run's first session.
    func backtest(_ strategy: LoopStrategy) throws -> OpenedRun {
        let first = try data.openRun("live").manifest?.firstDay
        let derived = try Timeline.ensure(data, log: log)
        _ = try Run.make(
            strategy, timeline: try EventLog.open(at: derived.path),
            at: try data.run("backtest"), window: ReplayWindow(from: first), trainer: trainer)
        return try data.openRun("backtest")
    }
}
