import Events

/// The natural key of a fact, as far as an importer must know which ones the log has.
struct EventKey: Hashable {
    var templateID: UInt16
    var digest: Digest
    var first: UInt64
    var second: UInt64

    private init(
        _ templateID: UInt16, _ digest: Digest, _ first: UInt64 = 0, _ second: UInt64 = 0
    ) {
        self.templateID = templateID
        self.digest = digest
        self.first = first
        self.second = second
    }

    /// The key of a stored message; nil for what no importer writes.
    static func of(_ message: RawSpan) throws(DecodingError) -> EventKey? {
        let header = try MessageHeader(message)
        let envelope = try Envelope(message: message)
        let templateID = header.templateID
        switch templateID {
        case DisclosureFiled.templateID:
            let view = try DisclosureFiledView(message)
            return EventKey(filing: templateID, view.rowDigest, view.occurrence, envelope)
        case DisclosureAmended.templateID:
            let view = try DisclosureAmendedView(message)
            return EventKey(filing: templateID, view.rowDigest, view.occurrence, envelope)
        case DisclosureWithdrawn.templateID:
            let view = try DisclosureWithdrawnView(message)
            return EventKey(filing: templateID, view.rowDigest, view.occurrence, envelope)
        case DisclosureRejected.templateID:
            let view = try DisclosureRejectedView(message)
            return EventKey(
                templateID, view.rowDigest, UInt64(view.reason.rawValue), UInt64(view.occurrence))
        case SessionClosed.templateID:
            let view = try SessionClosedView(message)
            return EventKey(
                templateID, view.source, UInt64(bitPattern: Int64(view.day.rawValue)),
                UInt64(view.part))
        case IndexClosed.templateID:
            let view = try IndexClosedView(message)
            return EventKey(
                templateID, view.source, UInt64(bitPattern: Int64(view.day.rawValue)),
                UInt64(view.series.rawValue))
        case PricesRejected.templateID:
            return EventKey(templateID, try PricesRejectedView(message).source)
        case PoliticianDescribed.templateID, InstrumentClassified.templateID,
            CommitteeAssigned.templateID, CorporateActionAnnounced.templateID:
            let body = message.extracting(droppingFirst: 56).withUnsafeBytes { Array($0) }
            return EventKey(templateID, sha256(body))
        default:
            return nil
        }
    }

    private init(
        filing templateID: UInt16, _ digest: Digest, _ occurrence: UInt32, _ envelope: Envelope
    ) {
        self.templateID = templateID
        self.digest = digest
        first = UInt64(bitPattern: envelope.knownAt.rawValue)
        second = UInt64(occurrence) << 8 | UInt64(envelope.flags.rawValue)
    }
}
