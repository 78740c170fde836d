import Events
import Market

extension SnapshotWriter {
    /// A corporate action that waits for its ex-date.
    mutating func action(_ action: AnnouncedAction) {
        word(action.ticker.rawValue)
        integer(Int(action.exDay.rawValue))
        integer(Int(action.kind.rawValue))
        optional(action.ratio) { $0.real($1) }
        optional(action.amount) { $0.real($1) }
    }
}

extension AnnouncedAction {
    /// A corporate action from a snapshot.
    init(reading reader: inout SnapshotReader) throws(SnapshotError) {
        let ticker = Ticker(rawValue: try reader.word())
        let exDay = try Day(reading: &reader)
        let raw = UInt8(truncatingIfNeeded: try reader.integer())
        let ratio = try reader.optional { r throws(SnapshotError) in try r.real() }
        let amount = try reader.optional { r throws(SnapshotError) in try r.real() }
        self.init(
            ticker: ticker, exDay: exDay, kind: CorporateActionKind(rawValue: raw) ?? .unrecognised,
            ratio: ratio,
            amount: amount)
    }
}
