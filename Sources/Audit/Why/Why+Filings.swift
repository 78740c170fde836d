import EventLog
import Events

/// A filed row, whether it came first or replaced another.
private struct FiledRow {
    var knownAt: Instant
    var flags: EventFlags
    var amountLow: Money?
    var amountHigh: Money?
    var filedOn: Day
    var tradedOn: Day
    var ticker: Ticker
    var side: TradeSide
    var owner: Owner
    var chamber: Chamber?
    var party: Party?
    var format: SourceFormat
    var filer: String
    var filingID: String?
    var amends: String?
    var row: [UInt8]

    init(_ event: DisclosureFiled) {
        (knownAt, flags) = (event.envelope.knownAt, event.envelope.flags)
        (amountLow, amountHigh) = (event.amountLow, event.amountHigh)
        (filedOn, tradedOn) = (event.filedOn, event.tradedOn)
        (ticker, side, owner) = (event.ticker, event.side, event.owner)
        (chamber, party, format) = (event.chamber, event.party, event.format)
        (filer, filingID, amends, row) = (event.filer, event.filingID, nil, event.row)
    }

    init(_ event: DisclosureAmended) {
        (knownAt, flags) = (event.envelope.knownAt, event.envelope.flags)
        (amountLow, amountHigh) = (event.amountLow, event.amountHigh)
        (filedOn, tradedOn) = (event.filedOn, event.tradedOn)
        (ticker, side, owner) = (event.ticker, event.side, event.owner)
        (chamber, party, format) = (event.chamber, event.party, event.format)
        (filer, filingID, amends, row) = (event.filer, event.filingID, event.amends, event.row)
    }

    /// What decides whether it is meant by what names no filing.
    var detail: RowMatch.Detail {
        RowMatch.Detail(
            owner: owner, isBuy: side == .buy, filedOn: filedOn,
            isAmendment: amends?.isEmpty == true)
    }

    /// What it says, in a sentence.
    var title: String {
        let verb = side == .buy ? "bought" : "sold"
        return "\(filer) \(verb) \(ticker)\(amount) on \(tradedOn), filed on \(filedOn)"
    }

    private var amount: String {
        guard let amountLow else { return "" }
        let low = WhyNumbers.dollars(amountLow.dollars, 0)
        guard let amountHigh else { return " for \(low) or more" }
        return " for \(low) to \(WhyNumbers.dollars(amountHigh.dollars, 0))"
    }

    /// Who filed, and how well its date is known.
    var sentences: [String] {
        var who: [String] = []
        if let chamber { who.append(chamber == .house ? "of the House" : "of the Senate") }
        if let party { who.append("\(party)") }
        switch owner {
        case .unknown, .unrecognised: break
        case .filer: who.append("own account")
        case .spouse: who.append("the spouse's account")
        case .joint: who.append("a joint account")
        case .child: who.append("a child's account")
        }
        var sentences = [
            "Known to the market from \(knownAt.words) on"
                + (who.isEmpty ? "." : " (\(who.joined(separator: ", "))).")
        ]
        if flags.contains(.unverifiedDate) {
            sentences.append("Its filing date could not be verified and was accepted unverified.")
        }
        if flags.contains(.hindsight) {
            sentences.append("Some of it (the party, for instance) was learnt with hindsight.")
        }
        if flags.contains(.simulated) { sentences.append("It is of a simulated world.") }
        return sentences
    }
}

extension Why {
    /// A filing as filed, and what became of it since.
    func filing(_ event: Reference, _ template: UInt16) throws -> WhyNode {
        guard template != DisclosureWithdrawn.templateID else { return try withdrawal(event) }
        let row = try filedRow(event, template)
        let type = EventSchema.message(id: template)?.name ?? ""
        var node = WhyNode(event, type: type, knownAt: row.knownAt, row.title)
        node.sentences = row.sentences
        if let amends = row.amends {
            node.sentences.append(
                amends.isEmpty
                    ? "It amends, and does not say which filing: it replaces the filer's earlier "
                        + "rows of \(row.ticker) traded on \(row.tradedOn) from then on, not "
                        + "before."
                    : "It replaces the filing \(amends) from then on, not before.")
        }
        node.source = WhySource(
            format: "\(row.format)", text: String(decoding: row.row, as: UTF8.self))
        node.later = try endings(row) + rowEndings(event, row)
        node.mark = WhyMark(
            kind: row.side == .buy ? .filedPurchase : .filedSale, ticker: row.ticker,
            day: row.knownAt.day, price: nil)
        return node
    }

    private func filedRow(_ event: Reference, _ template: UInt16) throws -> FiledRow {
        template == DisclosureFiled.templateID
            ? FiledRow(try read(DisclosureFiled.self, event))
            : FiledRow(try read(DisclosureAmended.self, event))
    }

    /// What amended or withdrew a row, whenever that became known. Filing ids are scoped by format.
    private func endings(_ row: FiledRow) throws -> [String] {
        guard let id = row.filingID, !id.isEmpty else { return [] }
        var (later, rows): ([String], [String]) = ([], [])
        var ended: (knownAt: Instant, event: Reference)?
        for event in try lineage.endings(of: id) {
            let template = try template(event)
            if template == DisclosureWithdrawn.templateID {
                let withdrawal = try read(DisclosureWithdrawn.self, event)
                guard withdrawal.filingID == id, withdrawal.format == row.format else { continue }
                later.append(
                    "Withdrawn later: from \(withdrawal.envelope.knownAt.words) on it counts no "
                        + "more (\(event)). What was decided before stays as it was.")
            } else {
                let amendment = FiledRow(try read(DisclosureAmended.self, event))
                guard amendment.amends == id, amendment.format == row.format else { continue }
                ended = ended ?? (amendment.knownAt, event)
                rows.append("\(amendment.title) (\(event))")
            }
        }
        if let ended {
            let shown = rows.prefix(5).joined(separator: "; ")
            let rest = rows.count > 5 ? "; and \(rows.count - 5) rows more" : ""
            later.insert(
                "Amended later: from \(ended.knownAt.words) on the filing reads: \(shown)\(rest). "
                    + "What was decided before stays as it was.", at: 0)
        }
        return later
    }

