import Digests
import Events

/// What events are about, as numbers that an index finds them by.
enum LineageSubject {
    /// All events about a ticker.
    static func number(_ ticker: Ticker) -> Int64 { Int64(bitPattern: ticker.rawValue) }

    /// All events of a kind; of few kinds they are kept.
    static func number(_ template: UInt16) -> Int64 { -Int64(template) }

    /// What ends a filing, or a row by the text of `RowMatch`. Two ids may share a number: whoever
    /// asks reads the events.
    static func number(filing id: String) -> Int64 {
        Int64.min | Int64(bitPattern: SHA256.hash(id).w0 >> 2)
    }

    /// What an event is found by; nothing for a fact of the timeline that asks for a promotion or a
    /// job: the run records its own of what it did.
    static func subjects(
        _ message: RawSpan, _ template: UInt16, isFact: Bool
    ) throws(DecodingError) -> [Int64] {
        switch template {
        case ModelPromoted.templateID, ModelRolledBack.templateID, JobStarted.templateID:
            return isFact ? [] : [number(template)]
        case DisclosureFiled.templateID: return [number(try DisclosureFiledView(message).ticker)]
        case DisclosureAmended.templateID:
            let view = try DisclosureAmendedView(message)
            let amends = view.amends
            let ended =
                amends.isEmpty
                ? RowMatch.text(view.ticker, view.tradedOn, filer: view.filer) : amends
            return [number(view.ticker), number(filing: ended)]
        case DisclosureWithdrawn.templateID:
            let view = try DisclosureWithdrawnView(message)
            let filing = view.filingID
            guard filing.isEmpty, let ticker = view.ticker, let tradedOn = view.tradedOn,
                let filer = view.filer
            else { return [number(filing: filing)] }
            return [number(filing: RowMatch.text(ticker, tradedOn, filer: filer))]
        case CorporateActionAnnounced.templateID:
            return [number(try CorporateActionAnnouncedView(message).ticker)]
        case TradeRecorded.templateID: return [number(try TradeRecordedView(message).ticker)]
        case SignalGenerated.templateID: return [number(try SignalGeneratedView(message).ticker)]
        case SignalSuppressed.templateID: return [number(try SignalSuppressedView(message).ticker)]
        case SignalSkipped.templateID: return [number(try SignalSkippedView(message).ticker)]
        case OrderSubmitted.templateID: return [number(try OrderSubmittedView(message).ticker)]
        case OrderFilled.templateID: return [number(try OrderFilledView(message).ticker)]
        case ExitTriggered.templateID: return [number(try ExitTriggeredView(message).ticker)]
        case OutcomeRecorded.templateID: return [number(try OutcomeRecordedView(message).ticker)]
        case SessionClosed.templateID, ConfigurationChanged.templateID, RegimeChanged.templateID,
            ModelTrained.templateID, ModelImported.templateID, TrainingFailed.templateID,
            BlendWeightEvaluated.templateID, ThresholdsEvaluated.templateID,
            CalibrationFitted.templateID:
            return [number(template)]
        default: return []
        }
    }
}
