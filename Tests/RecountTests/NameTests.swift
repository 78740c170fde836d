import Foundation
import TestKit
import Testing

/// What names may be given to the command, in a process of its own.
@Suite("Names of files and folders", .timeLimit(.minutes(10)))
struct NameTests {
    private let folder = TemporaryFolder()

    private func recount(_ arguments: String...) throws -> (output: String, status: Int32) {
        try Peer(arguments, program: "recount", folder: folder.path).finish()
    }

    @Test("a name of one character is a name like any other, for files read and folders made")
    func oneCharacter() throws {
        let text = "ticker,date,open,high,low,close,volume\nACME,2020-01-02,10,11,9,10.5,1000\n"
        try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/p"))
        #expect(try recount("ingest", "prices", "p", "--data", "d").status == 0)
        #expect(try recount("status", "--data", "d").output.contains("data: head "))
        #expect(
            try recount(
                "backtest", "--data", "d", "--strategy", "baseline", "--run", "a", "--html", "h"
            ).status == 0)
        #expect(FileManager.default.fileExists(atPath: "\(folder.path)/h"))
    }

    @Test("an empty name of the data folder is refused as a wrong use, and nothing is made")
    func empty() throws {
        for arguments in [
            ["ingest", "prices", "p"], ["status"], ["verify"], ["project", "all"],
            ["backtest", "--strategy", "baseline"], ["sql", "SELECT 1"],
        ] {
            let answer = try Peer(
                arguments + ["--data", ""], program: "recount", folder: folder.path
            ).finish()
            #expect(answer.status == 64, "\(arguments)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}
