import Foundation
import TestKit
import Testing

/// Files as people have them, through the command.
@Suite("Files that the command takes", .timeLimit(.minutes(10)))
struct FormatTests {
    private let folder = TemporaryFolder()
    private static let yahoo =
        "Date,Open,High,Low,Close,Adj Close,Volume\n2020-01-02,10,12,9,11,11,7\n"

    private func recount(_ arguments: String...) throws -> (output: String, status: Int32) {
        try Peer(arguments, program: "recount", folder: folder.path).finish()
    }

    private func write(_ text: String, to name: String) throws {
        let url = URL(filePath: "\(folder.path)/\(name)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    @Test(
        "a folder and a pattern stand for their files, one ticker a file"
    )
    func folders() throws {
        try write(Self.yahoo, to: "q/AAA.csv")
        try write(Self.yahoo, to: "q/deep/prices_BBB.csv")
        try write("no data", to: "q/notes.md")
        let answer = try recount("ingest", "prices", "q", "--data", "d")
        #expect(answer.status == 0 && answer.output.contains("AAA.csv"), "\(answer.output)")
        let tickers = try recount("events", "--data", "d", "--json", "--type", "SessionClosed")
        #expect(tickers.output.contains("\"AAA\"") && tickers.output.contains("\"BBB\""))
        let again = try recount("ingest", "prices", "q/*.csv", "--json", "--data", "d")
        #expect(again.output.contains("\"duplicates\":1,") && again.status == 0)
        #expect(try recount("ingest", "prices", "q/*.tsv", "--data", "d").status == 66)
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/empty", withIntermediateDirectories: true)
        #expect(try recount("ingest", "prices", "empty", "--data", "d").status == 66)
    }

    @Test(
        "--symbol, --dates and --map say what the file does not, in their own words"
    )
    func options() throws {
        let text = "Date,Open,High,Low,Close,Volume\n03/04/2020,10,12,9,11,7\n"
        try write(text, to: "data.csv")
        let open = try recount("ingest", "prices", "data.csv", "--symbol", "AAA", "--data", "d")
        #expect(open.status == 65, "nothing tells the order of its date")
        let asked = try recount(
            "ingest", "prices", "data.csv", "--symbol", "AAA", "--dates", "day-first", "--data", "d"
        )
        #expect(asked.status == 0, "\(asked.output)")
        let events = try recount("events", "--data", "d", "--json", "--type", "SessionClosed")
        #expect(events.output.contains("\"2020-04-03\""))
        try write("constants: {ticker: CCC}\ndates: month-first\n", to: "map.yaml")
        #expect(
            try recount("ingest", "prices", "data.csv", "--map", "map.yaml", "--data", "d").status
                == 0)
        #expect(
            try recount(
                "ingest", "prices", "data.csv", "--map", "map.yaml", "--rejects", "map.yaml",
                "--data", "d"
            ).status == 64)
        for wrong in [["--symbol", "nan"], ["--dates", "iso"], ["--max-rejects", "2"]] {
            let answer = try Peer(
                ["ingest", "prices", "data.csv", "--data", "d"] + wrong, program: "recount",
                folder: folder.path
            ).finish()
            #expect(answer.status == 64, "\(wrong)")
        }
    }

    @Test("a misread file ends with 65, its report and its good rows stay, and a limit is a limit")
    func misread() throws {
        let bad = "2020-01-0x,1,1,1,1,1,1\n"
        try write(Self.yahoo + bad + bad, to: "AAA.csv")
        let answer = try recount("ingest", "prices", "AAA.csv", "--json", "--data", "d")
        #expect(answer.status == 65, "\(answer.output)")
        #expect(answer.output.contains("\"added\":1,") && answer.output.contains("\"seal\""))
        #expect(answer.output.contains("\"value\":\"2020-01-0x\""))
        let lax = try recount(
            "ingest", "prices", "AAA.csv", "--max-rejects", "0.7", "--rejects", "r.csv", "--data",
            "d")
        #expect(lax.status == 0)
        let rejects = try String(contentsOfFile: "\(folder.path)/r.csv", encoding: .utf8)
        #expect(rejects.contains(",2020-01-0x\n"))
        try write("date,close\n", to: "header.csv")
        let empty = try recount(
            "ingest", "index", "header.csv", "--series", "market", "--data", "d")
        #expect(empty.status == 65, "it has no rows")
    }

    @Test("a guess is printed as YAML and read back by --map")
    func guess() throws {
        let text =
            "Gemeldet,Gehandelt,ticker,type,member\n2020-02-03,2020-01-02,AAA,Purchase,Ann Roe\n"
        try write(text, to: "t.csv")
        let first = try recount("ingest", "guess", "t.csv")
        #expect(first.status == 0 && first.output.contains("No column says disclosure_date"))
        let mended = first.output.replacing(
            "\"Gemeldet\": ignored", with: "Gemeldet: disclosure_date"
        )
        .replacing("\"Gehandelt\": ignored", with: "Gehandelt: transaction_date")
        try write(mended, to: "map.yaml")
        let second = try recount("ingest", "guess", "t.csv", "--map", "map.yaml")
        #expect(second.output.contains("Ann Roe: buy AAA, traded 2020-01-02"), "\(second.output)")
        let answer = try recount(
            "ingest", "disclosures", "t.csv", "--map", "map.yaml", "--data", "d")
        #expect(answer.status == 0 && answer.output.contains("1 added"), "\(answer.output)")
    }

    @Test("a spreadsheet is told, with how to convert it, and nothing is made")
    func spreadsheet() throws {
        var bytes = Data([0x50, 0x4B, 0x03, 0x04] + [UInt8](repeating: 0, count: 26))
        bytes += Data("[Content_Types].xml".utf8)
        try bytes.write(to: URL(filePath: "\(folder.path)/a.csv"))
        let answer = try recount("ingest", "prices", "a.csv", "--data", "d")
        #expect(answer.status == 65, "\(answer.output)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.csv"])
    }
}
