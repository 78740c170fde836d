import EventLog
import Events
import Testing

@testable import Ingest

/// Filings that amend or withdraw and do not say what.
@Suite("Amendments without an id")
struct AmendmentTests {
    private static let header = "filing_date,trade_date,symbol,transaction,member,amount,"

    private func row(_ filed: String, _ status: String, _ amount: String = "$1,001 - $15,000")
        -> String
    {
        "\(filed),2019-02-20,AAA,buy,Ann Roe,\"\(amount)\",\(status)\n"
    }

    @Test("the House's filing status makes amendments and withdrawals of rows, or is refused")
    func house() throws {
        let bench = try Bench()
        let words = ["New", "Amended", "Periodic Report (Amendment 1)", "", "Deleted", "perhaps"]
        let rows = words.enumerated().map { row("2019-03-0\($0 + 1)", $1) }
        let report = try bench.disclosures(
            bench.file(Self.header + "filing_status\n" + rows.joined()))
        #expect(report.added == 5 && report.count(.badFlag) == 1 && report.notes.isEmpty)
        #expect(bench.rejects.map(\.value) == ["perhaps"])
        #expect(try bench.events(DisclosureFiled.self).count == 2)
        let amended = try bench.events(DisclosureAmended.self)
        #expect(amended.map(\.amends) == ["", ""] && amended.map(\.filingID) == ["", ""])
        #expect(amended.map(\.filedOn) == [Day("2019-03-02"), Day("2019-03-03")])
        let gone = try #require(try bench.events(DisclosureWithdrawn.self).first)
        #expect(gone.filingID.isEmpty && gone.ticker == Ticker("AAA") && gone.filer == "Ann Roe")
        #expect(gone.tradedOn == Day("2019-02-20") && gone.side == .buy)
    }

    @Test(
        "titles, flags and numbers say it too, under each name that a column can have",
        arguments: [
            ("report_type", "Periodic Transaction Report for 02/28/2019 (Amendment 1)"),
            ("title", "Periodic Transaction Report (Amendment 2)"), ("Filing Type", "PTR Amended"),
            ("amended", "true"), ("is_amendment", "1"), ("Amendment Number", "2"),
            ("amendment", "yes"), ("status", "Amended"), ("Filing Status", "Amendment 1"),
        ])
    func names(_ column: String, _ word: String) throws {
        let bench = try Bench()
        let report = try bench.disclosures(
            bench.file(
                Self.header + "\(column)\n" + row("2019-03-01", "") + row("2019-03-04", word)))
        #expect(report.added == 2 && report.notes.isEmpty)
        #expect(try bench.events(DisclosureAmended.self).map(\.amends) == [""])
    }

    @Test("a title that says no amendment is none, and no reason to refuse a row")
    func titles() throws {
        for word in ["Periodic Transaction Report for 02/28/2019", "P", "Annual", "New"] {
            let bench = try Bench()
            let report = try bench.disclosures(
                bench.file(Self.header + "report_type\n" + row("2019-03-01", word)))
            #expect(report.added == 1 && report.rejected == 0, "\(word)")
        }
    }

    @Test("several columns of titles stand beside each other, and so do a flag and a number")
    func several() throws {
        let bench = try Bench()
        let header = Self.header + "title,report,report_type,amended,amendment_number\n"
        let report = try bench.disclosures(
            bench.file(
                header + row("2019-03-01", "Hon.,https://example.org/1,PTR,false,0")
                    + row("2019-03-02", "Hon.,https://example.org/2,PTR (Amendment 1),,0")
                    + row("2019-03-03", "Hon.,https://example.org/3,PTR,true,2")))
        #expect(report.added == 3 && report.rejected == 0)
        #expect(try bench.events(DisclosureAmended.self).count == 2)
        let guess = try Guess(bench.folder + "/input", mapping: nil, dates: nil).description
        #expect(guess.contains("\"report_type\": title\n") && guess.contains("\"title\": title\n"))
        let draft = [
            ("filing_date", "disclosure_date"), ("trade_date", "transaction_date"),
            ("symbol", "ticker"), ("transaction", "type"), ("member", "name"),
            ("title", "title"), ("report_type", "title"),
        ]
        var options = DisclosureOptions()
        options.mapping = try Mapping(
            { () -> Mapping.Draft in
                var mapping = Mapping.Draft()
                mapping.columns = draft.map { (name: $0.0, field: $0.1) }
                return mapping
            }(), file: "map")
        let mapped = try Bench()
        _ = try mapped.disclosures(
            mapped.file(
                header + row("2019-03-02", "Hon.,https://example.org/2,PTR (Amendment 1),,0")),
            options)
        #expect(try mapped.events(DisclosureAmended.self).count == 1)
    }

