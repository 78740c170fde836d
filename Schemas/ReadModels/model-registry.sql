-- Read model `model-registry`: every training and what became of its model, every comparison.
-- `position` is that of the event that last changed the row.

CREATE TABLE ml_models (
    request_id TEXT PRIMARY KEY,        -- the TrainingRequested; of an imported model itself
    id TEXT NOT NULL,                   -- the ModelTrained, as predictions name it; else the request
    position INTEGER NOT NULL,
    model_name TEXT,                    -- NULL until there is a model
    model_version INTEGER,              -- the models of the log, counted from 1
    model_type TEXT,                    -- xgboost, imported
    training_started_at TEXT,
    training_completed_at TEXT,
    status TEXT NOT NULL,               -- training, candidate, active, archived, failed
    status_reason TEXT NOT NULL,        -- why it has this status
    metrics TEXT NOT NULL,              -- JSON: of the early-stopping rows; holdout_… when compared
    feature_importance TEXT NOT NULL,   -- JSON: mean gain by catalogue name
    hyperparameters TEXT NOT NULL,      -- JSON: the canonical parameters
    model_artifact_path TEXT,           -- under the data folder
    training_samples INTEGER NOT NULL,
    validation_samples INTEGER NOT NULL,    -- rows of the early-stopping slice
    error_message TEXT,
    artifact_sha256 TEXT,
    training_set_digest TEXT,
    comparison_id TEXT                  -- its latest comparison as a challenger
) STRICT;

CREATE TABLE ml_model_comparisons (
    id TEXT PRIMARY KEY,                -- the ModelCompared
    position INTEGER NOT NULL,
    new_model_id TEXT NOT NULL,
    current_model_id TEXT,              -- NULL: compared with always naming the majority class
    new_accuracy REAL NOT NULL,
    current_accuracy REAL NOT NULL,
    new_f1 REAL NOT NULL,               -- weighted
    current_f1 REAL NOT NULL,
    promoted INTEGER NOT NULL,          -- whether a ModelPromoted followed from it
    reason TEXT NOT NULL,               -- of the rule
    created_at TEXT NOT NULL,
    rule_verdict TEXT NOT NULL,         -- promote, hold, insufficient, waiting
    evidence_verdict TEXT NOT NULL,
    decision TEXT NOT NULL,
    gate TEXT NOT NULL,                 -- which verdict decides: rule, evidence, both, always
    holdout_rows INTEGER NOT NULL,
    holdout_dates INTEGER NOT NULL,
    holdout_from TEXT,
    holdout_to TEXT,
    statistics TEXT NOT NULL            -- JSON: everything else of the ModelCompared
) STRICT;

-- Jobs that train; each has a row from its JobStarted on.
CREATE TABLE ml_training_jobs (
    id TEXT PRIMARY KEY,                -- the JobStarted
    position INTEGER NOT NULL,
    model_id TEXT,
    job_type TEXT NOT NULL,             -- training, feedback_retraining
    config TEXT NOT NULL,               -- JSON: what was asked for; {} until then
    status TEXT NOT NULL,               -- running, completed, failed, cancelled
    started_at TEXT NOT NULL,
    completed_at TEXT,
    progress_pct INTEGER NOT NULL,      -- thirds: rows asked for, model trained, done
    current_step TEXT NOT NULL,         -- rows, training, gate, done
    result_summary TEXT NOT NULL,       -- JSON: rows examined, both models on the holdout, verdicts, reason; {} until then
    error_message TEXT,
    triggered_by TEXT NOT NULL          -- the person, else scheduled, caught_up …
) STRICT;

-- One row for each training that was asked for.
CREATE TABLE model_retraining_events (
    id TEXT PRIMARY KEY,                -- the TrainingRequested
    position INTEGER NOT NULL,
    old_model_id TEXT,                  -- the champion when it was asked for
    new_model_id TEXT,                  -- NULL until, and unless, it gives a model
    trigger_type TEXT NOT NULL,         -- scheduled, performance_degradation, manual, feature_drift
    trigger_reason TEXT NOT NULL,
    training_samples INTEGER NOT NULL,
    outcome_samples INTEGER NOT NULL,
    training_window_days INTEGER,       -- first to last decision date of the training part
    old_model_metrics TEXT NOT NULL,    -- JSON; on the holdout once compared
    new_model_metrics TEXT NOT NULL,
    improvement_pct REAL,               -- points of accuracy on the holdout
    deployed INTEGER NOT NULL,
    deployment_reason TEXT NOT NULL
) STRICT;

-- index
CREATE UNIQUE INDEX ml_models_id ON ml_models (id);
CREATE INDEX ml_models_status ON ml_models (status);
CREATE INDEX ml_model_comparisons_new ON ml_model_comparisons (new_model_id);
CREATE INDEX ml_training_jobs_model ON ml_training_jobs (model_id);
