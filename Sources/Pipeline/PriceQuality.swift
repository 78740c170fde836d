public import EventLog
import Events
import Foundation
public import Market

/// What is strange about the prices of a timeline: found when it is derived, kept beside it, and
/// said in the head of every report over it.
public struct PriceQuality: Hashable, Sendable {
    /// Bars that are not adjusted for splits, or not for dividends.
    public var unadjustedBars = 0
    /// All bars.
    public var bars = 0
    /// The calendar that the sessions follow; empty where bars alone decide.
    public var calendar = ""
    /// Dates with bars that are no sessions.
    public var datesLeftOut = 0
    /// Their bars.
    public var barsLeftOut = 0
    /// Corporate actions that runs apply.
    public var actions = 0
    /// Jumps that nothing explains, all of them.
    public var jumps = 0
    /// The first of them.
    public var firstJumps: [PriceJump] = []
    /// Bars that differ between sources, by ticker; empty where nobody kept the names.
    public var conflicts = SourceConflicts()
    /// How many bars differ between sources.
    public var conflictingBars: Int { max(conflicts.bars, unnamedConflicts) }
    private var unnamedConflicts = 0

    /// Most jumps that are kept by name.
    public static let mostJumps = 20

    /// Of no bars.
    public init() {}

    mutating func note(_ found: [PriceJump]) {
        jumps += found.count
        firstJumps += found.prefix(max(0, PriceQuality.mostJumps - firstJumps.count))
    }

    /// Which dates are sessions, in one line; nil where bars alone decide.
    public var sessions: String? {
        guard !calendar.isEmpty else { return nil }
        return
            "Sessions are those of \(calendar): \(datesLeftOut) other dates with \(barsLeftOut) bars "
            + "are left out"
    }

    /// What a reader must know before believing a figure, the gravest first.
    public var warnings: [String] {
        var lines: [String] = []
        if unadjustedBars > 0, actions == 0 {
            lines.append(
                "prices are not adjusted and no corporate action is known: splits look like losses "
                    + "and dividends are missing (recount ingest actions)")
        }
        if jumps > 0 {
            let named = firstJumps.prefix(3).map { "\($0.ticker) \($0.day) \($0.text)" }
            let more = jumps > named.count ? " and \(jumps - named.count) more" : ""
            lines.append(
                "\(jumps) unexplained \(jumps == 1 ? "jump" : "jumps") of a price: "
                    + "\(named.joined(separator: ", "))\(more)")
        }
        if let text = conflicts.text {
            lines.append(text)
        } else if conflictingBars > 0 {
            lines.append("\(conflictingBars) bars differ between sources")
        }
        return lines
    }
}

/// Bars of one ticker and date that two sources tell differently.
public struct SourceConflicts: Hashable, Sendable {
    /// What differs of one ticker.
    struct Difference: Hashable, Sendable {
        var ticker: Ticker
        var bars = 0
        var first: Day
        /// Least and most of close over close.
        var least = Double.infinity
        var most = 0.0
    }

    /// By ticker, in order of their first difference.
    private(set) var tickers: [Difference] = []
    private var places = Lookup<Ticker, Int>()

    /// None.
    public init() {}

    /// Bars that differ.
    public var bars: Int { tickers.reduce(0) { $0 + $1.bars } }

    /// Tickers of which all differing bars are one and the same multiple: downloads that were
    /// adjusted on different days.
    public var constantRatios: Int {
        tickers.count {
            $0.bars > 1 && $0.most / $0.least - 1 < 1e-3 && ($0.most - 1).magnitude > 0.01
        }
    }

    mutating func note(_ ticker: Ticker, _ day: Day, kept: Double, other: Double) {
        let place = places[ticker] ?? tickers.count
        if place == tickers.count {
            places[ticker] = place
            tickers.append(Difference(ticker: ticker, first: day))
        }
        tickers[place].bars += 1
        tickers[place].least = min(tickers[place].least, other / kept)
        tickers[place].most = max(tickers[place].most, other / kept)
    }

    /// In one line; nil when there is none.
    public var text: String? {
        guard let first = tickers.map(\.first).min() else { return nil }
        let names = tickers.prefix(3).map(\.ticker.description).joined(separator: ", ")
        let more = tickers.count > 3 ? " and \(tickers.count - 3) more" : ""
        let constant = constantRatios
        return
            "\(bars) bars differ between sources (\(names)\(more); first \(first)): one of each is "
            + "taken by the digest of its source"
            + (constant > 0
                ? "; of \(constant) \(constant == 1 ? "ticker" : "tickers") by a constant ratio: "
                    + "differently adjusted downloads, ingest one file of each"
                : "") + " (--prefer decides)"
    }

    /// Whether the same bars differ in the same way.
    public static func == (left: SourceConflicts, right: SourceConflicts) -> Bool {
        left.tickers == right.tickers
    }

