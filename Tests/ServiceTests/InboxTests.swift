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
        // Only root may give a file away.
        let isRoot = geteuid() == 0
        if isRoot {
            try put("other.csv", bars)
            #expect(chown("\(data.path)/inbox/other.csv", 4_711, 4_711) == 0)
            try inbox.drain { _ in
                Issue.record("taken")
            } refuse: {
                #expect($0.hasPrefix("inbox/other.csv: belongs to another user"))
                refusals.append($0)
            }
        }
        #expect(refusals.count == (isRoot ? 3 : 2))
        #expect(refusals.contains { $0.contains("link.csv") && $0.contains("links") })
        #expect(refusals.contains { $0.contains("large.csv") && $0.contains("inbox_largest") })
        #expect(try log.head().position == 1)
    }

    /// Sets the time of change of a file.
    private func touch(_ name: String, _ seconds: Int) {
        var times = [timespec(tv_sec: seconds, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 0)]
        #expect(utimensat(AT_FDCWD, "\(data.path)/inbox/\(name)", &times, 0) == 0)
    }

    @Test("a file of the future is told once, and taken when it is seen unchanged for a while")
    func future() throws {
        let clock = ScriptedClock(Instant(Day(year: 2021, month: 5, day: 4)!)) {
            $0.adding(seconds: 6)
        }
        var settings = ServiceSettings()
        settings.inboxSettle = 10
        var inbox = try Inbox(data, log: log, settings: settings, clock: clock)
        try put("bars.csv", bars)
        touch("bars.csv", time(nil) + 86_400)
        var (taken, refused) = (0, [String]())
        func drain() throws {
            try inbox.drain { _ in
                taken += 1
            } refuse: {
                refused.append($0)
            }
            clock.wait(1) { false }
        }
        try drain()
        #expect(taken == 0 && inbox.leftAlone == refused && refused.count == 1)
        #expect(
            refused[0].hasPrefix("inbox/bars.csv: was changed at ") && refused[0].contains("10 s"))
        try drain()
        #expect(taken == 0 && refused.count == 1)
        // Written to meanwhile, it is looked at anew.
        touch("bars.csv", time(nil) + 86_401)
        try drain()
        let isFilling = inbox.isFilling()
        #expect(taken == 0 && isFilling)
        try drain()
        #expect(taken == 0)
        try drain()
        #expect(taken == 1 && inbox.leftAlone.isEmpty)
    }

    @Test("a name that is no UTF-8, and one with control bytes, are told without those bytes")
    func bytes() throws {
        var inbox = try inbox()
        for (name, text) in [([0x61, 0xFF, 0x0A, 0x2E], bars), ([0x62, 0x1B, 0x5B], "nothing")] {
            let path = Array("\(data.path)/inbox/".utf8) + name.map { UInt8($0) } + [0]
            let file = path.withUnsafeBufferPointer { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    open($0.baseAddress!, O_WRONLY | O_CREAT, 0o644)
                }
            }
            try #require(file >= 0)
            _ = write(file, text, text.utf8.count)
            close(file)
        }
        var (failed, refused) = ([String](), [String]())
        try inbox.drain {
            failed.append($0.name)
        } refuse: {
            refused.append($0)
        }
        #expect(refused == ["inbox/a\\xFF\\x0A.: its name is no UTF-8; rename it"])
        #expect(inbox.leftAlone == refused && failed == ["b\u{1B}["])
        #expect(PlainText.line(failed[0]) == "b\\u001B[")
    }

    @Test("in a run with money a file is taken at once, unless somebody still writes it")
    func live() throws {
        var inbox = try inbox(settle: 3_600)
        try put("written.csv", bars)
        try put("whole.csv", bars)
        let writer = try #require(FileHandle(forWritingAtPath: "\(data.path)/inbox/written.csv"))
        var taken: [String] = []
        func drain() throws {
            try inbox.drain(settles: false) {
                taken.append($0.name)
            } refuse: {
                Issue.record("\($0)")
            }
        }
        try drain()
        #expect(taken == ["whole.csv"])
        try writer.close()
        try drain()
        #expect(taken == ["whole.csv", "written.csv"])
    }

    @Test("an inbox that is gone is made again, and one that cannot be is told like a file")
    func gone() throws {
        var inbox = try inbox()
        try FileManager.default.removeItem(atPath: "\(data.path)/inbox")
        var refused: [String] = []
        func drain() throws {
            try inbox.drain { _ in
            } refuse: {
                refused.append($0)
            }
        }
        try drain()
        #expect(refused.isEmpty)
        #expect(try names() == ["done", "failed"])
        try FileManager.default.removeItem(atPath: "\(data.path)/inbox")
        try "".write(toFile: "\(data.path)/inbox", atomically: true, encoding: .utf8)
        try drain()
        try drain()
        #expect(refused.count == 1)
        #expect(refused[0].contains("mkdir: Not a directory"), "\(refused)")
    }
}
