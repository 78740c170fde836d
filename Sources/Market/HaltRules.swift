/// When a live run halts its own entries: settings of the service, recorded in the run's first
/// event. A rehearsal and a backtest have none.
public struct HaltRules: Hashable, Sendable {
    /// Loss of the portfolio's value from one session's close to the next, percent; 0 for no rule.
    public var lossPercent: Double
    /// Loss from the live run's highest close, percent; 0 for no rule.
    public var drawdownPercent: Double
    /// How far above its cap a holding may grow, percent of the cap; 0 for no rule.
    public var overCapPercent: Double
    /// Entry orders of a day, as a multiple of what the plan allows; 0 for no rule.
    public var ordersTimesPlan: Double
    /// Days without any filing; 0 for no rule.
    public var filingsStaleAfter: Int

    /// Rules; by default those of the domain.
    public init(
        lossPercent: Double = 3, drawdownPercent: Double = 15, overCapPercent: Double = 10,
        ordersTimesPlan: Double = 2, filingsStaleAfter: Int = 10
    ) {
        self.lossPercent = lossPercent
        self.drawdownPercent = drawdownPercent
        self.overCapPercent = overCapPercent
        self.ordersTimesPlan = ordersTimesPlan
        self.filingsStaleAfter = filingsStaleAfter
    }

    /// As canonical YAML, in the run's first event.
    public var text: String {
        """
        halt_loss_percent: \(lossPercent)
        halt_drawdown_percent: \(drawdownPercent)
        halt_over_cap_percent: \(overCapPercent)
        halt_orders_times_plan: \(ordersTimesPlan)
        filings_stale_after: \(filingsStaleAfter)

        """
    }

    /// Those that a run recorded; nil where it has none: it was made before there were any, or
    /// without.
    public init?(recorded text: String) {
        var values: [Double] = []
        for key in HaltRules.keys {
            let lines = text.split(separator: "\n")
            guard let line = lines.first(where: { $0.hasPrefix("\(key): ") }),
                let value = Double(line.dropFirst(key.utf8.count + 2))
            else { return nil }
            values.append(value)
        }
        self.init(
            lossPercent: values[0], drawdownPercent: values[1], overCapPercent: values[2],
            ordersTimesPlan: values[3], filingsStaleAfter: Int(values[4]))
    }

    private static let keys = [
        "halt_loss_percent", "halt_drawdown_percent", "halt_over_cap_percent",
        "halt_orders_times_plan", "filings_stale_after",
    ]
}
