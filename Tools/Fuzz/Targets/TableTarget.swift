import Events
import Ingest

/// Files of bars, index closes, reference facts and exclusions.
enum TableTarget {
    static let prices = FuzzTarget(name: "prices") { bytes in
        try check(bytes) { path, writer, onReject in
            try PriceImporter(
                writer, options: .init(), onReject: onReject, onProgress: { _, _ in }
            ).run(path)
        }
    }

    static let index = FuzzTarget(name: "index") { bytes in
        try check(bytes) { path, writer, onReject in
            try IndexImporter(writer, series: .market, symbol: "SPY", onReject: onReject).run(path)
        }
    }

    static let reference = FuzzTarget(name: "reference") { bytes in
        try check(bytes) { path, writer, onReject in
            try ReferenceImporter(writer, onReject: onReject).run(path)
        }
    }

    /// The exclusions' file is the input; the bars are these.
    static let exclusions = FuzzTarget(name: "exclusions") { bytes in
        let file = InputInMemory(bytes)
        var options = PriceImporter.Options()
        do {
            options.exclusions = try Exclusions(file: file.path)
        } catch let error as IngestError {
            try demand(!error.message.isEmpty, "a refusal says why")
            return
        }
        let settings = options
        let bars = """
            ticker,date,open,high,low,close,volume
            AAPL,2019-01-02,36.8,37.7,36.6,37.5,100
            MSFT,2019-01-02,1,2,0.5,1.5,10
            AAPL,2019-01-03,1,2,0.5,1.5,0

            """
        try check(Array(bars.utf8)) { path, writer, onReject in
            let report = try PriceImporter(
                writer, options: settings, onReject: onReject, onProgress: { _, _ in }
            ).run(path)
            try demand(
                report.rejected == report.count(.excluded), "good bars are left out when asked")
            return report
        }
    }

    private static func check(
        _ bytes: [UInt8],
        _ importer: (String, IngestWriter, @escaping (RejectedRow) throws -> Void) throws ->
            FileReport
    ) throws {
        let file = InputInMemory(bytes)
        let path = file.path
        try ImportOracle.check { writer, onReject in try importer(path, writer, onReject) }
        withExtendedLifetime(file) {}
    }
}
