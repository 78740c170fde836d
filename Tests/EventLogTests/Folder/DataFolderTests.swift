import EventLog
import Events
import Foundation
import TestKit
import Testing

@Suite("The data folder")
struct DataFolderTests {
    private let folder = TemporaryFolder()

    @Test("names where everything lies, with or without a slash at its end")
    func layout() throws {
        for path in ["/d", "/d/"] {
            let data = DataFolder(path)
            #expect(data.path == "/d")
            #expect(data.log == "/d/log")
            #expect(data.trials == "/d/trials")
            #expect(data.timelines == "/d/timelines")
            #expect(data.timeline(.zero) == "/d/timelines/\(Digest.zero)")
            #expect(try data.run("a.B-1_2") == "/d/runs/a.B-1_2")
        }
        #expect(DataFolder("/").path == "/")
    }

    @Test(
        "refuses names that would not be safe",
        arguments: [
            "", ".", "..", ".hidden", "a/b", "../x", "a b", "ä", "a\n", "a\0",
            String(repeating: "x", count: 65),
        ])
    func badNames(name: String) throws {
        let data = DataFolder(folder.path)
        for ask in [data.run, data.existingRun] {
            let error = #expect(throws: DataFolderError.self) { try ask(name) }
            guard case .badName(name)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("finds the runs that are there and names them where one is not")
    func runs() throws {
        let data = DataFolder(folder.path)
        #expect(data.runNames == [])
        let none = #expect(throws: DataFolderError.self) { try data.existingRun("first") }
        #expect("\(try #require(none))".contains("recount backtest --run first"))
        for name in ["second", "first", ".building-1-2"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/runs/\(name)", withIntermediateDirectories: true)
        }
        #expect(data.runNames == ["first", "second"])
        #expect(try data.existingRun("first") == "\(folder.path)/runs/first")
        let error = #expect(throws: DataFolderError.self) { try data.existingRun("third") }
        #expect("\(try #require(error))".contains("there are first, second"))
    }
}
