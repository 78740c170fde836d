import EventLog
import Events
import FeedbackLoop
import Pipeline
import Testing

@testable import Projections

@Suite("Read models")
struct ReadModelTests {
    private let run: RunFixture

    init() throws {
        run = try RunFixture()
        _ = try run.project()
    }

    /// Events of the run's own log by type.
    private func counts() throws -> (signals: Int64, outcomes: Int64, fills: Int64) {
        var counts: (signals: Int64, outcomes: Int64, fills: Int64) = (0, 0, 0)
        try EventLog.open(at: try run.data.run("feedback")).read { record in
            switch try MessageHeader(record.message).templateID {
            case SignalGenerated.templateID, SignalSuppressed.templateID: counts.signals += 1
            case OutcomeRecorded.templateID: counts.outcomes += 1
            case OrderFilled.templateID: counts.fills += 1
            default: break
            }
            return .proceed
        }
        return counts
    }

    @Test("no evaluation, fill or outcome is dropped")
    func nothingDropped() throws {
        let counts = try counts()
        #expect(counts.signals > 500 && counts.outcomes > 20 && counts.fills > 40)
        #expect(try run.number("SELECT count(*) FROM trading_signals") == counts.signals)
        #expect(
            try run.number("SELECT count(*) FROM reference_portfolio_transactions")
                == counts.fills)
        let closed = try run.number("SELECT count(*) FROM signal_outcomes WHERE outcome <> 'open'")
        #expect(closed == counts.outcomes)
        #expect(
            try run.number("SELECT count(*) FROM disclosures") == 600,
            "every filing of the timeline that was known before the end")
    }

    @Test(
        "the runs of disclosure-follow are projected too, and their sessions are their marks",
        arguments: [FillTiming.nextOpen, .sameClose])
    func follow(timing: FillTiming) throws {
        var follow = DisclosureFollow(timing: timing)
        follow.minimumConfidence = 0
        let timeline = try EventLog.open(at: run.data.timeline(run.result.timeline.seal))
        let result = try Run.make(follow, timeline: timeline, at: try run.data.run("follow"))
        let reports = try ProjectorGroup(
            ProjectionCatalogue.names, data: run.data, run: "follow"
        ) { _ in }.project(rebuild: false)
        for report in reports { #expect(report.failure == nil) }
        let rows = try ReadModelQuery.run(
            """
            SELECT round(portfolio_value * 1e6), round(cash * 1e6), open_positions
            FROM reference_portfolio_snapshots ORDER BY snapshot_date
            """, data: run.data, run: "follow"
        ).rows
        #expect(rows.count == result.marks.count && result.marks.contains { $0.holdings > 3 })
        for (row, mark) in zip(rows, result.marks) {
            #expect(row[0] == .real((mark.value.dollars * 1e6).rounded()), "\(mark.day)")
            #expect(row[1] == .real((mark.cash.dollars * 1e6).rounded()), "\(mark.day)")
            #expect(row[2] == .integer(Int64(mark.holdings)), "\(mark.day)")
        }
    }

    @Test("the portfolio's sessions are the marks that the run itself made, to the cent")
    func marks() throws {
        let rows = try run.rows(
            """
            SELECT snapshot_date, round(portfolio_value * 1e6), round(cash * 1e6), open_positions
            FROM reference_portfolio_snapshots ORDER BY 1
            """)
        #expect(rows.count == run.result.marks.count)
        for (row, mark) in zip(rows, run.result.marks) {
            #expect(row[0] == .text("\(mark.day)"))
            #expect(row[1] == .real((mark.value.dollars * 1e6).rounded()), "\(mark.day)")
            #expect(row[2] == .real((mark.cash.dollars * 1e6).rounded()), "\(mark.day)")
            #expect(row[3] == .integer(Int64(mark.holdings)), "\(mark.day)")
        }
    }

    @Test("cash is the start and every fill's change, in order, never lost between two fills")
    func cash() throws {
        let rows = try run.rows(
            """
            SELECT count(*) FROM (
                SELECT cash_after, cash_change,
                    lag(cash_after, 1, (SELECT start_cash FROM reference_portfolio_config))
                        OVER (ORDER BY position) AS before
                FROM reference_portfolio_transactions)
            WHERE abs(before + cash_change - cash_after) > 1e-6
            """)
        #expect(rows == [[.integer(0)]])
    }

    @Test("a ticker has one active evaluation, its last; what is closed points at what follows")
    func validity() throws {
        #expect(
            try run.number(
                "SELECT max(n) FROM (SELECT sum(is_active) n FROM trading_signals "
                    + "GROUP BY ticker)") == 1)
        #expect(
            try run.number(
                """
                SELECT count(*) FROM trading_signals a WHERE a.to_position IS NOT (
                    SELECT min(b.from_position) FROM trading_signals b
                    WHERE b.ticker = a.ticker AND b.from_position > a.from_position)
                """) == 0)
    }

    @Test("every outcome joins its signal, its position and its transactions")
    func joins() throws {
        #expect(
            try run.number(
                """
                SELECT count(*) FROM signal_outcomes o
                WHERE NOT EXISTS (SELECT 1 FROM trading_signals s WHERE s.id = o.signal_id)
                   OR NOT EXISTS (SELECT 1 FROM reference_portfolio_positions p
                                  WHERE p.id = o.position_id)
                   OR (SELECT count(*) FROM reference_portfolio_transactions t
                       WHERE t.position_id = o.position_id) < iif(outcome = 'open', 1, 2)
                """) == 0)
    }

    /// The columns that users of the replaced systems read (Documentation/promises.md).
    static let promised: [(table: String, columns: String)] = [
        (
            "signal_outcomes",
            """
            id signal_id position_id ticker signal_type signal_confidence outcome entry_price \
            exit_price return_pct return_dollars holding_days exit_reason features model_id \
            model_version ml_enhanced signal_date entry_date exit_date created_at updated_at \
            excess_return_pct label_mature_on source position
            """
        ),
        (
            "trading_signals",
            """
            id ticker asset_name signal_type signal_strength confidence_score \
            politician_activity_count buy_sell_ratio total_transaction_volume generated_at \
            is_active model_version ml_enhanced model_id features generation_context \
            reproducibility_hash challenger_model_id challenger_confidence_score \
            suppressed_reason position
            """
        ),
        (
            "predictions",
            """
            ticker decided_at model_id role p_win p_loss p_breakeven side thresholds regime \
            feature_digest position
            """
        ),
        ("reference_portfolio_config", "ml_blend_weight trading_mode position"),
        (
            "reference_portfolio_state",
            """
            cash portfolio_value open_positions total_trades winning_trades losing_trades \
            win_rate avg_win avg_loss profit_factor max_drawdown sharpe_ratio trades_today position
            """
        ),
        ("reference_portfolio_signal_queue", "signal_id status skip_reason position"),
        ("reference_portfolio_positions", "position"),
        ("reference_portfolio_transactions", "position"),
        ("reference_portfolio_snapshots", "position"),
        ("disclosures", "position"),
        (
            "training_rows",
            "signal ticker decided_at features label source source_weight return_pct label_from "
                + "label_to eligible reason position from_position to_position"
        ),
        (
            "feature_importance_history",
            """
            analysis_date analysis_window_days feature_name correlation_with_return \
            correlation_p_value median_value avg_return_when_high avg_return_when_low lift_pct \
            sample_size_total sample_size_high sample_size_low win_rate_when_high \
            win_rate_when_low feature_useful recommended_weight position
            """
        ),
        (
            "model_performance_history",
            """
            model_id model_version evaluation_date evaluation_window_days \
            total_signals_generated signals_traded signals_skipped win_rate avg_return_pct \
            total_return_pct sharpe_ratio sortino_ratio max_drawdown_pct confidence_correlation \
            high_confidence_win_rate low_confidence_win_rate feature_weights \
            baseline_return_pct alpha position
            """
        ),
        (
            "blend_weight_history",
            "evaluated_at old new reason machine_arm heuristic_arm machine_win_rate "
                + "heuristic_win_rate position"
        ),
        ("threshold_history", "evaluated_at old_buy new_buy old_sell new_sell reason position"),
        (
            "ml_models",
            """
            id model_name model_version model_type training_started_at training_completed_at \
            status metrics feature_importance hyperparameters model_artifact_path \
            training_samples validation_samples error_message artifact_sha256 \
            training_set_digest position
            """
        ),
        (
            "ml_model_comparisons",
            """
            id new_model_id current_model_id new_accuracy current_accuracy new_f1 current_f1 \
            promoted reason created_at rule_verdict evidence_verdict holdout_rows holdout_dates \
            holdout_from holdout_to statistics position
            """
        ),
        (
            "ml_training_jobs",
            """
            id model_id job_type config status started_at completed_at progress_pct \
            current_step result_summary error_message triggered_by position
            """
        ),
        (
            "model_retraining_events",
            """
            old_model_id new_model_id trigger_type trigger_reason training_samples \
            outcome_samples training_window_days old_model_metrics new_model_metrics \
            improvement_pct deployed deployment_reason position
            """
        ),
    ]

    @Test("every table has the columns that its users read", arguments: promised)
    func columns(table: String, columns: String) throws {
        let answer = try ReadModelQuery.run(
            "SELECT * FROM \(table) LIMIT 1", data: run.data, run: "feedback")
        for column in columns.split(separator: " ") {
            #expect(answer.columns.contains(String(column)), "\(table).\(column)")
        }
    }

    @Test(
        "only one query that reads is answered",
        arguments: [
            "DELETE FROM trading_signals", "SELECT 1; SELECT 2", "ATTACH 'x' AS y", "VACUUM",
            "CREATE TABLE t (a)", "", "SELECT nonsense FROM trading_signals",
            "INSERT INTO signals.trading_signals (position) VALUES (1)",
        ])
    func refusals(query: String) throws {
        let before = try run.number("SELECT count(*) FROM trading_signals")
        #expect(throws: (any Error).self) { try run.rows(query) }
        #expect(try run.number("SELECT count(*) FROM trading_signals") == before)
    }

    @Test("a view without read models says what to run")
    func missing() throws {
        let error = #expect(throws: ReadModelError.self) {
            try ReadModelQuery.run("SELECT 1", data: run.data, run: nil)
        }
        #expect("\(error!)".contains("recount project"))
    }
}
