import Application
import EventLog
import Events
import FeedbackLoop
import Foundation
import Learning
import Market
import Pipeline
import Projections

extension Route {
    /// Calls of the systems that this one replaces, with the shapes that their clients know.
    static let legacy: [Route] = [
        Route(
            "POST", "/ml/train", "ml_train", "Asks for a training; the job is polled.",
            role: .operator, isWrite: true, parameters: [.run],
            body: .object([
                .lookback,
                .init("model_type", .choice(["xgboost"]), isRequired: false),
                .init(
                    "prediction_window_days",
                    .integer(
                        least: LabelRules.horizonSessions, most: LabelRules.horizonSessions),
                    isRequired: false,
                    "A label ends where the loop would have sold, or after so many sessions."),
                .init(
                    "num_classes", .integer(least: 3, most: 3), isRequired: false,
                    "Win, loss and breakeven: five-class models are not made any more."),
                .init(
                    "enable_sector", .yes, isRequired: false,
                    "Every model has the sector's feature."),
                .init(
                    "enable_market_regime", .yes, isRequired: false,
                    "Every model has the regime's features."),
                .init("triggered_by", .text(most: 48), isRequired: false),
                .useOutcomes, .outcomeWindow, .outcomeWeight, .compareToCurrent,
            ]), answers: [.json(.object([], isOpen: true), "It was asked for.", status: 202)]
        ) { try $0.train() },
        Route(
            "GET", "/ml/train/{id}", "ml_train_job", "How far a training is.",
            parameters: [.path("id", "As POST /ml/train answered."), .run],
            answers: [.json(.object([], isOpen: true))]
        ) { call in
            .json(try TrainingJob.find(call["id"], run: call.run, in: call.workspace).json)
        },
        Route(
            "POST", "/ml/retrain", "ml_retrain", "Trains now; fails where nothing was trained.",
            role: .operator, isWrite: true, parameters: [.run],
            body: .object([
                .useOutcomes, .outcomeWindow, .lookback, .outcomeWeight, .compareToCurrent,
            ]),
            answers: [
                .json(.object([], isOpen: true)),
                .json(.object([], isOpen: true), "It goes on; poll the job.", status: 202),
            ]
        ) { call in
            try call.finished(try call.ask())
        },
        Route(
            "POST", "/ml/batch-predict", "ml_batch_predict",
            "What the champion thinks of tickers or of feature vectors.", parameters: [.run],
            body: .object([
                .init(
                    "tickers",
                    .list(
                        .either([.ticker, .object([], isOpen: true)]), least: 1, most: 500),
                    "Symbols, or objects of features."),
                .init("use_cache", .boolean, isRequired: false),
            ]), answers: [.json(.list(.object([], isOpen: true)))]
        ) { try $0.batchPredict() },
        Route(
            "GET", "/ml/models", "ml_models", "Every model.",
            parameters: [.run, .asOf, .limit, .cursor], answers: [.page, .notChanged]
        ) { try $0.newest("ml_models") },
        Route(
            "GET", "/ml/models/active", "ml_models_active", "The champion.",
            parameters: [.run, .asOf], answers: [.json(.object([], isOpen: true))]
        ) { call in
            var request = TablePage.Request(table: "ml_models", run: call.run)
            request.filters = [TablePage.Filter("status", "active")]
            request.moment = try call.moment()
            let page = try TablePage(request, in: call.workspace.folder)
            guard let row = page.rows.last else {
                throw ApplicationError.missing("there is no champion")
            }
            return .json(RowText.object(page.columns, row))
        },
        Route(
            "GET", "/ml/signal/{ticker}", "ml_signal", "What the loop thinks of a ticker.",
            parameters: [.path("ticker", "The symbol.", .ticker), .run],
            answers: [.json(.object([], isOpen: true))]
        ) { try $0.signal(of: $0["ticker"], bars: nil) },
        Route(
            "POST", "/ml/signal", "ml_signal_bars", "The same by bars of your own.",
            parameters: [.run],
            body: .object([
                .init("ticker", .ticker),
                .init(
                    "bars",
                    .list(
                        .object([
                            .init("date", .text(format: "date")), .init("open", .amount),
                            .init("high", .amount), .init("low", .amount),
                            .init("close", .amount), .init("volume", .number(least: 0)),
                        ]), least: 1, most: 5_000), isRequired: false),
            ]), answers: [.json(.object([], isOpen: true))]
        ) { call in
            return try call.signal(of: call.neededText("ticker"), bars: call.bars())
        },
        Route(
            "POST", "/ml/trades", "ml_trades", "Tells of a trade made elsewhere.", role: .operator,
            isWrite: true, parameters: [.run],
            body: .object([
                .init("ticker", .ticker), .init("signal", .choice(["long", "short"])),
                .init("entry", .amount), .init("exit", .amount), .init("size", .amount),
                .init("entered_at", .text(), isRequired: false),
                .init("exited_at", .text(), isRequired: false),
                .init(
                    "id", .text(pattern: "^[ -~]{1,40}$"), isRequired: false,
                    "The same id is the same trade."),
            ]), answers: [.json(.object([], isOpen: true))]
        ) { try $0.recordTrade() },
        Route(
            "GET", "/ml/stats", "ml_stats", "Where the run's loop stands.", parameters: [.run],
            answers: [.json(.object([], isOpen: true))]
        ) { call in
            let run = try call.workspace.folder.openRun(call.run)
            let origin = try RunOrigin.read(run, at: run.merged.end())
            guard case .loop(let loop) = origin.strategy else {
                throw ApplicationError.refused("run \(call.run) has no models")
            }
            return .json(try LoopStatisticsAnswer(run, loop, window: origin.window).json)
        },
        Route(
            "POST", "/functions/v1/ml-training", "ml_training",
            "action train: trains, compares on one holdout, promotes or not, and answers with the "
                + "comparison. action evaluate-training: what a job came to.",
            role: .operator, isWrite: true, parameters: [.run],
            body: .either([
                .object([
                    .init("action", .choice(["train"])),
                    .useOutcomes, .outcomeWindow, .compareToCurrent, .lookback, .outcomeWeight,
                    .init("triggered_by", .text(most: 48), isRequired: false),
                ]),
                .object([
                    .init("action", .choice(["evaluate-training"])),
                    .init("job_id", .text()),
                ]),
            ]),
            answers: [
                .json(.object([], isOpen: true)),
                .json(.object([], isOpen: true), "It goes on; poll the job.", status: 202),
            ]
        ) { try $0.mlTraining() },
        Route(
            "POST", "/functions/v1/trading-signals", "trading_signals",
            "The signals of the latest evaluations.", parameters: [.run],
            body: .object([
                .init("action", .choice(["generate-signals", "regenerate-signals"])),
                .init("minConfidence", .number(least: 0, most: 1), isRequired: false),
                .init("lookbackDays", .integer(least: 1, most: 3_650), isRequired: false),
            ]), answers: [.json(.object([], isOpen: true))]
        ) { try $0.tradingSignals() },
        Route(
            "POST", "/functions/v1/signal-feedback", "signal_feedback",
            "What became of signals, how features went with returns, how the champion did.",
            parameters: [.run],
            body: .object([
                .init(
                    "action",
                    .choice(["record-outcomes", "analyze-features", "evaluate-model"])),
                .init("windowDays", .integer(least: 1, most: 3_650), isRequired: false),
            ]), answers: [.json(.object([], isOpen: true))]
        ) { try $0.signalFeedback() },
        Route(
            "POST", "/functions/v1/reference-portfolio", "reference_portfolio",
            "The portfolio. set-trading-mode needs the role admin, a reason, and for live a "
                + "phrase.", parameters: [.run],
            body: .either([
                .object([.init("action", .choice(Call.portfolioActions))]),
                .object([
                    .init("action", .choice(["set-trading-mode"])),
                    .init("mode", .choice(["paper", "live"])),
                    .init("phrase", .text(), isRequired: false),
                    .init("adopt", .boolean, isRequired: false),
                    .init("reason", .reason),
                ]),
            ]), answers: [.json(.object([], isOpen: true)), .asked]
        ) { try $0.referencePortfolio() },
    ]
}

extension Schema.Field {
    /// What a request for a training may ask for; what it leaves out is the strategy's.
    fileprivate static let useOutcomes = Self(
        "use_outcomes", .boolean, isRequired: false,
        "Whether to learn from trades that were made too.")
    fileprivate static let outcomeWindow = Self(
        "outcome_window_days", .integer(least: 1, most: 3_650), isRequired: false,
        "Calendar days of such trades.")
    fileprivate static let lookback = Self(
        "lookback_days", .integer(least: 1, most: 5_000), isRequired: false,
        "Sessions of decisions to learn from.")
    fileprivate static let outcomeWeight = Self(
        "outcome_weight", .number(least: 0, most: 100), isRequired: false,
        "Average weight of such trades; market rows have 1.")
    fileprivate static let compareToCurrent = Self(
        "compare_to_current", .boolean, isRequired: false,
        "False: the model stays a candidate, uncompared.")
}
