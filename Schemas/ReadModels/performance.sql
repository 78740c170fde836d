-- Read model `performance`: what became of each position and recorded trade.

CREATE TABLE signal_outcomes (
    id TEXT PRIMARY KEY,                -- the entry order, or the recorded trade
    position INTEGER NOT NULL,          -- of the event that last changed the row
    position_id TEXT NOT NULL UNIQUE,   -- the entry order: one outcome a position
    signal_id TEXT,
    ticker TEXT NOT NULL,
    signal_type TEXT,
    signal_confidence REAL,
    outcome TEXT NOT NULL,              -- win, loss, breakeven, open
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

-- index
CREATE INDEX signal_outcomes_ticker ON signal_outcomes (ticker, entry_date);
CREATE INDEX signal_outcomes_exit ON signal_outcomes (exit_date);
