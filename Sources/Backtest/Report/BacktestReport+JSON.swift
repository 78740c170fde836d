import Events

extension BacktestReport {
    /// The report as one JSON object; what is not known is null.
    public func json() -> String {
        let (first, second) = halves
        let drawdowns = Drawdown.deepest(
            5, of: Drawdown.all(in: daily, from: facts.startingValue))
        let fields: [(String, String)] = [
            ("run", JSONText.quoted(facts.run)), ("strategy", JSONText.quoted(facts.strategy)),
            ("strategy_digest", text(facts.strategyDigest)), ("seal", text(facts.seal)),
            ("timeline_seal", text(facts.timelineSeal)),
            ("flags", list(facts.flags.map(JSONText.quoted))),
            ("notes", list(facts.notes.map(JSONText.quoted))),
            ("hindsight", counts(facts.hindsight)), ("from", text(daily.first?.day)),
            ("to", text(daily.last?.day)), ("sessions", "\(daily.count)"),
            ("starting_value", "\(facts.startingValue)"),
            ("final_value", "\(daily.last?.value ?? facts.startingValue)"),
            ("metrics", part(whole)), ("first_half", part(first)), ("second_half", part(second)),
            ("calendar", list(calendar.map(year))), ("drawdowns", list(drawdowns.map(drawdown))),
            ("exits", list(exits.map(exit))), ("signals", signalCounts),
            ("open_positions", list(open.map(position))), ("trades", list(trades.map(trade))),
            ("daily", list(zip(daily, returns).map(record))),
        ]
        return object(fields)
    }

    private var signalCounts: String {
        object([
            ("generated", counts(signals.classes)), ("suppressed", counts(signals.suppressed)),
            ("skipped", counts(signals.skipped)), ("cancelled", counts(signals.cancelled)),
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
            ("profit_factor", trades.profitFactor), ("average_win", trades.averageWin),
            ("average_loss", trades.averageLoss), ("expectancy", trades.expectancy),
            ("expectancy_dollars", trades.expectancyDollars),
            ("average_excess", trades.averageExcess),
            ("average_holding_days", trades.averageHoldingDays),
        ]
        return object(values.map { ($0.0, number($0.1)) })
    }

    private func year(_ year: (year: Int, months: [Double?], total: Double)) -> String {
        object([
            ("year", "\(year.year)"), ("months", list(year.months.map(number))),
            ("total", number(year.total)),
        ])
    }

    private func drawdown(_ drawdown: Drawdown) -> String {
        object([
            ("depth", number(drawdown.depth)), ("peak", text(drawdown.peak)),
            ("trough", text(drawdown.trough)), ("recovery", text(drawdown.recovery)),
            ("sessions", "\(drawdown.sessions)"),
        ])
    }

    private func exit(_ exit: (reason: String, trades: TradeMetrics)) -> String {
        object([
            ("reason", text(exit.reason)), ("trades", "\(exit.trades.count)"),
            ("mean_return", number(exit.trades.expectancy)),
            ("mean_mfe", number(exit.trades.averageFavorableExcursion)),
            ("mean_mae", number(exit.trades.averageAdverseExcursion)),
        ])
    }

    private func position(_ position: OpenPosition) -> String {
        object([
            ("ticker", text(position.ticker)), ("entry_day", text(position.entryDay)),
            ("entry_price", number(position.entryPrice)),
            ("last_price", number(position.lastPrice)), ("quantity", "\(position.quantity)"),
            ("marked_return", number(position.markedReturn)),
            ("marked_profit", "\(position.markedProfit)"), ("no_price", "\(position.noPrice)"),
        ])
    }

    private func trade(_ trade: ClosedTrade) -> String {
        object([
            ("ticker", text(trade.ticker)), ("entry_day", text(trade.entryDay)),
            ("exit_day", text(trade.exitDay)), ("entry_price", number(trade.entryPrice)),
            ("exit_price", number(trade.exitPrice)), ("quantity", "\(trade.quantity)"),
            ("net_return", number(trade.netReturn)), ("profit", "\(trade.profit)"),
            ("excess_return", number(trade.excessReturn)), ("reason", text(trade.reason)),
        ])
    }

    private func record(_ day: (DailyRecord, Double)) -> String {
        object([
            ("day", text(day.0.day)), ("value", "\(day.0.value)"), ("return", number(day.1)),
            ("exposure", number(day.0.exposure)), ("index_return", number(day.0.indexReturn)),
        ])
    }

    private func counts(_ counts: [NamedCount]) -> String {
        object(counts.map { ($0.name, "\($0.count)") })
    }

    private func object(_ fields: [(String, String)]) -> String {
        let members = fields.map { "\(JSONText.quoted($0.0)):\($0.1)" }
        return "{\(members.joined(separator: ","))}"
    }

    private func list(_ items: [String]) -> String { "[\(items.joined(separator: ","))]" }

    private func text(_ value: (some CustomStringConvertible)?) -> String {
        value.map { JSONText.quoted($0.description) } ?? "null"
    }

    private func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "null" }
        return "\(value)"
    }
}
