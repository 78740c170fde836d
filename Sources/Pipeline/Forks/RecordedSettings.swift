import EventLog
import Events
import FeedbackLoop
import Market

/// Under which settings each stretch of a run was decided: of a run that is no fork one alone.
///
/// A fork's past is folded under its own settings, which say what the loop makes of it from now on;
/// what the market and the cash came to is folded under those of then.
struct RecordedSettings {
    private struct Stretch {
        /// The own position of the event that recorded them.
        var first: UInt64
        var strategy: any Strategy
    }

    private var stretches: [Stretch] = []
    /// The canonical text of the strategy that folds.
    private let text: String

    /// Reads the settings recorded up to a position, as far as they are others than `strategy`'s.
    init(_ run: MergedLog, through end: MergedPosition, as strategy: some Strategy) throws {
        text = strategy.canonicalText
        let firsts = [1] + run.forks.map { $0.own + 1 }
        for first in firsts where first <= end.own {
            guard let opening = try RecordedSettings.opening(run, at: first) else { continue }
            let recorded = String(decoding: opening.text, as: UTF8.self)
            let isSame = recorded == text
            let built: any Strategy =
                try isSame
                ? strategy
                : StrategyFile.recorded(opening.name, text: recorded, place: run.log.path).strategy
            stretches.append(Stretch(first: first, strategy: built))
        }
    }

    /// Rules and cash that the run began with; nil where nothing says.
    var beginning: (rules: MarketRules, cash: Money)? {
        stretches.first.map { ($0.strategy.rules, $0.strategy.startCash) }
    }

    /// The market rules that hold from an event on; nil where it changes none.
    func rules(from event: Reference) -> MarketRules? {
        stretches.dropFirst().first { .own($0.first) == event }?.strategy.rules
    }

    /// The strategy under which an own event was recorded; nil where it is the one that folds, or
    /// one of another kind.
    func strategy<S: Strategy>(of position: UInt64) -> S? {
        guard let found = stretches.last(where: { $0.first <= position })?.strategy,
            found.canonicalText != text
        else { return nil }
        return found as? S
    }

    /// The settings that an own event records; nil for any other event.
    static func opening(_ run: MergedLog, at position: UInt64) throws -> ConfigurationChanged? {
        var found: ConfigurationChanged?
        try run.event(.own(position)) { message in
            guard try MessageHeader(message).templateID == ConfigurationChanged.templateID else {
                return
            }
            found = try ConfigurationChanged(message: message)
        }
        // A live run says first that the rehearsal is over.
        if found?.scope == .service { return try opening(run, at: position + 1) }
        return found
    }
}
