public import Events
import Learning

/// Changes facts beyond recognition, by a seed and their position alone.
///
/// Prices move and tickers change places, filings change ticker, filer, side, dates and size, index
/// levels move, sectors, parties and committees change, and a person asks for another model or
/// training: whoever has read such a fact decides otherwise. The instant at which it is known
/// stays.
public struct Scrambler: Sendable {
    private let seed: UInt64
    private let tickers: [Ticker]

    /// A scrambler of one seed; `tickers` are those that a scrambled filing may name.
    public init(seed: UInt64, tickers: [Ticker] = []) {
        self.seed = seed
        self.tickers = tickers.isEmpty ? Scrambler.known : tickers
    }

    /// The scrambled message.
    public func scrambled(_ message: RawSpan, at position: UInt64) throws -> [UInt8] {
        var noise = SplitMix64(seed: seed ^ position &* 0x9E37_79B9_7F4A_7C15)
        switch try MessageHeader(message).templateID {
        case SessionClosed.templateID:
            return session(SessionClosed(try SessionClosedView(message)), &noise).encoded()
        case IndexClosed.templateID:
            var event = IndexClosed(try IndexClosedView(message))
            let factor = 0.5 + noise.unit()
            event.close *= factor
            event.adjustedClose = event.adjustedClose.map { $0 * factor }
            event.open = event.open.map { $0 * (0.5 + noise.unit()) }
            return event.encoded()
        case DisclosureFiled.templateID:
            return filing(DisclosureFiled(try DisclosureFiledView(message)), &noise).encoded()
        default:
            return try reference(message, &noise)
        }
    }

    /// Bars change places and move.
    private func session(_ event: SessionClosed, _ noise: inout SplitMix64) -> SessionClosed {
        var event = event
        let shift = event.bars.isEmpty ? 0 : Int(noise.next() % UInt64(event.bars.count))
        let source = event.bars
        for index in event.bars.indices {
            let from = source[(index + shift) % source.count]
            let factor = 0.5 + noise.unit()
            event.bars[index].open = from.open * factor
            event.bars[index].high = from.high * factor
            event.bars[index].low = from.low * factor * 0.9
            event.bars[index].close = (from.high + from.low) / 2 * factor
            event.bars[index].volume = (from.volume * (0.1 + noise.unit())).rounded()
        }
        // Some tickers vanish, so that whoever asks the future who survives is found too.
        let kept = event.bars.filter { _ in noise.next() % 8 != 0 }
        if !kept.isEmpty { event.bars = kept }
        return event
    }

    /// A filing says something else, of someone else.
    private func filing(_ event: DisclosureFiled, _ noise: inout SplitMix64) -> DisclosureFiled {
        var event = event
        event.side = noise.next() % 2 == 0 ? .buy : .sell
        event.tradedOn = event.tradedOn - Int(noise.next() % 60)
        event.amountLow = Money(dollars: (noise.unit() * 1e6).rounded())
        event.amountHigh = nil
        event.confidence = event.confidence.map { _ in noise.unit() }
        event.ticker = tickers[Int(noise.next() % UInt64(tickers.count))]
        event.party = noise.next() % 2 == 0 ? .democrat : .republican
        event.bioguide = nil
        event.filer = "Scrambled \(noise.next() % 50)"
        return event
    }

    /// What reference files say of tickers and persons.
    private func reference(_ message: RawSpan, _ noise: inout SplitMix64) throws -> [UInt8] {
        switch try MessageHeader(message).templateID {
        case InstrumentClassified.templateID:
            var event = InstrumentClassified(try InstrumentClassifiedView(message))
            event.sector = "Scrambled \(noise.next() % 5)"
            return event.encoded()
        case PoliticianDescribed.templateID:
            var event = PoliticianDescribed(try PoliticianDescribedView(message))
            event.party = noise.next() % 2 == 0 ? .democrat : .republican
            return event.encoded()
        case CorporateActionAnnounced.templateID:
            var event = try CorporateActionAnnounced(message: message)
            event.ratio = event.ratio.map { _ in [0.5, 2, 3, 10][Int(noise.next() % 4)] }
            event.amount = event.amount.map { $0 * (0.1 + 5 * noise.unit()) }
            event.ticker = tickers[Int(noise.next() % UInt64(tickers.count))]
            return event.encoded()
        case CommitteeAssigned.templateID:
            var event = CommitteeAssigned(try CommitteeAssignedView(message))
            event.sectors = UInt16(noise.next() % (1 << UInt64(Sector.allCases.count)))
            return event.encoded()
        case DisclosureAmended.templateID:
            var event = DisclosureAmended(try DisclosureAmendedView(message))
            event.amends = "scrambled"
            event.side = noise.next() % 2 == 0 ? .buy : .sell
            event.ticker = tickers[Int(noise.next() % UInt64(tickers.count))]
            return event.encoded()
        case DisclosureWithdrawn.templateID:
            var event = DisclosureWithdrawn(try DisclosureWithdrawnView(message))
            event.filingID = "scrambled"
            return event.encoded()
        default:
            return try act(message, &noise)
        }
    }

    /// What people asked for.
    private func act(_ message: RawSpan, _ noise: inout SplitMix64) throws -> [UInt8] {
        switch try MessageHeader(message).templateID {
        case ModelPromoted.templateID:
            var act = try ModelPromoted(message: message)
            act.artefact.w0 ^= noise.next() | 1
            return act.encoded()
        case PredictionsImported.templateID:
            var event = try PredictionsImported(message: message)
            for index in event.predictions.indices {
                let win = Float(noise.unit())
                event.predictions[index].win = win
                event.predictions[index].loss = 1 - win
                event.predictions[index].breakeven = 0
            }
            return event.encoded()
        case TradeRecorded.templateID:
            var act = try TradeRecorded(message: message)
            act.exitPrice *= 0.5 + noise.unit()
            act.direction = noise.next() % 2 == 0 ? .long : .short
            return act.encoded()
        case JobStarted.templateID:
            var act = try JobStarted(message: message)
            act.job = act.job == .training ? .feedbackRetraining : .training
            return act.encoded()
        default:
            return message.withUnsafeBytes { Array($0) }
        }
    }

    /// Symbols that most markets have.
    private static let known = ["AAPL", "MSFT", "AMZN", "JPM", "XOM", "WMT", "T001", "T002"]
        .compactMap { Ticker($0) }
}
