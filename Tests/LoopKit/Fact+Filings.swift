public import Events

extension Fact {
    /// One row of a filing of the date of a session: the cycle of that session is the first to
    /// read it, and what it buys trades at the next open.
    ///
    /// It was traded `daysAgo` days before, for exactly so many dollars. Rows of one `row` number
    /// say the same.
    public static func filing(
        _ ticker: Ticker, _ side: TradeSide, on session: Int, by filer: String = "Ann",
        party: Party? = nil, dollars: Double = 8_000, daysAgo: Int = 0, id: String? = nil,
        confidence: Double? = nil, row: UInt64? = nil, owner: Owner = .filer,
        chamber: Chamber? = nil, known: (days: Int, hour: Int, minute: Int) = (1, 5, 0)
    ) -> Fact {
        filing(
            ticker, side, on: session, by: filer, band: (dollars, dollars), party: party,
            daysAgo: daysAgo, id: id, confidence: confidence, row: row, owner: owner,
            chamber: chamber, known: known)
    }

    /// The same for a filed band of dollars; a bound that is missing is nil. It is `known` so many
    /// days after the session, at a time of day in UTC.
    public static func filing(
        _ ticker: Ticker, _ side: TradeSide, on session: Int, by filer: String = "Ann",
        band: (low: Double?, high: Double?), party: Party? = nil, daysAgo: Int = 0,
        id: String? = nil, confidence: Double? = nil, row: UInt64? = nil, owner: Owner = .filer,
        chamber: Chamber? = nil, known: (days: Int, hour: Int, minute: Int) = (1, 5, 0)
    ) -> Fact {
        message(
            .session(session, days: known.days, hour: known.hour, minute: known.minute), rank: 1
        ) { place in
            DisclosureFiled(
                envelope: place.envelope,
                rowDigest: row.map { Digest(w0: $0, w1: 0, w2: 0, w3: 9) } ?? digest(place.number),
                amountLow: band.low.map { Money(dollars: $0) },
                amountHigh: band.high.map { Money(dollars: $0) }, confidence: confidence,
                occurrence: 0, filedOn: place.sessions[session],
                tradedOn: place.sessions[session] - daysAgo, ticker: ticker, side: side,
                transaction: side == .buy ? .purchase : .sale, owner: owner,
                chamber: chamber, party: party, format: .congressCSV, filer: filer, filingID: id,
                row: [])
        }
    }

    /// A row that takes the place of the filing `id`.
    public static func amendment(
        of id: String, _ ticker: Ticker, _ side: TradeSide, on session: Int,
        by filer: String = "Ann", dollars: Double = 8_000
    ) -> Fact {
        message(.session(session, days: 1, hour: 5, minute: 0), rank: 1) { place in
            let amount = Money(dollars: dollars)
            return DisclosureAmended(
                envelope: place.envelope, rowDigest: digest(place.number), amountLow: amount,
                amountHigh: amount, occurrence: 0, filedOn: place.sessions[session],
                tradedOn: place.sessions[session], ticker: ticker, side: side,
                transaction: side == .buy ? .purchase : .sale, owner: .filer,
                format: .congressCSV, filer: filer, filingID: "\(id)a", amends: id, row: [])
        }
    }

    /// A row that amends and names no filing: it takes the place of the filer's earlier rows of the
    /// ticker and the date of session `traded`.
    public static func amendment(
        _ ticker: Ticker, _ side: TradeSide, on session: Int, traded: Int,
        by filer: String = "Ann", owner: Owner = .filer
    ) -> Fact {
        message(.session(session, days: 1, hour: 5, minute: 0), rank: 1) { place in
            DisclosureAmended(
                envelope: place.envelope, rowDigest: digest(place.number), occurrence: 0,
                filedOn: place.sessions[session], tradedOn: place.sessions[traded],
                ticker: ticker, side: side, transaction: side == .buy ? .purchase : .sale,
                owner: owner, format: .columns, filer: filer, filingID: "", amends: "", row: [])
        }
    }

