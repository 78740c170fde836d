-- Read model `training-set-rows`: which rows each training took, and with what weight.
-- It is long (a training takes thousands of rows again and again), and `recount project all` leaves
-- it out: `recount project training-set-rows`. A model's set is closed with the digest that its
-- ModelTrained carries; where the rows give another one, the projector stops there.

CREATE TABLE training_sets (
    request INTEGER PRIMARY KEY,        -- position in its log of the TrainingRequested
    position INTEGER NOT NULL,          -- of that event in the view
    id TEXT NOT NULL,                   -- the event's reference
    asked_at TEXT NOT NULL,
    session_date TEXT NOT NULL,         -- the latest session then
    job TEXT NOT NULL,                  -- training, feedback_retraining
    use_outcomes INTEGER NOT NULL,
    training INTEGER NOT NULL,          -- rows to train on
    early_stopping INTEGER NOT NULL,    -- rows that stop training early
    holdout INTEGER NOT NULL,           -- rows kept apart for the gate
    digest TEXT NOT NULL,               -- SHA-256 of the canonical rows to train on and to stop by
    model_id TEXT,                      -- the ModelTrained that names the same digest; NULL without
    failure TEXT                        -- why there is no model
) STRICT;

CREATE TABLE training_set_rows (
    request INTEGER NOT NULL,           -- training_sets.request
    event INTEGER NOT NULL,             -- position in its log of the evaluation: training_rows.event
    part TEXT NOT NULL,                 -- training, early_stopping, holdout
    source TEXT NOT NULL,               -- market, outcome
    weight REAL NOT NULL,               -- the weight that it was trained with; 1 in the holdout
    label TEXT NOT NULL,                -- loss, breakeven, win
    return_pct REAL NOT NULL,           -- of the long side, percent
    PRIMARY KEY (request, event)
) STRICT, WITHOUT ROWID;

-- index
CREATE INDEX training_set_rows_event ON training_set_rows (event);