    /// What ended a row and named no filing, whenever that became known.
    private func rowEndings(_ event: Reference, _ row: FiledRow) throws -> [String] {
        let text = RowMatch.text(row.ticker, row.tradedOn, filer: row.filer)
        let ends = try lineage.endings(of: text)
        guard let last = ends.last, let end = try lineage.position(of: last) else { return [] }
        // The rows that it may mean, as far as they are known by then.
        let kinds = [DisclosureFiled.templateID, DisclosureAmended.templateID]
        var held: [(event: Reference, row: FiledRow)] = []
        var after: UInt64 = 0
        while let next = try lineage.next(kinds, of: row.ticker, after: after, limit: 1).first,
            let position = try lineage.position(of: next), position <= end
        {
            after = position
            let other = try filedRow(next, try template(next))
            if RowMatch.text(other.ticker, other.tradedOn, filer: other.filer) == text {
                held.append((next, other))
            }
        }
        var open: [(event: Reference, row: FiledRow)] = []
        var taken = 0
        for ending in ends {
            while taken < held.count, held[taken].event < ending {
                open.append(held[taken])
                taken += 1
            }
            let (detail, sentence) = try rowEnding(ending)
            let places = RowMatch.ended(open.map(\.row.detail), by: detail)
            if places.contains(where: { open[$0].event == event }) { return [sentence] }
            for place in places.reversed() { open.remove(at: place) }
        }
        return []
    }

    /// What ends rows without naming a filing, and how that is said of a row.
    private func rowEnding(_ event: Reference) throws -> (RowMatch.Detail, String) {
        if try template(event) == DisclosureWithdrawn.templateID {
            let end = try read(DisclosureWithdrawn.self, event)
            return (
                RowMatch.Detail(
                    owner: end.owner ?? .unknown, isBuy: end.side == .buy, filedOn: end.filedOn,
                    isAmendment: true),
                "Withdrawn later: from \(end.envelope.knownAt.words) on it counts no more "
                    + "(\(event)). What was decided before stays as it was."
            )
        }
        let row = FiledRow(try read(DisclosureAmended.self, event))
        return (
            row.detail,
            "Amended later: from \(row.knownAt.words) on the row reads: \(row.title) (\(event)). "
                + "What was decided before stays as it was."
        )
    }

    private func withdrawal(_ event: Reference) throws -> WhyNode {
        let withdrawal = try read(DisclosureWithdrawn.self, event)
        let what =
            withdrawal.filingID.isEmpty
            ? "The row of \(withdrawal.filer ?? "") on \(withdrawal.ticker.map { "\($0)" } ?? "")"
                + (withdrawal.tradedOn.map { " traded on \($0)" } ?? "")
            : "The filing \(withdrawal.filingID)"
        var node = WhyNode(
            event, type: DisclosureWithdrawn.messageName, knownAt: withdrawal.envelope.knownAt,
            "\(what) was withdrawn on \(withdrawal.filedOn)")
        node.sentences = [
            "From \(withdrawal.envelope.knownAt.words) on its rows count no more; what was "
                + "decided before stays as it was."
        ]
        node.source = WhySource(
            format: "\(withdrawal.format)", text: String(decoding: withdrawal.row, as: UTF8.self))
        return node
    }
}

// MARK: Sessions

extension Why {
    /// A session, with the bar of a ticker.
    func session(_ event: Reference, of ticker: Ticker?) throws -> WhyNode {
        var node = WhyNode(event, type: SessionClosed.messageName, "")
        let isThere = try log.event(event) { message in
            let view = try SessionClosedView(message)
            node.knownAt = view.envelope.knownAt
            guard let ticker else {
                node.title = "Session of \(view.day), \(view.bars.count) tickers priced"
                return
            }
            guard let bar = SessionBar.find(ticker, in: view) else {
                node.title = "Session of \(view.day): \(ticker) has no price"
                return
            }
            node.title =
                "Session of \(view.day): \(ticker) opened at \(WhyNumbers.dollars(bar.open)), "
                + "closed at \(WhyNumbers.dollars(bar.close))"
            node.figures = [
                WhyFigure("highest price", bar.high, WhyNumbers.dollars(bar.high)),
                WhyFigure("lowest price", bar.low, WhyNumbers.dollars(bar.low)),
                WhyFigure("shares traded", bar.volume, WhyNumbers.dollars(bar.volume, 0)),
            ]
            node.figures[2].text.removeFirst()
        }
        guard isThere else { throw WhyError.missing("there is no \(event)") }
        return node
    }
}

/// A ticker's prices in a session.
struct SessionBar: Sendable {
    let open: Double
    let high: Double
    let low: Double
    let close: Double
    let volume: Double

    /// The bar of a ticker; nil where it has none. Bars ascend by ticker.
    static func find(_ ticker: Ticker, in view: borrowing SessionClosedView) -> SessionBar? {
        let bars = view.bars
        var (low, high) = (0, bars.count)
        while low < high {
            let middle = (low + high) / 2
            if bars[middle].ticker < ticker { low = middle + 1 } else { high = middle }
        }
        guard low < bars.count, bars[low].ticker == ticker else { return nil }
        let bar = bars[low]
        return SessionBar(
            open: bar.open, high: bar.high, low: bar.low, close: bar.close, volume: bar.volume)
    }
}
