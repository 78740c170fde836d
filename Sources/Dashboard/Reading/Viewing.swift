import API
import Application
import EventLog
import Events
import Projections

/// What a page is looked at through: a run, as of a moment.
struct Viewing {
    /// Which moment.
    enum Moment: Hashable {
        case now
        /// As it was asked for.
        case past(String)
    }

    let call: SiteCall
    /// The run's name.
    let run: String
    let moment: Moment
    /// How far the run is read: a merged ordinal.
    let position: MergedPosition
    /// How far the run goes.
    let end: MergedPosition
    /// The event that the position stands after.
    let event: Reference
    /// When that event could be known; nil at the start.
    let knownAt: Instant?
    let opened: OpenedRun

    var folder: DataFolder { call.service.workspace.folder }
    var isPast: Bool { moment != .now }

    /// The moment that a request asks for.
    ///
    /// - Throws: `AsOfError` for a moment that is none, and what opening a run throws.
    init(_ call: SiteCall) throws {
        self.call = call
        run = call["run"] ?? call.service.run
        opened = try call.service.workspace.folder.openRun(run)
        end = try opened.merged.end()
        if let text = call["at"], text != "now", text != "end" {
            let asked = try AsOf(text)
            position = try opened.merged.position(asked)
            // A time that has not come is the present.
            let last = try Viewing.time(of: opened.merged.event(at: end), opened.merged)
            var isAhead = false
            if let instant = asked.instant { isAhead = last.map { instant > $0 } ?? true }
            moment = isAhead ? .now : .past(text)
        } else {
            (position, moment) = (end, .now)
        }
        event = try opened.merged.event(at: position)
        knownAt = try Viewing.time(of: event, opened.merged)
    }

    /// When an event could be known, or was decided; nil for none.
    static func time(of event: Reference, _ log: MergedLog) throws -> Instant? {
        var time: Instant?
        if event != .none {
            try log.event(event) { time = try Envelope(message: $0).knownAt }
        }
        return time
    }

    /// Lends the read models of projections, as they were at the moment.
    ///
    /// - Throws: `ReadModelError.missing` where nothing was projected yet.
    func read<Result>(
        _ projections: [String], _ body: (ReadModelReader) throws -> Result
    ) throws -> Result {
        do {
            return try lend(projections, body)
        } catch let error as ReadModelQueryError {
            // The question was ours, not the visitor's.
            throw PageQueryError(description: error.description)
        }
    }

    private func lend<Result>(
        _ projections: [String], _ body: (ReadModelReader) throws -> Result
    ) throws -> Result {
        let bounds = ReadModelQuery.Bounds(seconds: Viewing.seconds)
        guard isPast else {
            return try ReadModelQuery.read(
                projections, data: folder, run: run, bounds: bounds, body)
        }
        let history = try History(folder, run: run)
        try PastPreparation.shared.ensure(
            projections, of: history, folder, run: run, through: position.position)
        return try history.read(projections, at: position.position, bounds: bounds, body)
    }

    /// The day on which a live run began by itself, if the moment lies behind that: what it did
    /// before is its rehearsal.
    var ownStart: Day? {
        guard let manifest = opened.manifest, let live = manifest.live,
            let parent = manifest.parent,
            position.own > parent.position.own
        else { return nil }
        return live.instant.day
    }

    /// Seconds that the questions of a page may take.
    private static let seconds = 10.0

    /// The page that tells why of the event that last changed a row, by the row's position.
    func whyLink(_ row: Row) -> String? {
        guard let ordinal = row.integer("position"), ordinal > 0,
            let place = try? opened.merged.position(UInt64(ordinal)),
            let event = try? opened.merged.event(at: place), event != .none
        else { return nil }
        return link("/why/event/\(event)")
    }

    /// A path of this site, looked at through the same run and moment.
    func link(_ path: String, _ query: [(String, String)] = [], at other: String? = nil) -> String {
        var fields = query
        if run != call.service.run { fields.append(("run", run)) }
        if let other {
            fields.append(("at", other))
        } else if isPast {
            fields.append(("at", "\(position.position)"))
        }
        return Viewing.target(path, fields)
    }

    /// What a form of this view sends along.
    var kept: [(name: String, value: String)] {
        (isPast ? [("at", "\(position.position)")] : [])
            + (run == call.service.run ? [] : [("run", run)])
    }

    /// The same in the present.
    func present(_ path: String, _ query: [(String, String)] = []) -> String {
        Viewing.target(path, query + (run == call.service.run ? [] : [("run", run)]))
    }

    static func target(_ path: String, _ query: [(String, String)]) -> String {
        guard !query.isEmpty else { return path }
        return path + "?"
            + query.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
    }

    /// A text as part of a path or a query.
    static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return encoded
    }

    /// The moment in words: position, event, date.
    var words: String {
        guard let knownAt else { return "position 0: before the first event" }
        return "position \(position.position) · \(event) · \(Format.time(knownAt))"
    }
}

/// A page's own question that the read models did not answer.
struct PageQueryError: Error, CustomStringConvertible {
    let description: String
}
