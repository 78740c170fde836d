import Events
import Learning
import Market

extension SnapshotWriter {
    /// A bar.
    mutating func bar(_ bar: Bar) {
        for value in [bar.open, bar.high, bar.low, bar.close, bar.volume] { real(value) }
    }

    /// A row that matures, with its trade so far.
    mutating func immature(_ immature: LabelBook.Immature) {
        let (row, progress) = (immature.row, immature.trade.progress)
        word(row.signal.rawValue)
        word(row.ticker.rawValue)
        integer(Int(row.decidedOn.rawValue))
        integer(row.session)
        list(row.features) { $0.integer(Int($1.bitPattern)) }
        integer(row.heuristic)
        integer(Int(row.arms.rawValue))
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
        let signal = Reference(rawValue: try reader.word())
        let ticker = Ticker(rawValue: try reader.word())
        let decidedOn = try Day(reading: &reader)
        let session = try reader.integer()
        let features = try reader.list { r throws(SnapshotError) in
            Float(bitPattern: UInt32(truncatingIfNeeded: try r.integer()))
        }
        let row = TrainingRow(
            signal: signal, ticker: ticker, decidedOn: decidedOn, session: session,
            features: features, heuristic: try reader.integer(),
            arms: ShadowArms(
                rawValue: ShadowArms.RawValue(truncatingIfNeeded: try reader.integer())))
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
                decidedOn: decidedOn, session: session, averageTrueRange: range,
                progress: progress),
            slot: slot)
    }
}
