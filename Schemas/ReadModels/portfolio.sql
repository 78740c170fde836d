-- Read model `portfolio`: configuration, cash, positions, transactions, sessions, queue.
-- Ids are references of events; money is dollars; returns are fractions unless they say _pct.

CREATE TABLE reference_portfolio_config (
    id INTEGER PRIMARY KEY,             -- 1
    position INTEGER NOT NULL,
    strategy TEXT NOT NULL,
    digest TEXT NOT NULL,
    scope TEXT NOT NULL,
    start_date TEXT,
    end_date TEXT,
    trading_mode TEXT NOT NULL,         -- paper, live
    ml_blend_weight REAL,               -- as it stands; NULL in a strategy that does not blend
    start_cash REAL,
    base_size REAL,
    sizing TEXT,
    confidence_size_gain REAL,
    max_trade REAL,
    max_position REAL,
    max_volume REAL,
    fractional_shares INTEGER,
    max_positions INTEGER,
    max_entries_per_day INTEGER,
    cooldown_sessions INTEGER,
    crowded_positions INTEGER,
    crowded_confidence REAL,
    emit_threshold REAL,
    queue_threshold REAL,
    commission_bp REAL,
    slippage_bp REAL,
    cash_rate REAL,
    atr_sessions INTEGER,
    stop_atr REAL,
    trailing_stop REAL,
    take_profit REAL,
    timeout_days INTEGER,
    no_price_sessions INTEGER,
    delisting_haircut REAL,
    breakeven REAL,
    settings TEXT NOT NULL              -- the whole configuration, canonical YAML
) STRICT;

CREATE TABLE reference_portfolio_state (
    id INTEGER PRIMARY KEY,             -- 1
    position INTEGER NOT NULL,
    session_date TEXT,                  -- the session of the latest mark
    cash REAL NOT NULL,
    portfolio_value REAL NOT NULL,      -- at the latest mark
    open_positions INTEGER NOT NULL,
    total_trades INTEGER NOT NULL,      -- closed
    winning_trades INTEGER NOT NULL,    -- net return above +.5 %
    losing_trades INTEGER NOT NULL,     -- net return below -.5 %
    win_rate REAL,                      -- winning over closed trades
    trades_above_zero INTEGER NOT NULL, -- with any profit
    avg_win REAL,                       -- of winning trades, dollars
    avg_loss REAL,                      -- of losing trades, dollars, negative
    profit_factor REAL,                 -- gross: dollars above over dollars below 0; NULL under 30 trades
    max_drawdown REAL NOT NULL,         -- fraction, zero or negative
    sharpe_ratio REAL,                  -- annualised, of session returns; NULL under 30 trades or returns
    trades_today INTEGER NOT NULL       -- entries filled in the latest session
) STRICT;

CREATE TABLE reference_portfolio_positions (
    id TEXT PRIMARY KEY,                -- the entry order
    position INTEGER NOT NULL,          -- of the event that last changed the row
    ticker TEXT NOT NULL,
    signal_id TEXT,
    cause_id TEXT,                      -- what caused the entry order: its place in the queue; without signals the filing
    quantity REAL NOT NULL,             -- shares still held
    entry_price REAL NOT NULL,
    entry_date TEXT NOT NULL,
    cost REAL NOT NULL,
    current_price REAL NOT NULL,        -- the close at the latest mark; the mean exit price
    market_value REAL NOT NULL,
    unrealized_pnl REAL NOT NULL,
    realized_pnl REAL NOT NULL,
    stop_loss_price REAL,
    trailing_stop_price REAL,
    take_profit_price REAL,
    highest_close REAL NOT NULL,
    is_open INTEGER NOT NULL,
    exit_price REAL,
    exit_date TEXT,
    exit_reason TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE reference_portfolio_transactions (
    position INTEGER PRIMARY KEY,       -- of the OrderFilled
    id TEXT NOT NULL,
    position_id TEXT NOT NULL,          -- the entry order
    order_id TEXT NOT NULL,
    signal_id TEXT,
    ticker TEXT NOT NULL,
    transaction_type TEXT NOT NULL,     -- buy, sell
    quantity REAL NOT NULL,
    price REAL NOT NULL,                -- slippage included
    market_price REAL NOT NULL,
    commission REAL NOT NULL,
    cash_change REAL NOT NULL,
    cash_after REAL NOT NULL,
    leg TEXT NOT NULL,
    decided_on TEXT NOT NULL,
    filled_on TEXT NOT NULL,
    executed_at TEXT NOT NULL
) STRICT;

CREATE TABLE reference_portfolio_snapshots (
    snapshot_date TEXT PRIMARY KEY,
    position INTEGER NOT NULL,          -- of the event before the mark
    portfolio_value REAL NOT NULL,
    cash REAL NOT NULL,
    positions_value REAL NOT NULL,
    open_positions INTEGER NOT NULL,
    daily_return REAL NOT NULL,
    cumulative_return REAL NOT NULL,
    drawdown REAL NOT NULL,             -- from the highest value so far, zero or negative
    entries INTEGER NOT NULL,
    exits INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE reference_portfolio_signal_queue (
    signal_id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,          -- of the event that last changed the row
    ticker TEXT NOT NULL,
    session_date TEXT NOT NULL,
    rank INTEGER NOT NULL,
    signal_type TEXT NOT NULL,
    confidence_score REAL NOT NULL,
    status TEXT NOT NULL,               -- pending, processing, executed, skipped, failed
    skip_reason TEXT,
    order_id TEXT,
    queued_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE reference_portfolio_actions (
    id TEXT PRIMARY KEY,                -- the entry order @ the ex-date
    position INTEGER NOT NULL,          -- of the SessionClosed that it came before
    position_id TEXT NOT NULL,          -- the entry order
    ticker TEXT NOT NULL,
    ex_date TEXT NOT NULL,
    split REAL NOT NULL,                -- new shares for one old, 1 without a split
    dividend REAL NOT NULL,             -- dollars a new share
    payout REAL,                        -- dollars for a share that is traded no more
    shares_before REAL NOT NULL,
    shares_after REAL NOT NULL,
    cash_change REAL NOT NULL,          -- dividend, and cash for the fraction of a share
    cash_after REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- index
CREATE INDEX positions_ticker ON reference_portfolio_positions (ticker, entry_date);
CREATE INDEX transactions_ticker ON reference_portfolio_transactions (ticker, filled_on);
