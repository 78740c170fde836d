-- Read model `blend-weight`: how the champion's weight and the machine's thresholds moved, and why.

-- One row an evaluation, also where the weight stayed. A win is above +.5 %, of the return that
-- labels have (label_return) for the arms, of the net return where a column says so.
CREATE TABLE blend_weight_history (
    position INTEGER PRIMARY KEY,       -- of the BlendWeightEvaluated
    evaluated_at TEXT NOT NULL,
    old REAL NOT NULL,                  -- the weight before
    new REAL NOT NULL,                  -- from now on
    reason TEXT NOT NULL,               -- machine_ahead, machine_behind, within_margin, ...
    machine_arm INTEGER NOT NULL,       -- shadow entries of the champion alone
    machine_wins INTEGER NOT NULL,
    machine_win_rate REAL,              -- a fraction
    heuristic_arm INTEGER NOT NULL,     -- shadow entries of the heuristic alone
    heuristic_wins INTEGER NOT NULL,
    heuristic_win_rate REAL,
    label_return TEXT,                  -- of the arms: excess (over the index), or net
    executed INTEGER NOT NULL,          -- trades that were made on the same dates
    executed_win_rate REAL,             -- by their net returns
    executed_measured INTEGER NOT NULL, -- of those, with a return as label_return says
    executed_label_wins INTEGER NOT NULL,
    executed_label_win_rate REAL,       -- by that, as the arms are judged
    from_date TEXT,                     -- decision dates of the arms
    through_date TEXT
) STRICT;

-- One row each time enough was classified.
CREATE TABLE threshold_history (
    position INTEGER PRIMARY KEY,       -- of the ThresholdsEvaluated
    evaluated_at TEXT NOT NULL,
    old_buy REAL NOT NULL,
    new_buy REAL NOT NULL,
    old_sell REAL NOT NULL,
    new_sell REAL NOT NULL,
    reason TEXT NOT NULL,               -- too_many_sells, too_many_buys, balanced, ...
    buys INTEGER NOT NULL,              -- classifications of the champion since the one before
    sells INTEGER NOT NULL,
    neutrals INTEGER NOT NULL
) STRICT;

-- index
CREATE INDEX blend_weight_history_time ON blend_weight_history (evaluated_at);
CREATE INDEX threshold_history_time ON threshold_history (evaluated_at);
