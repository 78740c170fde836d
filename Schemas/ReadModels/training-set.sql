-- Read model `training-set`: every evaluation as a market row with the simulator's label, every
-- outcome as a row with its trade's own result, as far as the view goes.
-- A row is eligible from `from_position` on: its label is mature. With outcomes asked for, a market
-- row gives way at `to_position` to the outcome row of its evaluation. Which eligible rows a
-- training takes depends on its moment: look-back, window, purge, embargo, holdout
-- (`recount training-set`).

CREATE TABLE training_rows (
    event INTEGER PRIMARY KEY,          -- position in its log of the evaluation, or of the OutcomeRecorded
    position INTEGER NOT NULL,          -- of that event in the view
    signal TEXT,                        -- the evaluation; NULL for an outcome that names none
    ticker TEXT NOT NULL,
    decided_at TEXT,                    -- of the evaluation; NULL when it is not known
    session_date TEXT,                  -- session that was decided on
    session INTEGER,                    -- its number in the timeline, from 0
    features TEXT NOT NULL,             -- JSON, schema names, as the event stored them; {} without
    source TEXT NOT NULL,               -- market, outcome
    source_weight REAL NOT NULL,        -- a row's weight before its profit's
    label TEXT,                         -- class of the long side's net return; NULL until mature
    return_pct REAL,                    -- that return, percent: a short's is negated
    label_from TEXT,                    -- session of the entry
    label_to TEXT,                      -- session from whose close on the label may be used
    eligible INTEGER NOT NULL,
    reason TEXT,                        -- why it is not eligible: immature, no_price, no_features ...
    from_position INTEGER,              -- eligible from here on
    to_position INTEGER,                -- market rows: an outcome row stands in its place from here on
    outcome TEXT                        -- market rows: the OutcomeRecorded that was joined to it
) STRICT;

-- index
CREATE INDEX training_rows_ticker ON training_rows (ticker, session);
CREATE INDEX training_rows_from ON training_rows (from_position);
CREATE INDEX training_rows_signal ON training_rows (signal);
