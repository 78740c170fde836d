public import EventLog
public import Events
import FeedbackLoop
public import Pipeline

/// A trade made elsewhere, as a person tells of it: the fact, and what it teaches.
public struct TradeAct: Sendable {
    /// The fact; its times are set when it is recorded.
    public let trade: TradeRecorded

    /// A trade of its parts.
    ///
    /// - Parameters:
    ///   - ticker: the symbol, in capitals or not.
    ///   - entry: dollars a share paid.
    ///   - exit: dollars a share got.
    ///   - size: shares.
    ///   - enteredAt: an instant, or a date that stands for its first; nil where it is unknown.
    ///   - exitedAt: an instant, or a date that stands for its last.
    ///   - id: the person's own: the same id is the same trade.
    /// - Throws: `ApplicationError.invalid`.
    public init(
        ticker: String, direction: Direction, entry: Double, exit: Double, size: Double,
        enteredAt: String? = nil, exitedAt: String? = nil, id: String? = nil, at now: Instant
    ) throws(ApplicationError) {
        guard let symbol = Ticker(Ticker.folded(ticker)) else {
            throw .invalid(
                fields: ["ticker"], "\(ticker) is no ticker; write 1 to 8 characters like BRK.B")
        }
        try TradeAct.checkNumbers(entry: entry, exit: exit, size: size)
        let entered = try TradeAct.moment("entered_at", enteredAt, now) { Moment.first($0) }
        let exited = try TradeAct.moment("exited_at", exitedAt, now) { Moment.last($0) }
        if let entered, let exited, exited < entered {
            throw .invalid(
                fields: ["exited_at", "entered_at"],
                "{exited_at} \(exitedAt ?? "") lies before {entered_at} \(enteredAt ?? "")")
        }
        if let id, id.isEmpty || !WireText.fits(id, length: 40) {
            throw .invalid(fields: ["id"], "{id} \(id): takes 1 to 40 ASCII characters")
        }
        trade = TradeRecorded(
            envelope: Envelope(knownAt: now, recordedAt: now, actor: .person),
            quantity: Quantity(rawValue: Int64(capped: (size * 1e8).rounded())), entryPrice: entry,
            exitPrice: exit, enteredAt: entered, exitedAt: exited, ticker: symbol,
            direction: direction, occurrence: 0, tradeID: id)
    }

    private static func moment(
        _ field: String, _ text: String?, _ now: Instant, _ read: (String) -> Instant?
    ) throws(ApplicationError) -> Instant? {
        guard let text else { return nil }
        guard let instant = read(text) else {
            throw .invalid(
                fields: [field],
                "{\(field)} \(text): is neither a date (2021-03-01) nor an instant "
                    + "(2021-03-01T14:35:00Z)")
        }
        guard instant <= now else {
            throw .invalid(
                fields: [field],
                "{\(field)} \(text): lies in the future; of today give the hour too")
        }
        return instant
    }

    /// Refuses what lies outside the ranges of prices, shares, and what they come to.
    private static func checkNumbers(entry: Double, exit: Double, size: Double)
        throws(ApplicationError)
    {
        for (fields, value, range, unit) in [
            (["entry"], entry, InputRange.price, "dollars"),
            (["exit"], exit, InputRange.price, "dollars"),
            (["size"], size, InputRange.shares, "shares"),
            (["entry", "size"], entry * size, InputRange.notional, "dollars"),
            (["exit", "size"], exit * size, InputRange.notional, "dollars"),
        ] where !range.contains(value) {
            throw .invalid(
                fields: fields,
                fields.map { "{\($0)}" }.joined(separator: " times ")
                    + " \(value): takes \(range.lowerBound) to \(range.upperBound) \(unit)")
        }
        let gain = exit / entry - 1
        if !InputRange.tradeReturn.contains(gain) {
            throw .invalid(
                fields: ["exit", "entry"],
                "{exit} \(exit) is \(exit / entry) times {entry} \(entry): takes at most "
                    + "\(InputRange.tradeReturn.upperBound) times; is one of them mistyped?")
        }
    }

