public import Events

/// Bars that are known bad, by ticker and dates.
public struct Exclusions: Sendable {
    private var ranges: [Ticker: [ClosedRange<Day>]] = [:]
    /// SHA-256 of the file; zero without one.
    public let digest: Digest

    /// Excludes nothing.
    public init() {
        digest = .zero
    }

    /// Reads a CSV of ticker, from, to (ends included; empty means open).
    public init(file name: String) throws {
        digest = try InputFile.contentDigest(name)
        var reader = CSVReader(try InputFile(name))
        guard try reader.advance() else {
            throw IngestError(.unknownHeader, file: name, "has no header line")
        }
        let header = (0..<reader.count).map { reader.text($0).lowercased() }
        guard let ticker = header.firstIndex(of: "ticker"),
            let from = header.firstIndex(of: "from"), let to = header.firstIndex(of: "to")
        else {
            throw IngestError(
                .unknownHeader, file: name,
                "line 1: columns ticker, from and to are needed, found "
                    + header.joined(separator: ", "))
        }
        while try reader.advance() {
            let line = reader.line
            guard reader.count == header.count, let symbol = Ticker(reader.text(ticker)) else {
                throw IngestError(.wrongFormat, file: name, "line \(line): bad ticker; mend it")
            }
            let first = try Exclusions.day(reader.text(from), Day(rawValue: .min), name, line)
            let last = try Exclusions.day(reader.text(to), Day(rawValue: .max), name, line)
            guard first <= last else {
                throw IngestError(
                    .wrongFormat, file: name, "line \(line): from is after to; mend it")
            }
            ranges[symbol, default: []].append(first...last)
        }
    }

    /// Whether a bar is excluded.
    func contains(_ ticker: Ticker, _ day: Day) -> Bool {
        guard let ranges = ranges[ticker] else { return false }
        return ranges.contains { $0.contains(day) }
    }

    private static func day(_ text: String, _ open: Day, _ name: String, _ line: Int) throws
        -> Day
    {
        if text.isEmpty { return open }
        guard let day = DateText.day(text) else {
            throw IngestError(
                .wrongFormat, file: name, "line \(line): \"\(text)\" is no date; write YYYY-MM-DD")
        }
        return day
    }
}
