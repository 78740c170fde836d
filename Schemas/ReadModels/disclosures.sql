-- Read model `disclosures`: filed rows as the log knows them, and what was not taken.
-- A row holds from `from_position` until `to_position` (NULL: it still does).

CREATE TABLE disclosures (
    position INTEGER PRIMARY KEY,       -- of the DisclosureFiled or DisclosureAmended
    id TEXT NOT NULL,                   -- the event's reference
    ticker TEXT NOT NULL,
    side TEXT NOT NULL,
    transaction_type TEXT NOT NULL,
    filer TEXT NOT NULL,
    bioguide_id TEXT,
    chamber TEXT,
    party TEXT,
    office TEXT,
    owner TEXT NOT NULL,
    amount_low REAL,                    -- dollars
    amount_high REAL,                   -- dollars, NULL when open-ended
    traded_on TEXT NOT NULL,
    filed_on TEXT NOT NULL,
    known_at TEXT NOT NULL,
    lag_days INTEGER NOT NULL,          -- from the trade to the filing
    source_format TEXT NOT NULL,
    source_confidence REAL,
    filing_id TEXT,
    amends TEXT,                        -- the filing that this one replaces; '': the filer's earlier
                                        -- rows of the ticker and trade date
    row_digest TEXT NOT NULL,
    is_repeat INTEGER NOT NULL,         -- 1 when an earlier row says the same: it counts once
    is_hindsight INTEGER NOT NULL,
    is_simulated INTEGER NOT NULL,
    status TEXT NOT NULL,               -- active, amended, withdrawn
    from_position INTEGER NOT NULL,
    to_position INTEGER
) STRICT;

CREATE TABLE disclosure_endings (
    filing_id TEXT PRIMARY KEY,         -- the filing that holds no more
    position INTEGER NOT NULL,          -- of the amendment or withdrawal
    status TEXT NOT NULL                -- amended, withdrawn
) STRICT, WITHOUT ROWID;

CREATE TABLE disclosure_rejections (
    position INTEGER PRIMARY KEY,       -- of the DisclosureRejected
    source_digest TEXT NOT NULL,
    line INTEGER NOT NULL,
    reason TEXT NOT NULL,
    field TEXT,
    source_format TEXT NOT NULL,
    row_digest TEXT NOT NULL
) STRICT;

CREATE TABLE option_filings (
    position INTEGER PRIMARY KEY,       -- of the DisclosureRejected: options are counted and not traded
    filer TEXT NOT NULL,                -- as filed
    underlying TEXT NOT NULL,           -- its symbol; '' where the row has none
    option_right TEXT NOT NULL,         -- call, put, unknown
    side TEXT,                          -- buy, sell; NULL where the row says neither
    traded TEXT NOT NULL,               -- as filed
    amount TEXT NOT NULL,               -- as filed
    asset TEXT NOT NULL,                -- as filed, without markup
    reason TEXT NOT NULL                -- why the row is no disclosure
) STRICT;

CREATE TABLE filer_descriptions (
    position INTEGER PRIMARY KEY,       -- of the PoliticianDescribed
    known_at TEXT NOT NULL,
    name TEXT NOT NULL,                 -- as filings have it
    bioguide_id TEXT,
    chamber TEXT,
    party TEXT,
    office TEXT,
    valid_from TEXT                     -- NULL when undated
) STRICT;

CREATE TABLE committee_seats (
    position INTEGER PRIMARY KEY,       -- of the CommitteeAssigned
    known_at TEXT NOT NULL,
    name TEXT,
    bioguide_id TEXT,
    committee TEXT NOT NULL,            -- four letters
    chamber TEXT,                       -- of the committee; NULL of a joint one
    valid_from TEXT,                    -- NULL when undated
    valid_through TEXT                  -- NULL while it is held
) STRICT;

-- index
CREATE INDEX disclosures_ticker ON disclosures (ticker, from_position);
CREATE INDEX disclosures_filing ON disclosures (filing_id) WHERE filing_id IS NOT NULL;
CREATE INDEX disclosures_filer ON disclosures (filer, traded_on);
CREATE INDEX filer_descriptions_name ON filer_descriptions (name);
CREATE INDEX filer_descriptions_bioguide ON filer_descriptions (bioguide_id);
CREATE INDEX committee_seats_name ON committee_seats (name);
CREATE INDEX committee_seats_bioguide ON committee_seats (bioguide_id);