    /// What a trade teaches.
    public struct Lesson: Hashable, Sendable {
        /// Whether it is a row to train on; nil where that depends on the replay.
        public let isTrainable: Bool?
        /// Why, or with which features.
        public let reason: String
    }

    /// What it teaches a run, by the features that the run had stored by the entry; nil for
    /// whatever replay comes.
    public func lesson(for run: OpenedRun?) throws -> Lesson {
        guard let enteredAt = trade.enteredAt else {
            return Lesson(isTrainable: false, reason: "no entry time")
        }
        guard let run else {
            return Lesson(isTrainable: nil, reason: "each replay looks for features by the entry")
        }
        let known = try StoredFeatures.latest(of: trade.ticker, at: enteredAt, in: run.merged)
        guard let known else {
            return Lesson(
                isTrainable: false,
                reason: "run \(run.name) stored no features of \(trade.ticker) in the "
                    + "\(TradeToOutcome.reachDays) days before \(enteredAt)")
        }
        return Lesson(isTrainable: true, reason: "features of \(known)")
    }

    /// What a trade that was recorded came to.
    public struct Answer: Sendable {
        /// Where it stands.
        public let recorded: OperatorLedger.Recorded
        /// Return after costs, a fraction.
        public let netReturn: Double
        /// What it was.
        public let outcome: OutcomeClass
        /// What it teaches.
        public let lesson: Lesson
    }

    /// Records it.
    ///
    /// - Throws: `OperatorRefusal` when the id names another trade already.
    public func record(
        in log: EventLog, _ ledger: inout OperatorLedger, lesson: Lesson, now: Instant
    ) throws -> Answer {
        let recorded = try ledger.tell(of: trade, in: log, now: now)
        let net = TradeToOutcome.netReturn(of: trade)
        return Answer(
            recorded: recorded, netReturn: net,
            outcome: FillToOutcome.outcomeClass(net, breakeven: FillToOutcome.breakevenFraction),
            lesson: lesson)
    }
}

extension TradeAct.Answer {
    /// As fields of a JSON object.
    public var json: JSONObject {
        var object = JSONObject()
        object.boolean("recorded", recorded.isNew)
        object.integer("position", recorded.position)
        object.text("outcome", "\(outcome)")
        object.real("return_pct", netReturn * 100)
        object.json("trainable", lesson.isTrainable.map { "\($0)" } ?? "null")
        object.text("reason", lesson.reason)
        return object
    }
}

/// An instant, or a date that stands for one; nil for anything else, and for what lies outside the
/// years 1677 to 2262 that instants can tell.
public enum Moment {
    /// A date is its first instant.
    public static func first(_ text: String) -> Instant? {
        guard let day = Day(text) else { return Instant(text) }
        let first = Instant(day)
        return first.day == day ? first : nil
    }

    /// A date is its last second.
    public static func last(_ text: String) -> Instant? {
        guard let day = Day(text) else { return Instant(text) }
        let last = Instant(day, hour: 23, minute: 59).adding(seconds: 59)
        return last.day == day ? last : nil
    }
}

/// What a run stored of tickers.
enum StoredFeatures {
    /// The latest evaluation with features that was known at an instant, none older than the loop
    /// would take.
    static func latest(
        of ticker: Ticker, at instant: Instant, in run: MergedLog
    ) throws -> Reference? {
        var found: (at: Instant, signal: Reference)?
        try run.readOwn { reference, message in
            let template = try MessageHeader(message).templateID
            guard
                template == SignalGenerated.templateID || template == SignalSuppressed.templateID
            else { return .proceed }
            let at = try Envelope(message: message).knownAt
            guard at <= instant else { return .stop }
            let evaluated: Bool
            if template == SignalGenerated.templateID {
                let view = try SignalGeneratedView(message)
                evaluated = view.ticker == ticker && view.featureSchema > 0
            } else {
                let view = try SignalSuppressedView(message)
                evaluated = view.ticker == ticker && view.featureSchema > 0
            }
            if evaluated { found = (at, reference) }
            return .proceed
        }
        guard let found, instant.day - found.at.day <= TradeToOutcome.reachDays else { return nil }
        return found.signal
    }
}
