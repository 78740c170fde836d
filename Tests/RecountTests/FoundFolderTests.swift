import EventLog
import Foundation
import TestKit
import Testing

@testable import recount

/// The data folder and the run that are meant where a person names none, or the newest.
@Suite("The folder and the run that are meant", .timeLimit(.minutes(10)))
struct FoundFolderTests {
    private let folder = TemporaryFolder()

    /// A folder `d` with a log of one bar, and folders in it and beside it.
    private func ingested() throws {
        let answer = try Shell.run(
            """
            printf 'ticker,date,open,high,low,close,volume\\nACME,2020-01-02,10,11,9,10.5,1000\\n' > p
            $R ingest prices p --data d && mkdir -p d/below/deep beside
            """, in: folder.path)
        #expect(answer.status == 0, "\(answer.output)")
    }

    @Test("--data wins over RECOUNT_FOLDER, it over the folder one stands in or below")
    func order() throws {
        try ingested()
        for (script, status) in [
            ("$R verify --data d", 0), ("cd d && $R verify", 0),
            ("cd d/below/deep && $R verify", 0),
            ("cd d/runs 2>/dev/null || cd d/log; $R verify", 0),
            ("cd beside && RECOUNT_FOLDER=../d $R verify", 0),
            ("cd beside && RECOUNT_FOLDER=../d $R verify --data none", 66),
            ("cd d && RECOUNT_FOLDER=none $R verify", 66),
            ("cd d && RECOUNT_FOLDER= $R verify", 0), ("cd beside && $R verify", 64),
            ("cd beside && $R seal", 64), ("cd d/below && $R seal", 0),
            ("cd d && $R verify --data ''", 64),
        ] as [(String, Int32)] {
            let answer = try Shell.run(script, in: folder.path)
            #expect(answer.status == status, "\(script): \(answer.output)")
        }
        let without = try Shell.run("cd beside && $R verify", in: folder.path).output
        #expect(without.contains("Missing expected argument '--data <dir>'"))
        #expect(without.contains("RECOUNT_FOLDER"))
    }

    @Test("what makes a folder takes none above it; in one, or by the variable, it says which")
    func ingest() throws {
        try ingested()
        let below = try Shell.run("cd d/below && $R ingest prices ../../p", in: folder.path)
        #expect(below.status == 64 && below.output.contains("you stand below the data folder"))
        let calendar = try Shell.run(
            "$R seal --data d > before; cd d/below && $R ingest prices ../../p --calendar none; "
                + "[ $? = 64 ] && cd ../.. && $R seal --data d | cmp before -", in: folder.path)
        #expect(calendar.status == 0, "\(calendar.output)")
        let dry = try Shell.run("cd d/below && $R ingest prices ../../p --dry-run", in: folder.path)
        #expect(dry.status == 64)
        let new = try Shell.run("cd d/below && $R ingest prices ../../p --data .", in: folder.path)
        #expect(new.status == 0, "\(new.output)")
        #expect(DataFolder("\(folder.path)/d/below").isThere)
        let here = try Shell.run(
            "cd d && $R ingest index ../p --series market --symbol ACME", in: folder.path)
        #expect(here.status == 0 && here.output.contains("the working directory"), "\(here.output)")
        let named = try Shell.run("RECOUNT_FOLDER=fresh $R ingest prices p", in: folder.path)
        #expect(named.status == 0 && named.output.contains("fresh, of RECOUNT_FOLDER"))
        #expect(DataFolder("\(folder.path)/fresh").isThere)
        let stray = try Shell.run("cd beside && $R ingest prices ../p", in: folder.path)
        #expect(stray.status == 64 && !DataFolder("\(folder.path)/beside").isThere)
    }

    @Test("last is the newest run, in every command that names one, and by its own name")
    func last() throws {
        try ingested()
        let made = try Shell.run(
            """
            set -e; cd d
            $R backtest --strategy baseline --run zero
            $R backtest --strategy baseline --run newer > /dev/null
            touch -d '2030-01-01' runs/zero/data.mdb
            """, in: folder.path)
        #expect(made.status == 0, "\(made.output)")
        for arguments in [
            "events --run last", "report --run last", "reproduce --run last",
            "project all --run last",
            "sql --run last 'SELECT * FROM trading_signals'", "at end portfolio --run last",
            "why setting --run last", "status --run last", "seal --run last", "stats --run last",
            "models list --run last", "late --run last", "verify --run last", "export --run last",
            "backtest --like last --run again-$$",
            "certify last --to ../bundle-$$", "verify --chain --run last",
            "diff --run last --run newer",
        ] {
            let answer = try Shell.run(
                "cd d && touch -d '2030-01-01' runs/zero/data.mdb && $R \(arguments)",
                in: folder.path)
            #expect(answer.status != 66 && answer.status != 64, "\(arguments): \(answer.output)")
        }
        let data = DataFolder("\(folder.path)/d")
        #expect(FileManager.default.fileExists(atPath: "\(data.path)/views/zero"))
        #expect(!FileManager.default.fileExists(atPath: "\(data.path)/views/last"))
        #expect(data.runName("newer") == "newer" && data.runName("last") != "newer")
        let none = try Shell.run("$R report --run last --data fresh", in: folder.path)
        #expect(none.status == 66 && none.output.contains("recount backtest --run first makes one"))
    }
}
