-- Read model `performance`: what became of each position and recorded trade, and how each feature
-- went with the returns.

CREATE TABLE signal_outcomes (
    id TEXT PRIMARY KEY,                -- the entry order, or the recorded trade
    position INTEGER NOT NULL,          -- of the event that last changed the row
    position_id TEXT NOT NULL UNIQUE,   -- the entry order: one outcome a position
    signal_id TEXT,
    ticker TEXT NOT NULL,
    signal_type TEXT,
    signal_confidence REAL,
    outcome TEXT NOT NULL,              -- by the net return: win (above +.5 %), loss, breakeven; open
    entry_price REAL NOT NULL,
    exit_price REAL,
    return_pct REAL,                    -- net, percent
    return_dollars REAL,
    holding_days INTEGER,
    exit_reason TEXT,
    features TEXT NOT NULL,             -- JSON, schema names; {} while there are none
    model_id TEXT,
    model_version TEXT,
    ml_enhanced INTEGER NOT NULL,
    signal_date TEXT,
    entry_date TEXT,
    exit_date TEXT,
    excess_return_pct REAL,             -- over the index, from exactly entry to exit, percent
    label_mature_on TEXT,               -- a session on or after it makes the label mature
    source TEXT NOT NULL,               -- loop, recorded
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;

-- The weekly analysis, and as feature -1, `_ml_blend_weight`, each evaluation of the blend weight:
-- high is the machine's arm there, low the heuristic's. One row a feature, over the mature labels of the window's decisions. NULL is
-- what cannot be computed: a correlation of a feature that never varies, the mean of no rows.
-- Returns and wins (above +.5 %) are those of the labels, of which label_return says which.
CREATE TABLE feature_importance_history (
    position INTEGER NOT NULL,          -- of the FeatureImportanceMeasured
    feature INTEGER NOT NULL,           -- catalogue number; -1 for the blend weight
    analysis_date TEXT NOT NULL,
    analysis_window_days INTEGER NOT NULL,
    feature_name TEXT NOT NULL,
    correlation_with_return REAL,       -- Pearson's r with the label's return
    correlation_p_value REAL,           -- two-sided; assumes independent rows
    median_value REAL,
    avg_return_when_high REAL,          -- strictly above the median, percent
    avg_return_when_low REAL,           -- at or below it, percent
    lift_pct REAL,                      -- the one less the other
    sample_size_total INTEGER NOT NULL, -- labels of the analysis
    sample_size_high INTEGER NOT NULL,  -- of those in which the feature is known
    sample_size_low INTEGER NOT NULL,
    win_rate_when_high REAL,            -- by the label's return, a fraction
    win_rate_when_low REAL,
    feature_useful INTEGER NOT NULL,    -- |r| > .1 or |lift| > 1
    recommended_weight REAL,            -- clamp(.2 + .3 r, 0, 1)
    label_return TEXT,                  -- excess (over the index), or net
    executed INTEGER,                   -- of the blend weight: trades that were made on its dates
    executed_win_rate REAL,             -- by their net returns
    executed_measured INTEGER,          -- of those, with a return as label_return says
    executed_label_win_rate REAL,       -- by that, as the arms are judged
    PRIMARY KEY (position, feature)
) STRICT, WITHOUT ROWID;

-- A champion's record over a window, a row a session. Reliability is a JSON list of bins of P(win),
-- each with its lower bound, mean probability, share of wins and rows.
CREATE TABLE model_performance_history (
    position INTEGER PRIMARY KEY,       -- of the ModelPerformanceEvaluated
    model_id TEXT NOT NULL,
    model_version INTEGER,
    evaluation_date TEXT NOT NULL,
    evaluation_window_days INTEGER NOT NULL,
    total_signals_generated INTEGER NOT NULL,
    signals_traded INTEGER NOT NULL,
    signals_skipped INTEGER NOT NULL,
    win_rate REAL,                      -- of closed trades, net return above +.5 %, a fraction
    avg_return_pct REAL,
    total_return_pct REAL,              -- of the portfolio in the window
    sharpe_ratio REAL,                  -- annualised, of its daily returns
    sortino_ratio REAL,
    max_drawdown_pct REAL,
    confidence_correlation REAL,        -- Pearson's r of confidence and return
    high_confidence_win_rate REAL,      -- the same from .8
    low_confidence_win_rate REAL,       -- the same below .7
    feature_weights TEXT NOT NULL,      -- {}: a tree has no weights; see ml_models
    baseline_return_pct REAL,           -- of the index
    alpha REAL,                         -- the one less the other
    brier REAL,                         -- multi-class, of labels that ripened in the window
    reliability TEXT NOT NULL
) STRICT;

-- index
CREATE INDEX model_performance_history_model
    ON model_performance_history (model_id, evaluation_date);
CREATE INDEX feature_importance_history_feature
    ON feature_importance_history (feature_name, analysis_date);
CREATE INDEX signal_outcomes_ticker ON signal_outcomes (ticker, entry_date);
CREATE INDEX signal_outcomes_exit ON signal_outcomes (exit_date);