    /// Hashes what differs.
    public func hash(into hasher: inout Hasher) { hasher.combine(tickers) }

    init(_ tickers: [Difference]) {
        self.tickers = tickers
        for (place, difference) in tickers.enumerated() { places[difference.ticker] = place }
    }
}

extension PriceQuality {
    /// What was found of a timeline's prices when it was derived; of one that came another way,
    /// what it shows itself: all but which sources differ, and whose dates its sessions are.
    public static func read(of timeline: EventLog) throws -> PriceQuality {
        let path = path(beside: timeline.path, seal: try timeline.head().seal)
        if let text = try? String(contentsOfFile: path, encoding: .utf8),
            let quality = PriceQuality(text)
        {
            return quality
        }
        let quality = try scan(timeline)
        // Where it cannot be kept it is found again.
        try? quality.write(beside: timeline.path, seal: try timeline.head().seal)
        return quality
    }

    /// Reads a timeline's bars and actions.
    static func scan(_ timeline: EventLog) throws -> PriceQuality {
        var quality = PriceQuality()
        var finder = JumpFinder()
        var waiting: [AnnouncedAction] = []
        try timeline.read { record in
            switch try MessageHeader(record.message).templateID {
            case CorporateActionAnnounced.templateID:
                waiting.append(AnnouncedAction(try CorporateActionAnnouncedView(record.message)))
                quality.actions += 1
            case SessionClosed.templateID:
                let event = try SessionClosedView(record.message)
                let day = event.day
                let due = waiting.filter { $0.exDay <= day }
                waiting.removeAll { $0.exDay <= day }
                let bars = event.bars
                for row in 0..<bars.count {
                    let bar = bars[row]
                    var change = ShareChange(slot: 0, ticker: bar.ticker, previousClose: 1)
                    for action in due where action.ticker == bar.ticker {
                        action.add(to: &change)
                    }
                    finder.take(
                        bar.ticker, day, open: bar.open, close: bar.close, split: change.split,
                        dividend: change.dividend)
                }
                quality.take(event)
                quality.note(finder.end())
            default: break
            }
            return .proceed
        }
        return quality
    }

    /// Counts a session's bars.
    mutating func take(_ session: borrowing SessionClosedView) {
        bars += session.bars.count
        if session.adjustment != .splits { unadjustedBars += Int(session.unadjusted) }
        unnamedConflicts += Int(session.conflicts)
    }

    private static func path(beside timeline: String, seal: Digest) -> String {
        "\(FilePath.parent(timeline))/prices/\(seal).csv"
    }

    func write(beside timeline: String, seal: Digest) throws {
        let path = PriceQuality.path(beside: timeline, seal: seal)
        try FileManager.default.createDirectory(
            atPath: FilePath.parent(path), withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    private var text: String {
        var lines = ["bars,\(bars),\(unadjustedBars),\(actions),\(jumps)"]
        lines.append("unnamed,\(unnamedConflicts)")
        lines.append("calendar,\(calendar.isEmpty ? "-" : calendar),\(datesLeftOut),\(barsLeftOut)")
        for jump in firstJumps {
            lines.append("jump,\(jump.ticker),\(jump.day),\(jump.before),\(jump.after)")
        }
        for one in conflicts.tickers {
            lines.append("differs,\(one.ticker),\(one.first),\(one.bars),\(one.least),\(one.most)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    init?(_ text: String) {
        var differences: [SourceConflicts.Difference] = []
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ",").map(String.init)
            switch fields.first {
            case "bars":
                let counts = fields.dropFirst().compactMap { Int($0) }
                guard counts.count == 4 else { return nil }
                (bars, unadjustedBars, actions, jumps) = (
                    counts[0], counts[1], counts[2], counts[3]
                )
            case "calendar":
                guard fields.count == 4, let dates = Int(fields[2]), let left = Int(fields[3])
                else { return nil }
                calendar = fields[1] == "-" ? "" : fields[1]
                (datesLeftOut, barsLeftOut) = (dates, left)
            case "unnamed":
                guard fields.count == 2, let count = Int(fields[1]) else { return nil }
                unnamedConflicts = count
            case "jump":
                guard fields.count == 5, let ticker = Ticker(fields[1]), let day = Day(fields[2]),
                    let before = Double(fields[3]), let after = Double(fields[4])
                else { return nil }
                firstJumps.append(
                    PriceJump(ticker: ticker, day: day, before: before, after: after))
            case "differs":
                guard fields.count == 6, let ticker = Ticker(fields[1]), let day = Day(fields[2]),
                    let bars = Int(fields[3]), let least = Double(fields[4]),
                    let most = Double(fields[5])
                else { return nil }
                differences.append(
                    SourceConflicts.Difference(
                        ticker: ticker, bars: bars, first: day, least: least, most: most))
            default: return nil
            }
        }
        conflicts = SourceConflicts(differences)
    }
}
