import EventLog
import Events
import Testing

@testable import Ingest

@Suite("What every import promises")
struct ImportTests {
    static let header = CSVFormatTests.congress

    static func row(_ ticker: String, _ name: String = "Justin Amash") -> String {
        "2019-01-02,2019-01-29,X,\(ticker),P,\"$1,001 - $15,000\",\(name),H,MI03\n"
    }

    @Test("ingesting a file again adds nothing, rejections included")
    func idempotent() throws {
        let bench = try Bench()
        let path = try bench.file(Self.header + Self.row("AMZN") + Self.row("--"))
        let first = try bench.disclosures(path)
        let head = try bench.log.head()
        #expect(first.events == 2)
        let second = try bench.disclosures(path)
        #expect(second.added == 0 && second.events == 0)
        #expect(second.duplicates == 1 && second.rejected == 1)
        #expect(try bench.log.head() == head)
    }

    @Test("exact repeats within a file are occurrences, in two files they are one")
    func occurrences() throws {
        let bench = try Bench()
        let twice = try bench.file(Self.header + Self.row("AMZN") + Self.row("AMZN"))
        #expect(try bench.disclosures(twice).added == 2)
        let once = try bench.file(Self.header + Self.row("AMZN"), name: "once")
        #expect(try bench.disclosures(once).duplicates == 1)
        let thrice = try bench.file(
            Self.header + String(repeating: Self.row("AMZN"), count: 3), name: "thrice")
        let report = try bench.disclosures(thrice)
        #expect(report.added == 1 && report.duplicates == 2)
        #expect(try bench.events(DisclosureFiled.self).map(\.occurrence) == [0, 1, 2])
    }

    @Test("the order of files changes no event")
    func fileOrder() throws {
        let texts = [
            Self.header + Self.row("AMZN") + Self.row("AAPL"),
            Self.header + Self.row("MSFT") + Self.row("AMZN"),
        ]
        var found: [Set<[UInt8]>] = []
        for order in [[0, 1], [1, 0]] {
            let bench = try Bench()
            for index in order {
                _ = try bench.disclosures(bench.file(texts[index], name: "file \(index)"))
            }
            found.append(Set(try bench.events(DisclosureFiled.self).map { $0.encoded() }))
        }
        #expect(found[0].count == 3)
        #expect(found[0] == found[1])
    }

    @Test("two importers that began on the same log add nothing twice")
    func twoImporters() throws {
        let bench = try Bench()
        let path = try bench.file(Self.header + Self.row("AMZN") + Self.row("AAPL"))
        let writers = [bench.writer(), bench.writer()]
        for writer in writers { try writer.flush() }
        let reports = try writers.map {
            try DisclosureImporter(
                $0, options: .init(), onReject: { _ in }, onProgress: { _, _ in }
            ).run(path)
        }
        #expect(reports.map(\.added) == [2, 0])
        #expect(reports.map(\.duplicates) == [0, 2])
        #expect(try bench.events(DisclosureFiled.self).count == 2)
    }

    @Test("an hour of the filing date is another event than the day after")
    func hours() throws {
        let bench = try Bench()
        let path = try bench.file(Self.header + Self.row("AMZN"))
        #expect(try bench.disclosures(path).added == 1)
        let options = DisclosureOptions(knownAt: ClockTime(hour: 13, minute: 30))
        #expect(try bench.disclosures(path, options).added == 1)
        let events = try bench.events(DisclosureFiled.self)
        #expect(events[0].rowDigest == events[1].rowDigest)
        #expect(
            events.map(\.envelope.knownAt) == [
                Instant(Day("2019-01-30")!, hour: 5),
                Instant(Day("2019-01-29")!, hour: 13, minute: 30),
            ])
        #expect(events.map(\.knownMinute) == [nil, 810])
    }

    @Test("a gzip file gives the events of the plain one")
    func gzip() throws {
        let bench = try Bench()
        let text = Self.header + Self.row("AMZN")
        let bytes = Array(text.utf8)
        let members = gzipped(Array(bytes[..<40])) + gzipped(Array(bytes[40...]))
        #expect(try bench.disclosures(bench.file(bytes: members, name: "a.gz")).added == 1)
        #expect(try bench.disclosures(bench.file(text, name: "plain")).duplicates == 1)
        #expect(try InputFile.contentDigest(bench.folder + "/a.gz") == sha256(bytes))
    }

    @Test("a gzip file that breaks off says so, and what came before can be kept")
    func truncated() throws {
        let bench = try Bench()
        let text = Self.header + String(repeating: Self.row("AMZN"), count: 2_000)
        let whole = gzipped(Array(text.utf8))
        let path = try bench.file(bytes: Array(whole.dropLast(400)), name: "cut.gz")
        let writer = bench.writer()
        let importer = DisclosureImporter(
            writer, options: .init(), onReject: { _ in }, onProgress: { _, _ in })
        let error = #expect(throws: IngestError.self) { try importer.run(path) }
        #expect(error?.code == .corruptedGzip)
        try writer.flush()
        let kept = try bench.events(DisclosureFiled.self).count
        #expect(kept > 1_900 && kept < 2_000)
    }

    @Test("a file that is not there, or no file, is named")
    func missing() throws {
        let bench = try Bench()
        let error = #expect(throws: IngestError.self) {
            try bench.disclosures(bench.folder + "/nothing.csv")
        }
        #expect(error?.code == .missingFile)
        #expect(error?.description.contains("nothing.csv") == true)
        let folder = #expect(throws: IngestError.self) { try bench.disclosures(bench.folder) }
        #expect(folder?.code == .unreadable)
    }

    @Test("commits hold at most ten thousand events")
    func commits() throws {
        let bench = try Bench()
        let text = Self.header + (0..<10_050).map { Self.row("AMZN", "Filer \($0)") }.joined()
        #expect(try bench.disclosures(bench.file(text)).added == 10_050)
        #expect(try bench.log.commits().map(\.count) == [10_000, 50])
    }

    @Test("every cut of a file, and every file of noise, is accounted for or refused")
    func noise() throws {
        let bench = try Bench()
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(state: seed)
        let samples = [
            SenateRows.header + SenateRows.penn + SenateRows.twoAnchors,
            "[\(SenateRows.filing), \(SenateRows.paper)]", CSVFormatTests.house,
            PriceTests.header + PriceTests.apple,
        ]
        for round in 0..<240 {
            var bytes = Array(samples[round % samples.count].utf8)
            switch round / 4 % 4 {
            case 0: bytes.removeLast(Int(random.next(upperBound: UInt64(bytes.count))))
            case 1:
                for _ in 0..<8 {
                    bytes[Int(random.next(upperBound: UInt64(bytes.count)))] = UInt8(
                        truncatingIfNeeded: random.next())
                }
            case 2:
                let noise = Array("\",\n[]{}<>$-/".utf8)
                for _ in 0..<8 {
                    let place = Int(random.next(upperBound: UInt64(bytes.count)))
                    bytes.insert(noise[round % noise.count], at: place)
                }
            default: bytes = (0..<300).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            }
            let path = try bench.file(bytes: bytes)
            for importer in [bench.disclosures, bench.anyPrices] {
                do {
                    let report = try importer(path, .init())
                    #expect(report.addsUp, "seed \(seed), round \(round)")
                } catch let error as IngestError {
                    #expect(!error.message.isEmpty)
                }
            }
        }
    }
}

extension Bench {
    /// Prices with the defaults, in the shape of `disclosures`.
    func anyPrices(_ path: String, _: DisclosureOptions) throws -> FileReport {
        try prices(path)
    }
}