    /// A row that withdraws and names no filing.
    public static func withdrawal(
        _ ticker: Ticker, _ side: TradeSide, on session: Int, traded: Int,
        by filer: String = "Ann", owner: Owner = .filer
    ) -> Fact {
        message(.session(session, days: 1, hour: 5, minute: 0), rank: 1) { place in
            DisclosureWithdrawn(
                envelope: place.envelope, rowDigest: digest(place.number), occurrence: 0,
                filedOn: place.sessions[session], format: .columns, filingID: "",
                tradedOn: place.sessions[traded], ticker: ticker, side: side, owner: owner,
                filer: filer, row: [])
        }
    }

    /// The filing `id` is withdrawn.
    public static func withdrawal(of id: String, on session: Int) -> Fact {
        message(.session(session, days: 1, hour: 5, minute: 0), rank: 1) { place in
            DisclosureWithdrawn(
                envelope: place.envelope, rowDigest: digest(place.number), occurrence: 0,
                filedOn: place.sessions[session], format: .congressCSV, filingID: id, row: [])
        }
    }

    /// What a reference file has of a filer.
    public static func politician(_ name: String, _ party: Party) -> Fact {
        message(.session(0, days: 0, hour: 1, minute: 0), rank: 0) { place in
            PoliticianDescribed(
                envelope: place.envelope, validFrom: nil, chamber: .senate, party: party,
                bioguide: nil, office: nil, name: name)
        }
    }

    /// A seat on a committee that oversees sectors, known in the night before a session; from the
    /// first day of `from` to that of `through`.
    public static func committee(
        _ name: String, _ sectors: [Sector], on session: Int = 0, from: Int? = nil,
        through: Int? = nil, chamber: Chamber? = nil
    ) -> Fact {
        message(.session(session, days: 0, hour: 1, minute: 0), rank: 0) { place in
            CommitteeAssigned(
                envelope: place.envelope, validFrom: from.map { place.sessions[$0] },
                validThrough: through.map { place.sessions[$0] },
                sectors: SectorSet(sectors).rawValue, chamber: chamber, bioguide: nil,
                committee: "HSAG", name: name)
        }
    }

    /// What a reference file has of a ticker, known in the night before a session.
    public static func sector(_ ticker: Ticker, _ name: String, on session: Int = 0) -> Fact {
        message(.session(session, days: 0, hour: 1, minute: 0), rank: 0) { place in
            InstrumentClassified(
                envelope: place.envelope, validFrom: nil, ticker: ticker, sector: name)
        }
    }

    /// Purchases to which the heuristic gives a confidence of so many hundredths: 65, 70 … 95.
    public static func purchases(_ ticker: Ticker, on session: Int, confidence: Int) -> Fact {
        filings(ticker, .buy, on: session, confidence: confidence)
    }

    /// Sales to which the heuristic gives a confidence of so many hundredths: 65, 70 … 95.
    public static func sales(_ ticker: Ticker, on session: Int, confidence: Int) -> Fact {
        filings(ticker, .sell, on: session, confidence: confidence)
    }

    /// By the table of the domain rules: .50, .15 for one side alone, .05 each for two rows, two
    /// filers and 100,000 dollars, .10 each for both parties and a million.
    private static func filings(
        _ ticker: Ticker, _ side: TradeSide, on session: Int, confidence: Int
    ) -> Fact {
        precondition(
            65...95 ~= confidence && confidence % 5 == 0, "confidences are 65, 70 … 95")
        let filers = confidence >= 75 ? ["Ann", "Bob"] : ["Ann", "Ann"]
        let dollars: Double =
            switch confidence {
            case 80, 90: 75_000
            case 95: 600_000
            default: 8_000
            }
        let rows = (confidence == 65 ? 0..<1 : 0..<2).map { row in
            filing(
                ticker, side, on: session, by: filers[row],
                party: confidence < 85 ? nil : row == 0 ? .democrat : .republican,
                dollars: dollars)
        }
        return all(rows)
    }

    private static func digest(_ number: UInt64) -> Digest {
        Digest(w0: number, w1: 1, w2: 0, w3: 0)
    }
}
