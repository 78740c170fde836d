import EventLog
import Events
import Foundation
import Testing

@testable import Ingest

/// Files of bars, filings and indices in the shapes of their sources, about five of each, and what
/// each gives: `Shapes/shapes.json`, written by hand from the sources' documentation and with what
/// they gave read line by line.
@Suite("Files in the shapes of their sources")
struct ShapeTableTests {
    struct Shape: Decodable, Sendable, CustomTestStringConvertible {
        var file: String
        var kind: String
        var arguments: [String]
        var text: [String]
        var facts: [String]
        var rejected: [String: Int]
        /// How the refusal begins; empty for a file that is read.
        var refusal: String

        var testDescription: String { file }
    }

    static let shapes: [Shape] = {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Shapes/shapes.json")
        guard let data = try? Data(contentsOf: path),
            let shapes = try? JSONDecoder().decode([Shape].self, from: data)
        else { return [] }
        return shapes
    }()

    @Test("there are five of each source and more")
    func complete() {
        let kinds = Self.shapes.map(\.kind)
        #expect(kinds.count { $0 == "prices" } >= 55)
        #expect(kinds.count { $0 == "disclosures" } >= 34)
        #expect(kinds.count { $0 == "index" } >= 14)
        #expect(Self.shapes.count { !$0.refusal.isEmpty } >= 14)
    }

    @Test(
        "every row becomes the fact that it says, or is left out for its reason", arguments: shapes)
    func facts(_ shape: Shape) throws {
        let bench = try Bench()
        let path = try bench.file(shape.text.joined(separator: "\n"), name: shape.file)
        do {
            let report = try read(shape, path, bench)
            #expect(shape.refusal.isEmpty, "it was to be refused")
            var rejected: [String: Int] = [:]
            for reason in report.reasons { rejected["\(reason.reason)"] = reason.count }
            #expect(rejected == shape.rejected)
        } catch let error as IngestError {
            #expect(!shape.refusal.isEmpty && error.message.contains(shape.refusal), "\(error)")
        }
        #expect(try facts(in: bench) == shape.facts)
    }

    private func read(_ shape: Shape, _ path: String, _ bench: Bench) throws -> FileReport {
        let dates =
            shape.arguments.first == "--dates" ? DateOrder(rawValue: shape.arguments[1]) : nil
        var options = PriceImporter.Options()
        options.dates = dates
        switch shape.kind {
        case "prices": return try bench.prices(path, options)
        case "disclosures": return try bench.disclosures(path, DisclosureOptions(dates: dates))
        default:
            return try IndexImporter(
                bench.writer(), series: .market, symbol: "SPY", onReject: { _ in }
            ).run(path)
        }
    }

    private func facts(in bench: Bench) throws -> [String] {
        var lines: [String] = []
        try bench.log.read { record in
            switch try MessageHeader(record.message).templateID {
            case SessionClosed.templateID:
                let session = try SessionClosed(message: record.message)
                lines += session.bars.map { bar in
                    let numbers = [bar.open, bar.high, bar.low, bar.close, bar.volume]
                    return "\(bar.ticker) \(session.day) "
                        + numbers.map(number).joined(separator: " ")
                }
            case IndexClosed.templateID:
                let close = try IndexClosed(message: record.message)
                lines.append("\(close.day) \(number(close.close)) \(number(close.adjustedClose))")
            case DisclosureFiled.templateID:
                let row = try DisclosureFiled(message: record.message)
                lines.append(
                    line(
                        row.filer, "\(row.side) \(row.ticker)", row.tradedOn, row.filedOn,
                        row.amountLow, row.amountHigh,
                        [
                            row.chamber.map { "\($0)" }, row.party.map { "\($0)" }, "\(row.owner)",
                            row.office, row.bioguide, row.filingID,
                        ]))
            case DisclosureAmended.templateID:
                let row = try DisclosureAmended(message: record.message)
                let plain = line(
                    row.filer, "\(row.side) \(row.ticker)", row.tradedOn, row.filedOn,
                    row.amountLow, row.amountHigh,
                    [
                        row.chamber.map { "\($0)" }, row.party.map { "\($0)" }, "\(row.owner)",
                        row.office, row.bioguide, row.filingID,
                    ])
                lines.append(plain + " | amends")
            default: break
            }
            return .proceed
        }
        return lines
    }

    private func line(
        _ filer: String, _ trade: String, _ traded: Day, _ filed: Day, _ low: Money?,
        _ high: Money?, _ rest: [String?]
    ) -> String {
        let band = "\(number(low?.dollars))..\(number(high?.dollars))"
        return ([filer, trade, "\(traded)", "\(filed)", band] + rest.map { $0 ?? "None" })
            .joined(separator: " | ")
    }

    private func number(_ value: Double?) -> String {
        guard let value else { return "None" }
        return value == value.rounded() ? "\(Int(value))" : "\(value)"
    }
}
