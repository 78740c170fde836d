import Application
import EventLog
import Events
import FeedbackLoop
import Foundation
import Learning
import Market
import Pipeline
import Projections

extension Call {
    /// The bars of the body; nil where none came.
    func bars() throws -> [Bar]? {
        guard let list = try list("bars") else { return nil }
        guard !list.isEmpty, list.count <= 5_000 else {
            throw ApplicationError.invalid("bars", "takes 1 to 5000 bars")
        }
        var (bars, last) = ([Bar](), Day?.none)
        for (index, value) in list.enumerated() {
            guard case .object(let fields) = value,
                fields.names == ["close", "date", "high", "low", "open", "volume"],
                case .text(let text)? = fields["date"], let day = Day(text)
            else {
                throw ApplicationError.invalid(
                    "bars",
                    "bar \(index + 1): takes date (YYYY-MM-DD), open, high, low, close, volume")
            }
            func number(_ name: String) -> Double {
                if case .number(let value)? = fields[name] { value } else { .nan }
            }
            let bar = Bar(
                open: number("open"), high: number("high"), low: number("low"),
                close: number("close"), volume: number("volume"))
            let isSound =
                [bar.open, bar.high, bar.low, bar.close].allSatisfy {
                    InputRange.price.contains($0)
                }
                && InputRange.volume.contains(bar.volume) && bar.low <= min(bar.open, bar.close)
                && bar.high >= max(bar.open, bar.close)
            guard isSound else {
                throw ApplicationError.invalid(
                    "bars",
                    "bar \(index + 1) of \(day): a price is missing, out of range, or "
                        + "outside low and high")
            }
            guard last.map({ $0 < day }) ?? true else {
                throw ApplicationError.invalid(
                    "bars", "bar \(index + 1) of \(day): dates must grow from bar to bar")
            }
            (bars, last) = (bars + [bar], day)
        }
        return bars
    }

    /// What the loop thinks of a ticker.
    func signal(of text: String, bars: [Bar]?) throws -> APIResponse {
        guard let ticker = Ticker(Ticker.folded(text)) else {
            throw ApplicationError.invalid(
                fields: ["ticker"],
                "{ticker} \(text): is no ticker; write 1 to 8 characters like BRK.B")
        }
        let outlook = try service.outlooks.outlook(of: run).outlook
        guard bars != nil || outlook.tickers.contains(ticker) else {
            throw KnownTickers(outlook.tickers).refusal(
                of: "\(ticker)", "POST /ml/signal judges bars of your own")
        }
        let opinion =
            try bars.map { try outlook.opinion(of: ticker, bars: $0) }
            ?? outlook.opinion(of: ticker)
        guard let opinion else { throw Problem(503, "no-session", "the run has no session yet") }
        let answer = try SignalAnswer(
            opinion, outlook.decision(on: ticker), store: workspace.models)
        return .json(answer.json)
    }

    func batchPredict() throws -> APIResponse {
        _ = try boolean("use_cache")
        guard let list = try list("tickers"), !list.isEmpty, list.count <= 500 else {
            throw ApplicationError.invalid("tickers", "takes 1 to 500 symbols or feature vectors")
        }
        let outlook = try service.outlooks.outlook(of: run).outlook
        guard let champion = outlook.standing.champion else {
            throw Problem(
                503, "no-model",
                "there is no champion yet; GET /ml/signal/TICKER answers by prices",
                fields: [("retry-after", "3600")])
        }
        let predictions = try list.map { value -> String in
            switch value {
            case .text(let text): try predicted(text, outlook)
            case .object(let features): try predicted(features, champion, outlook.standing)
            default:
                throw ApplicationError.invalid(
                    "tickers", "takes symbols, or objects of features; not \(value.kind)")
            }
        }
        return .json(JSONObject.list(predictions))
    }

