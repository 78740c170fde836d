import Foundation
import Learning
import TestKit
import Testing

/// The Python interpreter that has pandas: `$RECOUNT_PYTHON`, or `python3`.
private let python = ProcessInfo.processInfo.environment["RECOUNT_PYTHON"] ?? "python3"

private let script = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Tools/check-features.py").path(percentEncoded: false)

private let hasPandas = Commands.run(python, ["-c", "import pandas"])

@Suite("Price features beside pandas")
struct PandasTests {
    private static let checked: [(name: String, value: @Sendable (PriceWindow) -> Double)] = [
        ("return_5", { $0.simpleReturn(5) }), ("return_20", { $0.simpleReturn(20) }),
        ("return_60", { $0.simpleReturn(60) }), ("return_252", { $0.simpleReturn(252) }),
        ("volatility_20", { $0.volatility(20) }), ("rsi_14", { $0.relativeStrength(14) }),
        ("macd", { $0.convergence(12, 26) }), ("bollinger_position", { $0.bandPosition(20) }),
        ("volume_ratio", { $0.volumeRatio(20) }), ("drawdown_from_high", { $0.drawdown(252) }),
    ]

    /// The CSV that the script reads: every indicator after every bar, over the latest 253 bars.
    private func table(_ series: [(name: String, closes: [Double], volumes: [Double])]) -> String {
        var text =
            (["series", "close", "volume"] + Self.checked.map(\.name))
            .joined(separator: ",") + "\n"
        for (name, closes, volumes) in series {
            for end in 1...closes.count {
                let start = max(0, end - 253)
                let window = PriceWindow(
                    closes: Array(closes[start..<end]), volumes: Array(volumes[start..<end]))
                let values = Self.checked.map { _, value in
                    let value = value(window)
                    return value.isNaN ? "" : "\(value)"
                }
                let fields = [name, "\(closes[end - 1])", "\(volumes[end - 1])"] + values
                text += fields.joined(separator: ",") + "\n"
            }
        }
        return text
    }

    private func check(_ text: String) throws -> Bool {
        let folder = TemporaryFolder()
        return Commands.run(python, [script, try folder.write("features.csv", text)])
    }

    private static func walk(seed: UInt64, bars: Int) -> (closes: [Double], volumes: [Double]) {
        var generator = SeededGenerator(seed: seed)
        var price = Double.random(in: 5...500, using: &generator)
        var closes: [Double] = []
        var volumes: [Double] = []
        for _ in 0..<bars {
            price *= 1 + Double.random(in: -0.04...0.0405, using: &generator)
            closes.append((price * 10_000).rounded() / 10_000)
            volumes.append(Double(Int.random(in: 1...5_000_000, using: &generator)))
        }
        return (closes, volumes)
    }

    @Test("on random prices every value agrees to 1e-9", .enabled(if: hasPandas))
    func randomPrices() throws {
        let series = (1...3).map { number in
            let (closes, volumes) = Self.walk(seed: UInt64(number), bars: 400)
            return ("S\(number)", closes, volumes)
        }
        #expect(try check(table(series)))
    }

    @Test("a value that is off by a millionth is found", .enabled(if: hasPandas))
    func teeth() throws {
        let (closes, volumes) = Self.walk(seed: 9, bars: 60)
        var lines = table([("S", closes, volumes)]).split(separator: "\n").map(String.init)
        var fields = lines[50].split(separator: ",", omittingEmptySubsequences: false)
            .map(String.init)
        let place = 3 + 5
        fields[place] = "\((Double(fields[place]) ?? 0) + 1e-6)"
        lines[50] = fields.joined(separator: ",")
        #expect(try !check(lines.joined(separator: "\n") + "\n"))
    }

    @Test(
        "on the fixture's real prices every value agrees to 1e-9",
        .enabled(if: hasPandas && RealData.folder != nil, "\(RealData.skipped)"))
    func realPrices() throws {
        let path = "\(RealData.folder ?? "")/fixtures/prices_40t_2019_2020.csv"
        let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        var series: [(name: String, closes: [Double], volumes: [Double])] = []
        for row in rows.dropFirst() {
            let fields = row.split(separator: ",", omittingEmptySubsequences: false)
            guard let close = Double(fields[5]), let volume = Double(fields[6]) else { continue }
            let name = String(fields[0])
            if series.last?.name != name { series.append((name, [], [])) }
            series[series.count - 1].closes.append(close)
            series[series.count - 1].volumes.append(volume)
        }
        #expect(series.count == 40)
        #expect(try check(table(series)))
    }
}
