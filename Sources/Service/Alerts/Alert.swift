public import Events
import Market

/// Something that a person should hear of: an event of a log, or what a service saw itself.
public struct Alert: Hashable, Sendable {
    /// What it tells of.
    public var kind: AlertKind
    /// Whose event it is of.
    public var source: AlertSource
    /// Where that stands: in the data log, or as the run counts.
    public var position: UInt64
    /// When that was known.
    public var at: Instant
    /// The live run.
    public var run: String
    /// What happened, in a sentence.
    public var text: String

    /// Letters of a text at most.
    static let longest = 2_000

    /// An alert of its parts; a long text is cut.
    public init(
        kind: AlertKind, source: AlertSource, position: UInt64, at: Instant, run: String,
        text: String
    ) {
        (self.kind, self.source, self.position) = (kind, source, position)
        (self.at, self.run) = (at, run)
        self.text = text.count > Alert.longest ? "\(text.prefix(Alert.longest))…" : text
    }

    /// Names it for ever: a receiver that was given it twice knows by this.
    public var id: String { "\(run):\(source):\(position)" }

    /// What `recount events --position` finds it by, and `recount at`.
    public var reference: String { source == .timeline ? "t\(position)" : "\(position)" }

    /// Seconds after which an alert says how old it is.
    static let fresh = 900

    /// Seconds since it was known.
    func age(at now: Instant) -> Int {
        max(0, Int((now.rawValue &- at.rawValue) / 1_000_000_000))
    }

    /// The text, with its age where that is more than a quarter of an hour.
    func text(at now: Instant) -> String {
        let age = age(at: now)
        guard age > Alert.fresh else { return text }
        let (hours, minutes) = (age / 3_600, age / 60)
        let words =
            hours >= 48 ? "\(hours / 24) days" : hours >= 2 ? "\(hours) h" : "\(minutes) min"
        return "\(text) (\(words) ago)"
    }

    /// The hour in New York.
    var newYork: String {
        let (day, minute) = NewYorkTime.local(at)
        let second = Int((at.rawValue / 1_000_000_000 % 60 + 60) % 60)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(day) \(two(minute / 60)):\(two(minute % 60)):\(two(second))"
    }

    /// What goes out: a JSON object.
    public func json(at now: Instant) -> String {
        var object = JSONObject()
        object.text("id", id)
        object.text("run", run)
        object.text("kind", "\(kind)")
        object.text("log", "\(source)")
        object.integer("position", position)
        object.text("time", "\(at)")
        object.text("time_new_york", newYork)
        object.integer("age_seconds", age(at: now))
        object.text("text", text(at: now))
        return object.text
    }

    /// The same as variables of a process.
    public func variables(at now: Instant) -> [(name: String, value: String)] {
        [
            ("RECOUNT_ALERT_ID", id), ("RECOUNT_ALERT_RUN", run),
            ("RECOUNT_ALERT_KIND", "\(kind)"), ("RECOUNT_ALERT_LOG", "\(source)"),
            ("RECOUNT_ALERT_POSITION", "\(position)"), ("RECOUNT_ALERT_TIME", "\(at)"),
            ("RECOUNT_ALERT_TIME_NEW_YORK", newYork),
            ("RECOUNT_ALERT_TEXT", text(at: now).replacing("\0", with: "")),
        ]
    }
}
