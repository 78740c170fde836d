-- Read model `lineage`: which event stands behind which, both ways, all by position in the view.
-- An event and one that it names are one row, in the part that says most. What was in force, and is
-- named by no field, is the latest event of its kind before: subject -18 the settings, -8 the
-- session, -40 the regime, -50 and -53 the promotion, -54 the weight, -55 the thresholds.

CREATE TABLE lineage (
    effect INTEGER NOT NULL,            -- position of the later event
    ordinal INTEGER NOT NULL,           -- among the effect's causes, from 0
    cause INTEGER NOT NULL,             -- position of the earlier event
    relation INTEGER NOT NULL,          -- 1 causation, 2 correlation; fields of the effect: 3 filing,
                                        -- 4 newestFiling, 5 champion, 6 model, 7 signal, 8 order,
                                        -- 9 holding, 10 trigger, 11 entryOrder, 12 exitFill,
                                        -- 13 calibration, 14 request, 15 challenger, 16 comparison,
                                        -- 17 previous, 18 follows, 19 replaced, 20 successor,
                                        -- 21 ended, 22 start, 23 halt, 24 trial, 25 forkedAt
    template INTEGER NOT NULL,          -- template id of the effect
    PRIMARY KEY (effect, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE lineage_subjects (
    subject INTEGER NOT NULL,           -- a ticker: its bytes, big-endian; a kind of event: its
                                        -- template id, negative; a filing that was amended or
                                        -- withdrawn: less than -2^62, a hash of its id
    position INTEGER NOT NULL,          -- of an event about it
    template INTEGER NOT NULL,          -- template id of the event
    PRIMARY KEY (subject, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE lineage_stretches (
    position INTEGER PRIMARY KEY,       -- where events of one log begin to follow each other
    first INTEGER NOT NULL              -- the first of them: 45 is r45, -123 is t123
) STRICT;

-- index
CREATE INDEX lineage_cause ON lineage (cause, template);
CREATE INDEX lineage_stretches_first ON lineage_stretches (first);
