import EventLog
import Events
import Testing

@testable import Ingest

@Suite("Mappings of columns")
struct MappingTests {
    static let yaml = """
        columns:
          Gemeldet am: disclosure_date
          Gehandelt am: transaction_date
          Wertpapier: ticker
          Art: type
          Wer: name
          Notiz: ignored
        constants:
          chamber: house
        dates: day-first
        buy: [Kauf, zugekauft]
        sell: Verkauf
        """
    static let text =
        "Gemeldet am;Gehandelt am;Wertpapier;Art;Wer;Notiz\n"
        + "05/06/2019;04/05/2019;AAA;Kauf;Ann Roe;x\n06/06/2019;04/05/2019;BBB;verkauf;Ann Roe;y\n"
        + "06/06/2019;04/05/2019;CCC;Tausch;Ann Roe;z\n"

    @Test("a mapping says columns, constants, dates and words for buying and selling")
    func filings() throws {
        let bench = try Bench()
        var options = DisclosureOptions()
        options.mapping = try Mapping(yaml: Self.yaml, file: "map.yaml")
        let report = try bench.disclosures(bench.file(Self.text), options)
        #expect(report.added == 2 && report.count(.badSide) == 1)
        let filed = try bench.events(DisclosureFiled.self)
        #expect(filed.map(\.side) == [.buy, .sell] && filed.map(\.chamber) == [.house, .house])
        #expect(filed[0].filedOn == Day("2019-06-05") && filed[0].tradedOn == Day("2019-05-04"))
        let row = String(decoding: filed[0].row, as: UTF8.self)
        #expect(row.hasPrefix("#filed=Gemeldet am;dates=day-first\nGemeldet am;"))
    }

    @Test("a mapping of bars leaves what is recognised to its name")
    func bars() throws {
        let bench = try Bench()
        let yaml = "columns: {Kurs: close}\nconstants: {ticker: AAA}\ndecimal: comma\n"
        var options = PriceImporter.Options()
        options.mapping = try Mapping(yaml: yaml, file: "map.yaml")
        let text = "Date;Open;High;Low;Kurs;Volume\n2019-03-04;1,010;1,012;1,009;1,011;7\n"
        #expect(try bench.prices(bench.file(text), options).added == 1)
        let session = try #require(try bench.events(SessionClosed.self).first)
        #expect(session.bars.map(\.close) == [1.011] && session.bars[0].ticker == Ticker("AAA"))
    }

    @Test(
        "a mapping that is not understood says where and what can stand there",
        arguments: [
            ("columns: {A: price}", "no field \"price\""), ("x: 1", "line 1"),
            ("- a", "no mapping"),
            ("columns: 7", "NAME: VALUE"), ("dates: iso", "month-first or day-first"),
            ("columns: {A: close, a: open}", "twice"), ("a: [", "no YAML"),
            ("columns: {A: [close]}", "lists"), ("buy: {a: b}", "list of words"),
            ("decimal: 7", "comma or point"),
        ])
    func refused(yaml: String, word: String) throws {
        let error = #expect(throws: IngestError.self) { try Mapping(yaml: yaml, file: "m.yaml") }
        #expect(error?.code == .badOption && error?.file == "m.yaml")
        #expect(error?.description.contains(word) == true, "\(error.debugDescription)")
    }

    @Test("a guess is a mapping by which the file is read as it would be without")
    func guess() throws {
        let bench = try Bench()
        let samples = [
            FilingShapeTests.capitol
                + "Ann Roe,D,A,AAA:US,13 Feb 2023,11 Jan 2023,3,Self,buy,1K–15K,1\n",
            "[\(FilingShapeTests.houseObject)]", "[\(FilingShapeTests.senateObject)]",
        ]
        for (index, text) in samples.enumerated() {
            let path = try bench.file(text, name: "sample\(index)")
            let guess = try Guess(path, mapping: nil, dates: .monthFirst).description
            #expect(guess.contains("Ann") && guess.contains("AAA"), "\(guess)")
            var options = DisclosureOptions()
            options.mapping = try Mapping(yaml: guess, file: "guess")
            let mapped = try Bench()
            #expect(
                try mapped.disclosures(mapped.file(text), options).added == 1, "\(guess)")
        }
    }

    @Test("a guess says what it does not find, and quotes any name")
    func unknown() throws {
        let bench = try Bench()
        let path = try bench.file("\"a \"\"b\"\"\",ticker,date,type\n1,2,3,4\n")
        let guess = try Guess(path, mapping: nil, dates: nil).description
        #expect(guess.contains("No column says") && guess.contains("\"a \\\"b\\\"\": ignored"))
        #expect(throws: Never.self) { try Mapping(yaml: guess, file: "guess") }
    }
}
