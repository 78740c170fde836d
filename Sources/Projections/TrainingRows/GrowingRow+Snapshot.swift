import Events
import FeedbackLoop
import Learning
import Market

extension SnapshotWriter {
    /// A bar.
    mutating func bar(_ bar: Bar) {
        for value in [bar.open, bar.high, bar.low, bar.close, bar.volume] { real(value) }
    }

    /// A row that matures, with its trade so far.
    mutating func immature(_ immature: LabelBook.Immature) {
        let progress = immature.trade.progress
        trainingRow(immature.row)
        optional(immature.slot) { $0.integer($1) }
        optional(immature.trade.averageTrueRange) { $0.real($1) }
        optional(progress.entryDay) { $0.integer(Int($1.rawValue)) }
        optional(progress.exit) {
            $0.integer(Int($1.reason.rawValue))
            $0.integer(Int($1.day.rawValue))
            $0.integer($1.session)
            $0.real($1.netReturn)
        }
        integer(progress.entrySession)
        real(progress.entryPrice)
        optional(progress.entryIndex) { $0.real($1) }
        real(progress.highestClose)
        real(progress.lastClose)
        integer(progress.lastBarSession)
        integer(progress.isTimedOut ? 1 : 0)
    }
}

extension SnapshotWriter {
    /// A row without its label.
    mutating func trainingRow(_ row: TrainingRow) {
        word(row.signal.rawValue)
        word(row.ticker.rawValue)
        integer(Int(row.decidedOn.rawValue))
        integer(row.session)
        list(row.features) { $0.integer(Int($1.bitPattern)) }
        integer(row.heuristic)
        integer(Int(row.arms.rawValue))
    }

    /// Rows that mature, with the prices and the index that they mature by.
    mutating func immatureRows(_ rows: ImmatureRows) {
        integer(rows.prices.sessions)
        optional(rows.day) { $0.integer(Int($1.rawValue)) }
        list(rows.prices.tickers.indices.map { rows.prices.kept($0) }) {
            $0.word($1.ticker.rawValue)
            $0.integer($1.session)
            $0.list($1.bars) { $0.bar($1) }
        }
        list(rows.prices.waitingActions) { $0.action($1) }
        list(Array(rows.index.tail)) {
            $0.integer(Int($1.day.rawValue))
            $0.optional($1.open) { $0.real($1) }
            $0.real($1.close)
        }
        list(rows.labels.immature) { $0.immature($1) }
    }
}

extension TrainingRow {
    /// A row without its label, from a snapshot.
    init(reading reader: inout SnapshotReader) throws(SnapshotError) {
        let signal = Reference(rawValue: try reader.word())
        let ticker = Ticker(rawValue: try reader.word())
        let decidedOn = try Day(reading: &reader)
        let session = try reader.integer()
        let features = try reader.list { r throws(SnapshotError) in
            Float(bitPattern: UInt32(truncatingIfNeeded: try r.integer()))
        }
        self.init(
            signal: signal, ticker: ticker, decidedOn: decidedOn, session: session,
            features: features, heuristic: try reader.integer(),
            arms: ShadowArms(
                rawValue: ShadowArms.RawValue(truncatingIfNeeded: try reader.integer())))
    }
}

extension ImmatureRows {
    /// Rows that mature, from a snapshot.
    init(reading reader: inout SnapshotReader, _ loop: LoopConfiguration) throws(SnapshotError) {
        let sessions = try reader.integer()
        let day = try reader.optional { r throws(SnapshotError) in try Day(reading: &r) }
        let kept = try reader.list { r throws(SnapshotError) in
            PriceBook.Kept(
                ticker: Ticker(rawValue: try r.word()), session: try r.integer(),
                bars: try r.list { r throws(SnapshotError) in try Bar(reading: &r) })
        }
        let waiting = try reader.list { r throws(SnapshotError) in
            try AnnouncedAction(reading: &r)
        }
        let levels = try reader.list { r throws(SnapshotError) in
            IndexBook.Level(
                day: try Day(reading: &r),
                open: try r.optional { r throws(SnapshotError) in try r.real() },
                close: try r.real())
        }
        let entries = try reader.list { r throws(SnapshotError) in
            try LabelBook.Immature(reading: &r)
        }
        self.init(
            rules: loop.labelRules, rangeSessions: loop.rangeSessions,
            prices: PriceBook(
                historySessions: loop.rangeSessions + 1, sessions: sessions, kept: kept,
                waiting: waiting),
            index: IndexBook(tail: levels), day: day, immature: entries)
    }
}

extension Bar {
    /// A bar from a snapshot.
    init(reading reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(
            open: try reader.real(), high: try reader.real(), low: try reader.real(),
            close: try reader.real(), volume: try reader.real())
    }
}

extension LabelBook.Immature {
    /// A row that matures, from a snapshot.
    init(reading reader: inout SnapshotReader) throws(SnapshotError) {
        let row = try TrainingRow(reading: &reader)
        let slot = try reader.optional { r throws(SnapshotError) in try r.integer() }
        let range = try reader.optional { r throws(SnapshotError) in try r.real() }
        var progress = HypotheticalTrade.Progress()
        progress.entryDay = try reader.optional { r throws(SnapshotError) in
            try Day(reading: &r)
        }
        progress.exit = try reader.optional { r throws(SnapshotError) in
            guard let reason = ExitReason(rawValue: UInt8(truncatingIfNeeded: try r.integer()))
            else { throw SnapshotError(offset: 0) }
            return HypotheticalTrade.Exit(
                reason, on: try Day(reading: &r), session: try r.integer(),
                netReturn: try r.real())
        }
        progress.entrySession = try reader.integer()
        progress.entryPrice = try reader.real()
        progress.entryIndex = try reader.optional { r throws(SnapshotError) in try r.real() }
        progress.highestClose = try reader.real()
        progress.lastClose = try reader.real()
        progress.lastBarSession = try reader.integer()
        progress.isTimedOut = try reader.integer() == 1
        self.init(
            row: row,
            trade: HypotheticalTrade(
                decidedOn: row.decidedOn, session: row.session, averageTrueRange: range,
                progress: progress),
            slot: slot)
    }
}
