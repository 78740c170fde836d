import Digests
public import EventLog
public import Events
public import Market

/// A setting of a data folder, recorded as a fact in its log: which calendar its sessions follow,
/// which source of prices is taken where two differ. It changes what a timeline is made of.
public enum DataSetting {
    private static let preferredName = "prices: preferred sources"

    /// The event that prefers the bars of sources, the first first.
    static func prefer(_ sources: [Digest], at instant: Instant) -> ConfigurationChanged {
        setting(preferredName, sources.map(\.description).joined(separator: "\n"), at: instant)
    }

    /// Records that the bars of sources are taken before those of others, the first first.
    public static func prefer(_ sources: [Digest], in log: EventLog, at instant: Instant) throws {
        let event = prefer(sources, at: instant)
        try log.append(now: instant) { (batch: inout AppendBatch) in batch.append(event) }
    }

    /// The sources that a setting prefers; nil when it is another setting.
    static func preferred(_ setting: ConfigurationChanged) -> [Digest]? {
        guard setting.scope == .facts, setting.name == preferredName else { return nil }
        return String(decoding: setting.text, as: UTF8.self).split(separator: "\n")
            .compactMap { Digest(String($0)) }
    }

    private static let calendarName = "calendar"

    /// Which calendar the sessions of a data folder follow.
    public enum Calendar: String, CaseIterable, Sendable {
        /// That of the New York Stock Exchange.
        case xnys
        /// None: a session is a date on which enough tickers have a bar.
        case none

        /// The table of its sessions; nil without one.
        public var table: ExchangeCalendar? { self == .xnys ? .xnys : nil }
    }

    /// The calendar that a setting chooses; nil when it is another setting.
    static func calendar(_ setting: ConfigurationChanged) throws -> Calendar? {
        guard setting.scope == .facts, setting.name == calendarName else { return nil }
        let text = String(decoding: setting.text, as: UTF8.self)
        guard let calendar = Calendar(rawValue: text) else {
            throw DataSettingError.unknownCalendar(text)
        }
        return calendar
    }

    /// The calendar of a data log; nil where none was chosen.
    ///
    /// - Throws: `DataSettingError` for a log that has two.
    public static func calendar(of log: EventLog) throws -> Calendar? {
        var chosen: Calendar?
        try log.read { record in
            guard try MessageHeader(record.message).templateID == ConfigurationChanged.templateID
            else { return .proceed }
            let setting = try ConfigurationChanged(message: record.message)
            guard let calendar = try calendar(setting) else { return .proceed }
            guard chosen == nil || chosen == calendar else { throw DataSettingError.twoCalendars }
            chosen = calendar
            return .proceed
        }
        return chosen
    }

    /// The event that a data log begins with to follow a calendar.
    public static func beginning(_ calendar: Calendar, at instant: Instant) -> ConfigurationChanged
    {
        setting(calendarName, calendar.rawValue, at: instant)
    }

    /// The calendar that a data log began with; nil for a log of before there was a choice, and for
    /// one without an event.
    public static func firstChoice(of log: EventLog) throws -> Calendar? {
        var chosen: Calendar?
        try log.read(from: 1, through: 1, check: .checksum) { record in
            if try MessageHeader(record.message).templateID == ConfigurationChanged.templateID {
                chosen = try calendar(ConfigurationChanged(message: record.message))
            }
            return .stop
        }
        return chosen
    }

    /// Chooses the calendar of a data log, as its first fact.
    ///
    /// - Throws: `DataSettingError` where the log has another, or has facts and none.
    public static func choose(_ calendar: Calendar, in log: EventLog, at instant: Instant) throws {
        if let chosen = try self.calendar(of: log) {
            guard chosen == calendar else { throw DataSettingError.otherCalendar(chosen) }
            return
        }
        guard try log.head().position == 0 else {
            guard calendar == .none else { throw DataSettingError.factsWithout }
            return
        }
        let event = beginning(calendar, at: instant)
        try log.append(now: instant) { (batch: inout AppendBatch) in batch.append(event) }
    }

    private static func setting(
        _ name: String, _ text: String, at instant: Instant
    ) -> ConfigurationChanged {
        let bytes = Array(text.utf8)
        return ConfigurationChanged(
            envelope: Envelope(knownAt: instant, recordedAt: instant, actor: .importer),
            digest: SHA256.hash(bytes), scope: .facts, name: name, parent: nil,
            forkedAt: .none, who: nil, startDay: nil, endDay: nil, text: bytes)
    }
}

/// Why a data folder's setting cannot be what was asked.
public enum DataSettingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A calendar of a later version.
    case unknownCalendar(String)
    /// A log in which two calendars were chosen.
    case twoCalendars
    /// The log follows another.
    case otherCalendar(DataSetting.Calendar)
    /// The log has facts, and chose no calendar before them.
    case factsWithout

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .unknownCalendar(let text):
            "the data folder follows a calendar \"\(text)\" that this program does not know; use a "
                + "later version"
        case .twoCalendars:
            "the data folder follows two calendars, which no command writes; ingest its files into "
                + "a new folder"
        case .otherCalendar(let calendar):
            "--calendar: the data folder follows \(calendar.rawValue) since its first fact; ingest "
                + "into a folder of its own (--data)"
        case .factsWithout:
            "--calendar: the data folder has facts and follows no calendar; say --calendar at the "
                + "first ingest into a folder of its own (--data)"
        }
    }
}

extension DataFolder {
    /// The calendar that was chosen at the first ingest; nil in a folder from before there was a
    /// choice, and in one without a data log.
    public func calendar() throws -> DataSetting.Calendar? {
        do {
            return try DataSetting.firstChoice(of: try EventLog.open(at: log))
        } catch LogError.missing {
            return nil
        }
    }
}
