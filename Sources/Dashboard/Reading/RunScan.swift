import EventLog
import Events
import Synchronization

/// What curves need of a run's events: the index, and what stands on a curve as a line. Each run is
/// read once, and then on from where that ended.
final class RunScan: Sendable {
    static let shared = RunScan()

    /// A level of the index.
    struct Level: Sendable {
        let day: String
        let close: Double
        let position: UInt64
    }

    /// A promotion, a rollback, a halt, a change of the mode or of the champion's weight.
    struct Mark: Sendable {
        let day: String
        let text: String
        let sort: String
        let event: Reference
    }

    /// What was known at a moment.
    struct Known {
        fileprivate let levels: ArraySlice<Level>
        let marks: [Mark]

        /// The index at a session's close; nil where none was known.
        func level(_ day: String) -> Double? {
            var (low, high) = (levels.startIndex, levels.endIndex)
            while low < high {
                let middle = (low + high) / 2
                if levels[middle].day < day { low = middle + 1 } else { high = middle }
            }
            return low < levels.endIndex && levels[low].day == day ? levels[low].close : nil
        }
    }

    private struct Read {
        var levels: [Level] = []
        var marks: [Mark] = []
        var own: UInt64 = 0
        var timeline: UInt64 = 0
    }

    private let runs = Mutex<[String: Read]>([:])
    /// Runs that are kept.
    private static let most = 16

    /// What was known at the moment of a page.
    func known(_ viewing: Viewing) throws -> Known {
        let key = "\(viewing.folder.path) \(viewing.opened.log.identity.logID)"
        var read = runs.withLock { $0[key] } ?? Read()
        if read.own < viewing.end.own || read.timeline < viewing.end.timeline {
            try RunScan.go(on: &read, viewing.opened.merged)
            let kept = read
            runs.withLock { runs in
                if runs.count >= RunScan.most, runs[key] == nil { runs = [:] }
                if (runs[key]?.own ?? 0) < kept.own { runs[key] = kept }
            }
        }
        let (own, timeline) = (viewing.position.own, viewing.position.timeline)
        return Known(
            levels: read.levels.prefix { $0.position <= timeline },
            marks: read.marks.filter {
                $0.event.position <= ($0.event.isTimeline ? timeline : own)
            })
    }

    private static func go(on read: inout Read, _ log: MergedLog) throws {
        try log.readFacts(after: read.timeline) { reference, message in
            read.timeline = reference.position
            if try MessageHeader(message).templateID == IndexClosed.templateID {
                let event = try IndexClosedView(message)
                let day = "\(event.day)"
                if event.series == .market, read.levels.last.map({ $0.day < day }) ?? true {
                    read.levels.append(
                        Level(day: day, close: event.close, position: reference.position))
                }
            } else if let mark = try mark(reference, message) {
                read.marks.append(mark)
            }
            return .proceed
        }
        try log.readOwn(after: read.own) { reference, message in
            read.own = reference.position
            if let mark = try mark(reference, message) { read.marks.append(mark) }
            return .proceed
        }
    }

    /// The line that an event is on a curve; nil for one that is none.
    private static func mark(_ event: Reference, _ message: RawSpan) throws -> Mark? {
        let (text, sort): (String, String)
        switch try MessageHeader(message).templateID {
        case ModelPromoted.templateID: (text, sort) = ("a model became champion", "promotion")
        case ModelRolledBack.templateID: (text, sort) = ("rolled back to a model before", "halt")
        case EntriesHalted.templateID:
            (text, sort) = (
                "entries were halted: \(try EntriesHalted(message: message).cause)", "halt"
            )
        case EntriesResumed.templateID: (text, sort) = ("entries were resumed", "resume")
        case TradingModeChanged.templateID:
            (text, sort) = (
                "the mode became \(try TradingModeChanged(message: message).mode)", "mode"
            )
        case BlendWeightEvaluated.templateID:
            let view = try BlendWeightEvaluated(message: message)
            guard view.previousTenths != view.tenths else { return nil }
            let before = Format.number(Double(view.previousTenths) / 10, 1)
            let after = Format.number(Double(view.tenths) / 10, 1)
            (text, sort) = ("the champion's weight went from \(before) to \(after)", "weight")
        default: return nil
        }
        return Mark(
            day: "\(try Envelope(message: message).knownAt.day)", text: text, sort: sort,
            event: event)
    }
}

extension RunScan.Known {
    /// The marks as those of a curve.
    func marks(_ viewing: Viewing) -> [Chart.Mark] {
        marks.map {
            Chart.Mark(
                day: $0.day, text: Format.words($0.text), sort: $0.sort,
                link: viewing.link("/why/event/\($0.event)"))
        }.sorted { ($0.day, $0.text) < ($1.day, $1.text) }
    }
}
