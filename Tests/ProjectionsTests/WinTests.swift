import Events
import TestWorlds
import Testing

@testable import Projections

/// A win is above half a per cent wherever the word stands, and each column says of which return.
@Suite("Wins in the read models")
struct WinTests {
    private func run(_ measure: String) throws -> RunFixture {
        let run = try RunFixture(
            facts: SmallWorld(sessions: 420).facts,
            settings: SmallWorld.learning + [
                "gate=always", "label_return=\(measure)", "lookback_days=40", "blend_arm_size=30",
            ], trainer: StumpTrainer())
        _ = try run.project(["blend-weight", "performance", "portfolio"])
        return run
    }

    @Test("by net labels executed trades beside the arms are exactly those that the loop counted")
    func net() throws {
        let run = try run("net")
        let rows = "FROM blend_weight_history"
        #expect(try run.number("SELECT sum(executed) \(rows)") > 20)
        #expect(try run.number("SELECT count(*) \(rows) WHERE reason <> 'arm_too_small'") > 3)
        #expect(
            try run.number(
                """
                SELECT count(*) \(rows) WHERE label_return <> 'net' OR executed_measured <> executed
                OR executed_label_win_rate IS NOT executed_win_rate
                """) == 0)
    }

    @Test("by excess labels they are judged in excess of the index, and the net rate stands beside")
    func excess() throws {
        let run = try run("excess")
        #expect(
            try run.number(
                "SELECT count(*) FROM blend_weight_history WHERE label_return <> 'excess' "
                    + "OR executed_measured <> executed") == 0, "the index has every level")
        #expect(
            try run.number(
                "SELECT count(*) FROM blend_weight_history "
                    + "WHERE executed_label_win_rate <> executed_win_rate") > 0,
            "two measures that never differ would show nothing")
        // Those of the first judgement, counted again from the outcomes.
        let first = try run.rows(
            """
            SELECT executed_measured, executed_label_wins, from_date, through_date, evaluated_at
            FROM blend_weight_history WHERE executed > 0 ORDER BY position LIMIT 1
            """)[0]
        let again = try run.rows(
            """
            SELECT count(*), sum(excess_return_pct > 0.5) FROM signal_outcomes
            WHERE outcome <> 'open' AND source = 'loop' AND updated_at < '\(text(first[4]))'
            AND signal_date BETWEEN '\(text(first[2]))' AND '\(text(first[3]))'
            """)[0]
        #expect(Array(first.prefix(2)) == again)
    }

    private func text(_ value: RowValue) -> String {
        if case .text(let text) = value { text } else { "" }
    }

    @Test("the history of importances has the same of the blend weight, and says how it measures")
    func importances() throws {
        let run = try run("excess")
        let columns = "executed, executed_win_rate, executed_measured, executed_label_win_rate"
        #expect(
            try run.rows(
                "SELECT \(columns), label_return FROM feature_importance_history "
                    + "WHERE feature = -1 ORDER BY position")
                == (try run.rows(
                    "SELECT \(columns), label_return FROM blend_weight_history ORDER BY position")))
        let features = "FROM feature_importance_history WHERE feature >= 0"
        #expect(try run.number("SELECT count(*) \(features)") > 0)
        #expect(
            try run.number(
                "SELECT count(*) \(features) AND (label_return <> 'excess' OR executed NOT NULL)")
                == 0)
    }

    @Test("winning trades are wins, and what is merely above 0 stands under its own name")
    func portfolio() throws {
        let run = try run("net")
        let state = try run.rows(
            """
            SELECT winning_trades, losing_trades, trades_above_zero, total_trades, win_rate
            FROM reference_portfolio_state
            """)[0]
        let outcomes = try run.rows(
            """
            SELECT sum(outcome = 'win'), sum(outcome = 'loss'), sum(return_dollars > 0), count(*),
            1.0 * sum(outcome = 'win') / count(*)
            FROM signal_outcomes WHERE outcome <> 'open' AND source = 'loop'
            """)[0]
        #expect(state == outcomes)
        #expect(state[0] != state[2], "a trade between 0 and half a per cent must be among them")
    }

    @Test("under 30 trades the portfolio has no Sharpe ratio and no profit factor")
    func scarce() throws {
        let run = try RunFixture()
        _ = try run.project(["portfolio"])
        let trades = try run.number("SELECT total_trades FROM reference_portfolio_state")
        let shown = try run.number(
            "SELECT (sharpe_ratio NOT NULL) + (profit_factor NOT NULL) FROM reference_portfolio_state"
        )
        #expect(trades > 0 && shown == (trades < 30 ? 0 : 2))
        #expect(
            try run.number(
                """
                SELECT count(*) FROM reference_portfolio_state
                WHERE (total_trades < 30) <> (sharpe_ratio IS NULL)
                """) == 0)
    }
}
