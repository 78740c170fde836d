import Events
import Learning
import Pipeline

extension BacktestReport {
    /// The report as one JSON object; what is not known is null.
    public func json() -> String {
        let (first, second) = halves
        let drawdowns = Drawdown.deepest(
            5, of: Drawdown.all(in: daily, from: facts.startingValue))
        let fields: [(String, String)] = [
            ("run", JSONText.quoted(facts.run)), ("strategy", JSONText.quoted(facts.strategy)),
            ("strategy_digest", JSON.text(facts.strategyDigest)), ("seal", JSON.text(facts.seal)),
            ("timeline_seal", JSON.text(facts.timelineSeal)),
            ("flags", JSON.list(warnings.map(JSONText.quoted))),
            ("fork", facts.fork.map(JSONText.quoted) ?? "null"),
            ("notes", JSON.list(facts.notes.map(JSONText.quoted))),
            ("followed", followedJSON),
            (
                "survivorship",
                facts.survival.map {
                    JSON.object([
                        ("first_year", "\($0.tickers)"), ("at_end", "\($0.survivors)"),
                    ])
                } ?? "null"
            ),
            ("hindsight", counts(facts.hindsight)), ("from", JSON.text(daily.first?.day)),
            ("to", JSON.text(daily.last?.day)), ("sessions", "\(daily.count)"),
            ("sessions_without_index", "\(sessionsWithoutIndex)"),
            (
                "session_calendar",
                JSON.text(facts.prices.flatMap { $0.calendar.isEmpty ? nil : $0.calendar })
            ),
            ("unexplained_jumps", facts.prices.map { "\($0.jumps)" } ?? "null"),
            ("conflicting_bars", facts.prices.map { "\($0.conflictingBars)" } ?? "null"),
            ("corporate_actions", facts.prices.map { "\($0.actions)" } ?? "null"),
            ("starting_value", "\(facts.startingValue)"),
            ("final_value", "\(daily.last?.value ?? facts.startingValue)"),
            ("ratios_missing", JSON.text(scarcity?.reason)), ("metrics", part(whole)),
            ("first_half", part(first)), ("second_half", part(second)),
            ("calendar", JSON.list(calendar.map(year))),
            ("drawdowns", JSON.list(drawdowns.map(drawdown))),
            ("exits", JSON.list(exits.map(exit))), ("signals", signalCounts),
            ("open_positions", JSON.list(open.map(position))),
        ]
        let series: [(String, String)] = [
            ("trades", JSON.list(trades.map(trade))),
            ("daily", JSON.list(zip(daily, returns).map(record))),
        ]
        return JSON.object(fields + learningJSON + series)
    }

    private var signalCounts: String {
        JSON.object([
            ("generated", counts(signals.classes)), ("suppressed", counts(signals.suppressed)),
            ("skipped", counts(signals.skipped)), ("cancelled", counts(signals.cancelled)),
            ("champion", signals.champion.json),
        ])
    }

    private func part(_ part: Part) -> String {
        let (returns, index, trades) = (part.returns, part.index, part.trades)
        let values: [(String, Double?)] = [
            ("total_return", returns.totalReturn), ("annual_return", returns.annualReturn),
            ("volatility", returns.volatility), ("sharpe", returns.sharpe),
            ("sortino", returns.sortino), ("calmar", returns.calmar),
            ("max_drawdown", returns.maximumDrawdown), ("skewness", returns.skewness),
            ("kurtosis", returns.kurtosis), ("value_at_risk", returns.valueAtRisk),
            ("best_day", returns.best), ("worst_day", returns.worst),
            ("exposure", part.meanExposure), ("turnover", part.annualTurnover),
            ("index_return", index.index.totalReturn), ("alpha", index.alpha),
            ("beta", index.beta), ("information_ratio", index.informationRatio),
            ("equal_exposure_excess", index.equalExposureExcess),
            ("equal_exposure_annual", index.equalExposureAnnual),
            ("equal_exposure_information_ratio", index.equalExposureInformationRatio),
            ("closed_trades", Double(trades.count)), ("win_rate", trades.winRate),
            ("share_above_zero", trades.shareAboveZero),
            ("profit_factor", trades.profitFactor), ("average_win", trades.averageWin),
            ("average_loss", trades.averageLoss), ("expectancy", trades.expectancy),
            ("expectancy_dollars", trades.expectancyDollars),
            ("average_excess", trades.averageExcess),
            ("average_holding_days", trades.averageHoldingDays),
        ]
        return JSON.object(values.map { ($0.0, JSON.number($0.1)) })
    }

    private func year(_ year: (year: Int, months: [Double?], total: Double)) -> String {
        JSON.object([
            ("year", "\(year.year)"), ("months", JSON.list(year.months.map(JSON.number))),
            ("total", JSON.number(year.total)),
        ])
    }

    private func drawdown(_ drawdown: Drawdown) -> String {
        JSON.object([
            ("depth", JSON.number(drawdown.depth)), ("peak", JSON.text(drawdown.peak)),
            ("trough", JSON.text(drawdown.trough)), ("recovery", JSON.text(drawdown.recovery)),
            ("sessions", "\(drawdown.sessions)"),
        ])
    }

    private func exit(_ exit: (reason: String, trades: TradeMetrics)) -> String {
        JSON.object([
            ("reason", JSON.text(exit.reason)), ("trades", "\(exit.trades.count)"),
            ("win_rate", JSON.number(exit.trades.winRate)),
            ("mean_return", JSON.number(exit.trades.expectancy)),
            ("mean_mfe", JSON.number(exit.trades.averageFavorableExcursion)),
            ("mean_mae", JSON.number(exit.trades.averageAdverseExcursion)),
        ])
    }

    private func position(_ position: OpenPosition) -> String {
        JSON.object([
            ("ticker", JSON.text(position.ticker)), ("entry_day", JSON.text(position.entryDay)),
            ("entry_price", JSON.number(position.entryPrice)),
            ("last_price", JSON.number(position.lastPrice)), ("quantity", "\(position.quantity)"),
            ("marked_return", JSON.number(position.markedReturn)),
            ("marked_profit", "\(position.markedProfit)"), ("no_price", "\(position.noPrice)"),
        ])
    }

    private func trade(_ trade: ClosedTrade) -> String {
        JSON.object([
            ("ticker", JSON.text(trade.ticker)), ("entry_day", JSON.text(trade.entryDay)),
            ("exit_day", JSON.text(trade.exitDay)), ("entry_price", JSON.number(trade.entryPrice)),
            ("exit_price", JSON.number(trade.exitPrice)), ("quantity", "\(trade.quantity)"),
            ("net_return", JSON.number(trade.netReturn)), ("profit", "\(trade.profit)"),
            ("outcome", JSON.text("\(trade.outcome)")),
            ("excess_return", JSON.number(trade.excessReturn)), ("reason", JSON.text(trade.reason)),
        ])
    }

    private func record(_ day: (DailyRecord, Double)) -> String {
        JSON.object([
            ("day", JSON.text(day.0.day)), ("value", "\(day.0.value)"),
            ("return", JSON.number(day.1)),
            ("exposure", JSON.number(day.0.exposure)),
            ("index_return", JSON.number(day.0.indexReturn)),
        ])
    }

    private func counts(_ counts: [NamedCount]) -> String {
        JSON.object(counts.map { ($0.name, "\($0.count)") })
    }
}
