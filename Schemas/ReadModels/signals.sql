-- Read model `signals`: every evaluation, emitted or suppressed, and every prediction.
-- An evaluation is active until the next one of its ticker.

CREATE TABLE trading_signals (
    position INTEGER PRIMARY KEY,       -- of the SignalGenerated or SignalSuppressed
    id TEXT NOT NULL,                   -- the event's reference
    ticker TEXT NOT NULL,
    asset_name TEXT,
    signal_type TEXT NOT NULL,          -- strong_buy, buy, hold, sell, strong_sell
    signal_strength TEXT NOT NULL,      -- strong from .85, moderate from .75, weak below
    confidence_score REAL NOT NULL,
    politician_activity_count INTEGER NOT NULL,
    buy_sell_ratio REAL NOT NULL,
    total_transaction_volume REAL NOT NULL,
    generated_at TEXT NOT NULL,
    session_date TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    model_version TEXT,
    ml_enhanced INTEGER NOT NULL,
    model_id TEXT,
    features TEXT NOT NULL,             -- JSON, schema names; {} while there are none
    generation_context TEXT NOT NULL,   -- JSON: trigger, regime, counts, filings that counted
    reproducibility_hash TEXT NOT NULL, -- SHA-256 of the event's message
    challenger_model_id TEXT,
    challenger_confidence_score REAL,
    suppressed_reason TEXT,             -- NULL when emitted
    from_position INTEGER NOT NULL,
    to_position INTEGER
) STRICT;

CREATE TABLE predictions (
    position INTEGER NOT NULL,          -- of the evaluation
    ordinal INTEGER NOT NULL,           -- among the evaluation's predictions, from 0
    ticker TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    model_id TEXT NOT NULL,
    role TEXT NOT NULL,                 -- champion, candidate
    p_win REAL NOT NULL,
    p_loss REAL NOT NULL,
    p_breakeven REAL NOT NULL,
    side TEXT,
    thresholds TEXT NOT NULL,           -- JSON: buy and sell
    regime TEXT NOT NULL,
    feature_digest TEXT NOT NULL,       -- SHA-256 of the features as stored
    PRIMARY KEY (position, ordinal)
) STRICT, WITHOUT ROWID;

-- index
CREATE INDEX trading_signals_ticker ON trading_signals (ticker, from_position);
CREATE INDEX trading_signals_session ON trading_signals (session_date);
CREATE INDEX trading_signals_emitted ON trading_signals (confidence_score)
    WHERE suppressed_reason IS NULL;
