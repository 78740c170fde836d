public import EventLog
import Events
public import FeedbackLoop
import Learning
import Market

/// A finished run, or a live one as far as it has come, read again: its portfolio folded from its
/// own events over its timeline's
/// sessions, without deciding anything.
public enum RunReading {
    /// What the run came to, equal to what `Run.make` returned when it was made.
    ///
    /// `fact` is lent each timeline event that the run had read, in order.
    ///
    /// - Throws: `RunFolderError.unfinished` for a backtest that did not come to its end.
    public static func result(
        of run: MergedLog, strategy: any Strategy, window: ReplayWindow,
        fact: (UInt64, RawSpan) throws -> Void = { _, _ in }
    ) throws -> Run.Result {
        let isLive = run.log.identity.kind == .liveRun
        guard let timeline = run.timeline, try isLive || RunEnd.read(run.log) != nil else {
            throw RunFolderError.unfinished(path: run.log.path)
        }
        let isFiltered = !strategy.filter.isEverybody
        var filings = FilteredFilings(strategy.filter)
        let driver = try RunFold.fold(
            Bookkeeping(of: strategy), window: window, run: run
        ) { reference, message in
            guard reference.isTimeline else { return }
            if isFiltered {
                try filings.take(message, templateID: MessageHeader(message).templateID)
            }
            try fact(reference.position, message)
        }
        return Run.Result(
            head: try run.log.head(), timeline: try timeline.head(), marks: driver.marks,
            open: Run.open(driver.world), hindsight: driver.hindsight,
            isIndexPriceOnly: driver.world.index.isPriceOnly,
            isSimulated: driver.flags.contains(.simulated),
            survival: Run.Survival(driver.world.prices), notes: strategy.notes,
            followed: filings.counts)
    }
}

/// A strategy's market without its deciders: what a portfolio alone is folded under.
struct Bookkeeping: Strategy {
    let name: String
    let canonicalText: String
    let rules: MarketRules
    let startCash: Money
    let historySessions = 0
    var state = NoState()

    init(of strategy: any Strategy) {
        name = strategy.name
        canonicalText = strategy.canonicalText
        rules = strategy.rules
        startCash = strategy.startCash
    }

    mutating func learn(_ message: RawSpan, templateID: UInt16, at fact: Reference)
        throws(DecodingError)
    {}

    mutating func decide(_ stage: Stage, _ desk: inout Desk) throws(LoopError) -> StageAnswer {
        StageAnswer()
    }

    mutating func lend(
        _ trees: TreeEnsemble, _ artefact: Digest, predictions: [TreeEnsemble.Probabilities]
    ) {}
}