    @Test("what neither the file nor the log has is counted, in whatever order files come")
    func counted() throws {
        let bench = try Bench()
        let header = Self.header + "amended\n"
        let amendment = row("2019-03-04", "true", "$15,001 - $50,000")
        let first = try bench.disclosures(bench.file(header + amendment, name: "first"))
        #expect(first.notes.map(\.remark) == [.amendsNothing] && first.notes[0].firstLine == 2)
        let late = row("2019-03-05", "no")
        let second = try bench.disclosures(
            bench.file(header + amendment + late + row("2019-03-07", "yes"), name: "second"))
        #expect(second.duplicates == 1 && second.added == 2)
        #expect(second.notes.map(\.count) == [1], "what is filed later cannot be amended")
        let third = try bench.disclosures(
            bench.file(header + row("2019-03-01", "") + amendment, name: "third"))
        #expect(third.added == 1 && third.notes.isEmpty, "now the log has it")
    }

    @Test("a rehearsal counts the same, though the log is not told")
    func rehearsed() throws {
        let bench = try Bench()
        let text =
            Self.header + "amended\n" + row("2019-03-01", "") + row("2019-03-04", "yes")
            + row("2019-02-25", "yes")
        let log = DeferredLog(existing: nil, .rehearse)
        let report = try DisclosureImporter(
            IngestWriter(log, clock: { Instant(Day("2027-01-01")!) }), options: .init(),
            onReject: { _ in }, onProgress: { _, _ in }
        ).run(bench.file(text))
        #expect(report.added == 3 && report.notes.map(\.count) == [1])
        #expect(report.notes[0].firstLine == 4)
    }

    @Test("layouts with names of their own are asked too: Congress, House and Senate")
    func named() throws {
        let congress =
            "transaction_date,disclosure_date,asset,ticker,type,amount_range,name,chamber,office,"
            + "filing_status\n"
            + "2019-02-20,2019-03-01,A,AAA,purchase,\"$1,001 - $15,000\",Ann Roe,H,TX01,New\n"
            + "2019-02-20,2019-03-04,A,AAA,sale,\"$1,001 - $15,000\",Ann Roe,H,TX01,Amended\n"
            + "2019-02-20,2019-03-05,A,AAA,sale,\"$1,001 - $15,000\",Ann Roe,H,TX01,Deleted\n"
        let bench = try Bench()
        let report = try bench.disclosures(bench.file(congress))
        #expect(report.format == "congress" && report.added == 3 && report.notes.isEmpty)
        #expect(try bench.events(DisclosureAmended.self).count == 1)
        #expect(try bench.events(DisclosureWithdrawn.self).count == 1)
        let senate = try Bench()
        let titled = SenateRows.filing.replacing(
            "{\"first_name\"", with: "{\"title\":\"Report (Amendment 1)\",\"first_name\"")
        let found = try senate.disclosures(senate.file("[\(titled)]"))
        #expect(found.format == "senate" && found.added == 1)
        #expect(try senate.events(DisclosureAmended.self).map(\.amends) == [""])
        #expect(found.notes.map(\.remark) == [.amendsNothing])
    }

    @Test("a flag withdrawn without an id withdraws the row")
    func withdrawn() throws {
        let bench = try Bench()
        let report = try bench.disclosures(
            bench.file(
                Self.header + "withdrawn\n" + row("2019-03-01", "") + row("2019-03-04", "yes")))
        #expect(report.added == 2 && report.notes.isEmpty)
        #expect(try bench.events(DisclosureWithdrawn.self).map(\.ticker) == [Ticker("AAA")])
    }

    @Test("rows that an earlier program took are the same rows")
    func digests() throws {
        let untitled = Self.header + "note\n" + row("2019-03-01", "x")
        let titled = Self.header + "title\n" + row("2019-03-01", "")
        let bench = try Bench()
        #expect(try bench.disclosures(bench.file(untitled)).added == 1)
        #expect(try bench.disclosures(bench.file(titled, name: "titled")).duplicates == 1)
    }
}
