import EventLog
import Events
import Foundation
import RawLoops

extension Row {
    /// Reading every event, with and without its checksum.
    static let scan = Row(
        name: "scan", title: "views over the log beside a C cursor, one thread, warm cache"
    ) { setting in
        let files = try ScanFiles(setting)
        func raw(_ name: String, checksum: Bool) -> Contestant {
            Contestant(name: name) {
                var scan = raw_scan()
                try BenchmarkFailure.check(raw_lmdb_scan(files.copy, checksum, &scan), name)
                try files.check(records: scan.records, damaged: scan.damaged)
                return [rate(name, files.count, scan.seconds)]
            }
        }
        func views(_ name: String, _ check: RecordCheck) -> Contestant {
            Contestant(name: name) {
                let log = try EventLog.open(at: files.log)
                var (count, sum) = (0, 0)
                let took = try timed { (count, sum) = try touch(log, check) }
                try files.check(records: Int64(count), damaged: sum == 0 ? 1 : 0)
                return [rate(name, files.count, took.seconds)]
            }
        }
        return Contest(
            [
                views("views, CRC", .checksum), raw("C cursor, CRC", checksum: true),
                views("views", .trust), raw("C cursor", checksum: false),
            ],
            comparisons: [
                Comparison(name: "CRC checked", of: "views, CRC", over: "C cursor, CRC"),
                Comparison(name: "without check", of: "views", over: "C cursor"),
            ])
    }

    /// Folding fills into cash and shares a ticker.
    static let fold = Row(
        name: "fold", title: "typed portfolio fold, CRC checked, beside C"
    ) { setting in
        let files = try ScanFiles(setting)
        return Contest(
            [
                Contestant(name: "typed fold") {
                    let log = try EventLog.open(at: files.log)
                    var folded = FoldedFills()
                    let took = try timed { folded = try FoldedFills(log) }
                    try files.check(folded)
                    return [rate("typed fold", files.count, took.seconds)]
                },
                Contestant(name: "C cursor, CRC") {
                    var scan = raw_scan()
                    try BenchmarkFailure.check(raw_lmdb_scan(files.copy, true, &scan), "scan")
                    return [rate("C cursor, CRC", files.count, scan.seconds)]
                },
                Contestant(name: "C fold, CRC") {
                    var fold = raw_fold()
                    try BenchmarkFailure.check(raw_lmdb_fold(files.copy, &fold), "fold")
                    files.expected = fold
                    return [rate("C fold, CRC", files.count, fold.scan.seconds)]
                },
            ],
            comparisons: [
                Comparison(name: "fold / C cursor", of: "typed fold", over: "C cursor, CRC"),
                Comparison(name: "fold / C fold", of: "typed fold", over: "C fold, CRC"),
            ])
    }

    /// Checking a whole log.
    static let verify = Row(
        name: "verify", title: "verify: checksums, contents, seals, contiguity, all cores"
    ) { setting in
        let files = try ScanFiles(setting)
        return Contest(
            [
                Contestant(name: "verify") {
                    var bytes: UInt64 = 0
                    let took = try timed {
                        let report = try LogVerifier.verify(files.log)
                        guard report.isSound else { throw BenchmarkFailure("\(report)") }
                        bytes = report.bytes
                    }
                    return [
                        Figure(
                            name: "verify", unit: .bytesPerSecond,
                            value: Double(bytes) / took.seconds)
                    ]
                },
                Contestant(name: "C cursor, CRC, one thread") {
                    var scan = raw_scan()
                    try BenchmarkFailure.check(raw_lmdb_scan(files.copy, true, &scan), "scan")
                    return [
                        Figure(
                            name: "C cursor, CRC, one thread", unit: .bytesPerSecond,
                            value: Double(scan.bytes) / scan.seconds)
                    ]
                },
            ],
            comparisons: [
                Comparison(
                    name: "verify / C cursor, one thread", of: "verify",
                    over: "C cursor, CRC, one thread")
            ])
    }

    /// Lends every record and reads a field of it through its view.
    private static func touch(_ log: EventLog, _ check: RecordCheck) throws -> (Int, Int) {
        var (count, sum) = (0, 0)
        try log.read(check: check) { record in
            let header = try MessageHeader(record.message)
            if header.templateID == OrderFilled.templateID {
                sum &+= Int(try OrderFilledView(record.message).quantity.rawValue)
            } else {
                sum &+= Int(try OrderSubmittedView(record.message).quantity.rawValue)
            }
            count += 1
            return .proceed
        }
        return (count, sum)
    }
}

/// A log and its copy: one environment is not opened twice in one process.
private final class ScanFiles {
    let log: String
    let copy: String
    let count: Int
    /// What the C fold came to.
    var expected: raw_fold?
    private let scratch: Scratch

    init(_ setting: Setting) throws {
        count = setting.size(1_000_000, quick: 50_000)
        scratch = setting.scratch
        log = scratch.name("scanned")
        try Logs.build(TradingMessages(count: count), at: log, batch: 1_000)
        copy = try scratch.folder("copy")
        try FileManager.default.copyItem(atPath: "\(log)/data.mdb", toPath: "\(copy)/data.mdb")
    }

    deinit {
        scratch.remove(log)
        scratch.remove(copy)
    }

    func check(records: Int64, damaged: Int64) throws {
        guard records == count, damaged == 0 else {
            throw BenchmarkFailure("\(records) records read of \(count), \(damaged) damaged")
        }
    }

    func check(_ folded: FoldedFills) throws {
        guard let expected else { return }
        guard folded.cash.rawValue == expected.cash, folded.tickers == expected.tickers,
            folded.held == expected.held
        else { throw BenchmarkFailure("the typed fold and the C fold differ") }
    }
}
