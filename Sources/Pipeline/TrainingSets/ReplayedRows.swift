public import EventLog
public import Events
public import FeedbackLoop
import Learning

/// The evaluations and outcomes of a replay that writes no log, kept so that its rows can be read
/// back like a run's.
public struct ReplayedRows: Sendable {
    private enum Item: Sendable {
        case row(TrainingRow)
        case outcome(OutcomeRecorded, Reference)
    }

    /// In the order of the replay, each with the timeline position that had been read by then.
    private var items: [(through: UInt64, item: Item)] = []
    private var position: UInt64 = 0
    /// The timeline position that had been read by the latest event.
    public private(set) var through: UInt64 = 0

    /// Nothing replayed.
    public init() {}

    /// Takes the replay's next event.
    public mutating func take(_ message: RawSpan) throws(DecodingError) {
        position += 1
        through = try Envelope(message: message).through
        switch try MessageHeader(message).templateID {
        case SignalGenerated.templateID:
            let event = try SignalGeneratedView(message)
            items.append((through, .row(TrainingRow(event, .own(position), session: 0))))
        case SignalSuppressed.templateID:
            let event = try SignalSuppressedView(message)
            items.append((through, .row(TrainingRow(event, .own(position), session: 0))))
        case OutcomeRecorded.templateID:
            let event = try OutcomeRecorded(message: message)
            items.append((through, .outcome(event, .own(position))))
        default: break
        }
    }

    /// The rows as far as the replay went; `facts` gives the timeline that it read, by positions.
    public func history(
        _ configuration: LoopConfiguration,
        facts: ((UInt64, RawSpan) throws -> ReadControl) throws -> Void
    ) throws -> TrainingHistory {
        var history = TrainingHistory(configuration)
        var next = 0
        try facts { position, message in
            guard position <= through else { return .stop }
            while next < items.count, items[next].through < position {
                ReplayedRows.add(items[next].item, to: &history)
                next += 1
            }
            switch try MessageHeader(message).templateID {
            case IndexClosed.templateID: history.close(try IndexClosedView(message))
            case SessionClosed.templateID: history.close(try SessionClosedView(message))
            default: break
            }
            return .proceed
        }
        for (_, item) in items[next...] { ReplayedRows.add(item, to: &history) }
        return history
    }

    private static func add(_ item: Item, to history: inout TrainingHistory) {
        switch item {
        case .row(var row):
            row.session = history.immature.session
            history.add(row)
        case .outcome(let outcome, let reference): history.add(outcome, reference)
        }
    }
}
