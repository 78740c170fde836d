import Foundation
import TestKit
import Testing

/// What the command must never do to what is a user's: in a process of its own, as a user runs it.
@Suite("What is the user's", .timeLimit(.minutes(10)))
struct HarmTests {
    private let folder = TemporaryFolder()
    private static let header = "ticker,date,open,high,low,close,volume\n"
    private static let bars =
        header
        + (2...20).map { "ACME,2020-01-\($0 < 10 ? "0" : "")\($0),10,11,9,10.5,1000\n" }.joined()

    private func recount(_ arguments: String...) throws -> (output: String, status: Int32) {
        try Peer(arguments, program: "recount", folder: folder.path).finish()
    }

    @discardableResult
    private func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/\(name)"))
        return name
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)
    }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    @Test("an output that is an input, a link to one, or lies in the data folder is refused whole")
    func outputs() throws {
        try write(Self.bars, to: "a.csv")
        try write("ticker,from,to\nZZZ,2020-01-01,2020-02-01\n", to: "x.csv")
        let files = FileManager.default
        try files.createSymbolicLink(
            atPath: "\(folder.path)/soft", withDestinationPath: "a.csv")
        try files.linkItem(atPath: "\(folder.path)/a.csv", toPath: "\(folder.path)/hard")
        for output in ["a.csv", "./a.csv", "soft", "hard", "x.csv", "d/r.csv", "d/log/data.mdb"] {
            let answer = try recount(
                "ingest", "prices", "a.csv", "--exclude", "x.csv", "--rejects", output, "--data",
                "d")
            #expect(answer.status == 64, "\(output)")
        }
        #expect(try text("a.csv") == Self.bars)
        #expect(try names == ["a.csv", "hard", "soft", "x.csv"], "nothing was made")
        #expect(try recount("ingest", "prices", "a.csv", "--data", "d").status == 0)
        try files.createSymbolicLink(atPath: "\(folder.path)/into", withDestinationPath: "d")
        let sound = try recount("verify", "--data", "d").output
        for output in ["into/r.csv", "d/log/data.mdb", "d/../d/log/data.mdb", "d"] {
            let answer = try recount(
                "ingest", "prices", "a.csv", "--rejects", output, "--data", "d")
            #expect(answer.status == 64, "\(output)")
            let page = try recount(
                "backtest", "--data", "d", "--strategy", "baseline", "--run", "one", "--html",
                output)
            #expect(page.status == 64, "\(output)")
        }
        #expect(try recount("verify", "--data", "d").output == sound)
        #expect(
            try recount("ingest", "prices", "a.csv", "--rejects", "/dev/null", "--data", "d").status
                == 0, "a device is written to as it is")
    }

    @Test("an output takes its place whole, with the mode that the umask leaves")
    func whole() throws {
        try write(Self.bars + "ACME,2020-01-21,1,1,1\n=cmd|x,\"2\n", to: "a.csv")
        try write("of yesterday", to: "r.csv")
        #expect(
            try recount("ingest", "prices", "a.csv", "--rejects", "r.csv", "--data", "d").status
                == 0)
        let lines = try text("r.csv").split(separator: "\n")
        #expect(lines[0] == "file,line,reason,field,row,value" && lines.count == 3)
        #expect(lines[2].contains(",\"'=cmd|x,\"\"2\""), "\(lines[2]): no spreadsheet runs it")
        let mode = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/r.csv")
        let mask = umask(0)
        _ = umask(mask)
        #expect((mode[.posixPermissions] as? NSNumber)?.uint32Value == 0o666 & ~mask)
        #expect(try names == ["a.csv", "d", "r.csv"])
    }

    @Test("a rehearsal and a refused file leave no folder, and a rehearsal says what would become")
    func nothingLeft() throws {
        try write(Self.bars, to: "a.csv")
        let rehearsed = try recount("ingest", "prices", "a.csv", "--dry-run", "--data", "d")
        #expect(rehearsed.output.contains("19 would be added") && rehearsed.status == 0)
        try write("foo,bar\n1,2\n", to: "b.csv")
        #expect(try recount("ingest", "prices", "b.csv", "--data", "d").status == 65)
        #expect(try recount("ingest", "prices", "none.csv", "--data", "d").status == 66)
        try write("{\"log\":\"run\"}\nx\n", to: "e.jsonl")
        #expect(try recount("import", "e.jsonl", "--run", "r", "--data", "d/e").status == 65)
        #expect(try names == ["a.csv", "b.csv", "e.jsonl"])
        #expect(try recount("ingest", "prices", "a.csv", "--data", "d").status == 0)
        let again = try recount("ingest", "prices", "a.csv", "--dry-run", "--json", "--data", "d")
        #expect(
            again.output.contains("\"duplicates\":19") && again.output.contains("\"dry_run\":true"))
    }

    @Test("bars and trades out of their ranges are refused at the edge, with field and range")
    func ranges() throws {
        for (row, reason) in [
            ("1e-8,1e-8,1e-8,1e-8,1", "badPrice"), ("1e10,1e10,1e10,1e10,1", "badPrice"),
            ("1,1,1,1,1e16", "badNumber"), ("1,1e9,1,1,1", "badPrice"),
        ] {
            try write(Self.header + "ACME,2020-01-02,\(row)\n", to: "p.csv")
            let answer = try recount(
                "ingest", "prices", "p.csv", "--rejects", "r.csv", "--data", "p")
            #expect(answer.output.contains(reason), "\(row): \(answer.output)")
        }
        try write(Self.bars, to: "a.csv")
        #expect(try recount("ingest", "prices", "a.csv", "--data", "d").status == 0)
        for (entry, exit, size) in [
            ("1e-300", "1e9", "1e9"), ("1", "1", "1e11"), ("nan", "1", "1"), ("1", "inf", "1"),
            ("1e8", "1e8", "1e10"), ("1e-6", "1e8", "1"), ("0", "1", "1"), ("1", "-1", "1"),
        ] {
            let answer = try recount(
                "record-trade", "ACME", "long", "--entry=\(entry)", "--exit=\(exit)",
                "--size=\(size)", "--data", "d")
            #expect(answer.status == 64, "\(entry) \(exit) \(size)")
        }
        for date in ["0001-01-01", "1677-09-20", "9999-12-31", "2020-02-30"] {
            let answer = try recount(
                "record-trade", "ACME", "long", "--entry=1", "--exit=1", "--size=1",
                "--entered-at=\(date)", "--data", "d")
            #expect(answer.status == 64, "\(date)")
        }
        for arguments in [
            ["events", "--from=0001-01-01"], ["events", "--before=9999-12-31"],
            ["events", "--from=9999-12-31"],
        ] {
            let answer = try Peer(
                arguments + ["--data", "d"], program: "recount", folder: folder.path
            ).finish()
            #expect(answer.status == 0, "\(arguments)")
        }
    }

    @Test("a row, a header, a filing and what nests without end are bounded, whatever the file")
    func bounds() throws {
        let header = "transaction_date,disclosure_date,ticker,type,amount,representative"
        try write(String(repeating: "x", count: 20_000) + "," + header + "\n1\n", to: "h.csv")
        #expect(try recount("ingest", "disclosures", "h.csv", "--data", "d").status == 65)
        let deep = String(repeating: "[", count: 300_000)
        try write("[{\"transactions\":\(deep)", to: "n.json")
        #expect(try recount("ingest", "disclosures", "n.json", "--data", "n").status == 65)
        let many = String(repeating: "{\"ticker\":\"A\"},", count: 2_000)
        let comment = String(repeating: "y", count: 100_000)
        try write(
            "[{\"comment\":\"\(comment)\",\"transactions\":[\(many){}]}]", to: "m.json")
        let answer = try recount("ingest", "disclosures", "m.json", "--data", "m")
        #expect(answer.status == 65 && answer.output.contains("1 rows"), "\(answer.output)")
        let size =
            try FileManager.default.attributesOfItem(
                atPath: "\(folder.path)/m/log/data.mdb")[.size] as? NSNumber
        #expect((size?.intValue ?? .max) < 4 << 20, "200 MB of it would be kept")
        try write(String(repeating: "z", count: 9 << 20), to: "z.json")
        try write("[" + String(repeating: "z", count: 9 << 20), to: "y.json")
        #expect(try recount("ingest", "disclosures", "y.json", "--data", "y").status == 65)
        let garbage =
            try FileManager.default.attributesOfItem(
                atPath: "\(folder.path)/y/log/data.mdb")[.size] as? NSNumber
        #expect((garbage?.intValue ?? .max) < 1 << 20)
    }
}
