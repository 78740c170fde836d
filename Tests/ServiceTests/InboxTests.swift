import EventLog
import Events
import Foundation
import Ingest
import Pipeline
import TestKit
import Testing

@testable import Service

@Suite("The inbox")
struct InboxTests {
    private let folder = TemporaryFolder()
    private let data: DataFolder
    private let log: EventLog
    private let clock = ScriptedClock(Instant(Day(year: 2021, month: 5, day: 4)!)) { $0 }

    init() throws {
        data = DataFolder("\(folder.path)/data")
        log = try EventLog.create(
            at: data.log,
            identity: LogIdentity(
                kind: .data, logID: Digest(w0: 1, w1: 1, w2: 1, w3: 1),
                schemaVersion: EventSchema.version))
        try DataSetting.choose(.xnys, in: log, at: .epoch)
    }

    private func inbox(settle: Int = 0) throws -> Inbox {
        var settings = ServiceSettings()
        settings.inboxSettle = settle
        return try Inbox(data, log: log, settings: settings, clock: clock)
    }

    private func put(_ name: String, _ text: String) throws {
        try text.write(
            toFile: "\(data.path)/inbox/\(name)", atomically: false, encoding: .utf8)
    }

    private func names(_ place: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(data.path)/inbox/\(place)").sorted()
    }

    private let bars = "ticker,date,open,high,low,close,volume\nKO,2021-05-03,10,11,9,10,100\n"

    @Test("content says what a file holds, and its name nothing")
    func content() throws {
        var inbox = try inbox()
        try put("a.json", bars)
        try put("b", "Date,Close\n2021-05-03,4192.66\n")
        try put("prices.csv", "symbol,date,close\n^VIX,2021-05-03,18.3\n")
        try put(
            "index.csv",
            "name,ticker,type,transaction_date,disclosure_date,amount_min,amount_max\n"
                + "Ann Lee,KO,buy,2021-04-01,2021-04-20,1001,15000\n")
        try put("e.csv", "ticker,ex_date,kind,ratio\nKO,2021-05-03,split,2\n")
        try put("f.csv", "symbol,sector\nKO,Consumer Staples\n")
        var found: [String: FileKind?] = [:]
        try inbox.drain {
            found[$0.name] = $0.kind
        } refuse: {
            Issue.record("\($0)")
        }
        #expect(
            found == [
                "a.json": .prices, "b": .index(.market), "prices.csv": .index(.volatility),
                "index.csv": .disclosures, "e.csv": .actions, "f.csv": .reference,
            ])
        #expect(try names() == ["done", "failed"] && names("done").count == 6)
        // Twice adds nothing, and is put beside the first.
        let head = try log.head()
        try put("a.json", bars)
        var outcome: Inbox.Outcome?
        try inbox.drain {
            outcome = $0
        } refuse: { _ in
        }
        #expect(try log.head() == head && names("done").count == 7)
        #expect(outcome?.report?.duplicates == 1 && outcome?.place.hasSuffix("a.json.2") == true)
    }

    @Test("what cannot be read, or mostly not, lies in failed with the reason and the rows")
    func failed() throws {
        var inbox = try inbox()
        try put("nothing.csv", "a,b\n1,2\n")
        try put(
            "half.csv", bars + "KO,not a date,10,11,9,10,100\nKO,2021-05-32,10,11,9,10,100\n")
        var failures: [String] = []
        try inbox.drain {
            failures.append($0.failure ?? "none")
        } refuse: { _ in
        }
        #expect(failures.count == 2 && !failures.contains("none"))
        let files = try names("failed")
        #expect(files.count == 5)
        let rejects = try #require(files.first { $0.hasSuffix("half.csv.rejects.csv") })
        let text = try String(
            contentsOfFile: "\(data.path)/inbox/failed/\(rejects)", encoding: .utf8)
        #expect(text.contains("badDate") && text.split(separator: "\n").count == 3)
        // The row that could be read is in the log.
        #expect(try log.head().position > 1)
    }

    @Test(
        "a name as long as the disk takes is taken, and a file that is gone by then is passed over")
    func names() throws {
        var inbox = try inbox()
        try put(String(repeating: "x", count: 251) + ".csv", bars)
        try put("gone.csv", bars)
        var taken: [String] = []
        try inbox.drain { outcome in
            taken.append(outcome.name)
            // The other is taken back while the first is read.
            try? FileManager.default.removeItem(atPath: "\(data.path)/inbox/gone.csv")
        } refuse: { _ in
        }
        #expect(taken.count == 1 || taken.count == 2)
        #expect(try names("done").contains { $0.hasSuffix("xxxx.csv") || $0.hasSuffix("gone.csv") })
        try inbox.drain {
            taken.append($0.name)
        } refuse: { _ in
        }
        #expect(taken.contains { $0.utf8.count == 255 })
    }

    @Test("a file is taken once it has lain for a while, or is marked done")
    func whole() throws {
        var inbox = try inbox(settle: 3_600)
        try put("bars.csv", bars)
        try inbox.drain { _ in
            Issue.record("taken too early")
        } refuse: { _ in
        }
        try put("bars.csv.done", "")
        var taken = 0
        try inbox.drain { _ in
            taken += 1
        } refuse: { _ in
        }
        #expect(taken == 1)
        #expect(try names() == ["done", "failed"])
    }

    @Test("links, folders and files that are too large are left alone, and told once")
    func alone() throws {
        var settings = ServiceSettings()
        (settings.inboxSettle, settings.inboxLargest) = (0, 1)
        var inbox = try Inbox(data, log: log, settings: settings, clock: clock)
        let outside = try folder.write("outside.csv", bars)
        try FileManager.default.createSymbolicLink(
            atPath: "\(data.path)/inbox/link.csv", withDestinationPath: outside)
        try put("large.csv", bars + String(repeating: " ", count: 1 << 20))
        try put(".hidden.csv", bars)
        try FileManager.default.createDirectory(
            atPath: "\(data.path)/inbox/folder", withIntermediateDirectories: false)
        var refusals: [String] = []
        for _ in 0..<2 {
            try inbox.drain { _ in
                Issue.record("taken")
            } refuse: {
                refusals.append($0)
            }
        }
        #expect(refusals.count == 2)
        #expect(refusals.contains { $0.contains("link.csv") && $0.contains("links") })
        #expect(refusals.contains { $0.contains("large.csv") && $0.contains("inbox_largest") })
        #expect(try log.head().position == 1)
    }
}