    private func predicted(_ text: String, _ outlook: LoopOutlook) throws -> String {
        guard let ticker = Ticker(Ticker.folded(text)) else {
            throw ApplicationError.invalid("tickers", "\(text) is no ticker")
        }
        var object = JSONObject()
        object.text("ticker", "\(ticker)")
        guard outlook.tickers.contains(ticker), let opinion = try outlook.opinion(of: ticker),
            case .model(let champion) = opinion.source
        else {
            object.json("prediction", "null")
            object.text("signal_type", "hold")
            object.real("confidence", nil)
            object.boolean("cached", false)
            object.text("model_id", nil)
            object.text("error", "the champion has no answer on it: no bars or filings of it")
            return object.text
        }
        Call.fill(&object, champion.probabilities, opinion.side, opinion.confidence)
        object.text("model_id", "\(champion.artefact)")
        return object.text
    }

    private func predicted(
        _ features: JSONFields, _ champion: ChampionHistory.Champion, _ standing: LoopStanding
    ) throws -> String {
        let known = FeatureCatalogue.features.map(\.name)
        var row = [Float](repeating: .nan, count: known.count)
        for field in features.fields where field.name != "ticker" {
            guard let place = known.firstIndex(of: field.name) else {
                throw ApplicationError.invalid(
                    fields: ["tickers"],
                    "{tickers}: \(field.name) is no feature"
                        + Suggestion.question(field.name, known))
            }
            switch field.value {
            case .null: break
            case .number(let value): row[place] = Float(value)
            default:
                throw ApplicationError.invalid(
                    "tickers", "\(field.name) takes a number or null, not \(field.value.kind)")
            }
        }
        guard !champion.model.isTimeline else {
            throw Problem(
                503, "imported-model",
                "the champion was trained by another tool: it answers for its own rows alone")
        }
        let trees = try workspace.trees(champion.artefact)
        guard trees.columns <= row.count else {
            throw Problem(503, "model", "the champion takes \(trees.columns) features")
        }
        let found = trees.probabilities(Array(row.prefix(trees.columns)))
        let share = Double(found.win) / Double(found.win + found.loss)
        let side: MachineSide =
            share >= Double(standing.thresholds.buyHundredths) / 100
            ? .buy
            : share <= Double(standing.thresholds.sellHundredths) / 100 ? .sell : .neutral
        var object = JSONObject()
        if case .text(let ticker)? = features["ticker"] {
            object.text("ticker", ticker)
        } else {
            object.text("ticker", nil)
        }
        Call.fill(&object, found, side, max(share, 1 - share))
        object.text("model_id", "\(champion.artefact)")
        return object.text
    }

    private static func fill(
        _ object: inout JSONObject, _ found: TreeEnsemble.Probabilities, _ side: MachineSide,
        _ confidence: Double
    ) {
        var classes = JSONObject()
        classes.real("win", Double(found.win))
        classes.real("loss", Double(found.loss))
        classes.real("breakeven", Double(found.breakeven))
        object.json("prediction", classes.text)
        object.text(
            "signal_type", side == .buy ? "buy" : side == .sell ? "sell" : "hold")
        object.real("confidence", confidence)
        object.boolean("cached", false)
    }

    func recordTrade() throws -> APIResponse {
        let side = try neededText("signal")
        guard side == "long" || side == "short" else {
            throw ApplicationError.invalid(
                fields: ["signal"], "{signal} \(side): write long or short")
        }
        let now = workspace.instant
        let act = try TradeAct(
            ticker: neededText("ticker"), direction: side == "long" ? .long : .short,
            entry: neededReal("entry"), exit: neededReal("exit"), size: neededReal("size"),
            enteredAt: text("entered_at"), exitedAt: text("exited_at"), id: text("id"), at: now)
        let lesson = try act.lesson(for: try? workspace.folder.openRun(run))
        let log = try workspace.logForActs()
        let answer = try service.acts.lend {
            try act.record(in: log, &$0, lesson: lesson, now: now).json.text
        }
        return .json(answer)
    }
}
