import Events
import Foundation
import Testing

@testable import Simulation

@Suite("A simulated world")
struct WorldTests {
    @Test("exponential and logarithm agree with the C library's to the last bits")
    func elementary() {
        for step in -4_000...4_000 {
            let value = Double(step) * 0.0123
            let power = PortableMath.exp(value)
            #expect((power / exp(value) - 1).magnitude < 1e-15, "exp \(value)")
            #expect((PortableMath.log(power) - value).magnitude < 2e-14, "log exp \(value)")
        }
        for value in [1e-300, 0.5, 0.999_999, 1, 1.000_001, 1.414_213_56, 2, 1e300] {
            let difference = PortableMath.log(value) - log(value)
            #expect(difference.magnitude <= 1e-15 * max(1, log(value).magnitude), "log \(value)")
        }
    }

    @Test("a factor of any variance is expected to be 1, and to have that variance")
    func factors() {
        for (number, variance) in [0.0025, 0.01, 0.04].enumerated() {
            var chance = ChanceStream(seed: 1, .path, number)
            let logarithms = (0..<100_000).map { _ in chance.factor(variance: variance) }
            let gross = moments(logarithms.map { PortableMath.exp($0) })
            #expect((gross.mean - 1).magnitude < 3 * gross.error, "\(gross)")
            let spread = moments(logarithms).error * Double(logarithms.count).squareRoot()
            #expect((spread / variance.squareRoot() - 1).magnitude < 0.01)
        }
    }

    @Test("the same arguments make the same bytes, and another seed makes others")
    func determinism() throws {
        let parameters = SimulationParameters(seed: 4, years: 1, tickers: 12, edge: 40)
        let first = try bytes(parameters)
        #expect(first.names.count == 10)
        let again = try bytes(parameters)
        #expect(first.files == again.files)
        var other = parameters
        other.seed = 5
        for (file, changed) in zip(first.files, try bytes(other).files) {
            #expect(file != changed)
        }
    }

    private static let recorded = """
        prices.csv 36a783fc0f8131d4800ca8f9a5701fdf901f531ca9a3ea29736e082f3c6a6105
        prices_adjusted.csv b680e2686f58390085a1c2678ecf865a081adaf97e2a0af1f9bf79c86d60b514
        disclosures_normalized.csv 79b535e55f0f14a36c9582f94f3d394c63f2525d78bef2f2783263260855f556
        disclosures_senate.json 3b9bdedaf9ab9cdbb9f7156aab7e829ddae652cd0ffc8b40ac33bea778c8969a
        disclosures_congress.csv 4c77f470689f59b78132ab320c93ada6fe1af80b98388c6cc13d67784583023c
        index.csv 82b978aeb785f238ce8104232138954c56934c022d3b3a94686e6925795d5ec6
        vix.csv fb71bd2e0dbf06422590758932a60b72aa9763d281cb2a1bf0a1421b2507f204
        sectors.csv 58caa6f61ac2db97a3653b65fca4771d45d0f647def5abad329f1fe56b46809b
        legislators.csv a1361b8054b63084875c3c9dca24db52a017473139affb3326843be00705d1b7

        """

    @Test("a world's bytes are those of record, on every machine")
    func record() throws {
        let files = try WrittenWorld(SimulationParameters(seed: 1, years: 1, tickers: 10, edge: 25))
        var text = ""
        for file in files.written.files { text += "\(file.name) \(file.sha256)\n" }
        // What is simulated changed on purpose when this fails: raise the truth file's version.
        #expect(text == WorldTests.recorded)
    }

    @Test("prices are the same in the files and in the process")
    func values() throws {
        let parameters = SimulationParameters(seed: 4, years: 1, tickers: 12)
        let world = SimulatedWorld(parameters)
        let text = String(decoding: try bytes(parameters).files[0], as: UTF8.self)
        let number = try #require(world.companies.firstIndex { !$0.isAdjusted })
        let bar = world.prices(of: number).bars[0]
        let row = text.split(separator: "\n")[1].split(separator: ",")
        #expect(row[0] == "\(world.companies[number].ticker)")
        #expect(row[1] == "\(world.calendar.sessions[0])")
        let close = try #require(Double(row[5]))
        #expect((close - bar.close).magnitude <= 0.000_051)
    }

    private func bytes(_ parameters: SimulationParameters) throws -> MemorySink {
        var sink = MemorySink()
        _ = try WorldFiles.write(SimulatedWorld(parameters), into: &sink)
        return sink
    }

    @Test("sessions are weekdays without the exchange's holidays")
    func calendar() throws {
        let calendar = TradingCalendar(years: 8)
        for (year, count) in [(2014, 252), (2015, 252), (2016, 252), (2017, 251), (2019, 252)] {
            #expect(calendar.sessions.count { $0.civil.year == year } == count, "\(year)")
        }
        let closed = [
            "2012-01-02", "2012-04-06", "2013-01-21", "2014-07-04", "2015-07-03", "2016-05-30",
            "2017-11-23", "2018-03-30", "2019-12-25", "2019-06-01",
        ]
        for text in closed {
            let day = try #require(Day(text))
            #expect(!calendar.sessions.contains(day), "\(text)")
        }
        let eve = try #require(Day("2012-12-24"))
        #expect(calendar.sessions.contains(eve))
        // A filing of a Wednesday is traded on Thursday, one of a Friday or Saturday on Monday.
        let cases = [
            ("2012-01-04", "2012-01-05"), ("2012-01-06", "2012-01-09"),
            ("2012-01-07", "2012-01-09"),
        ]
        for (filed, opens) in cases {
            let session = calendar.firstOpen(afterFilingOn: try #require(Day(filed)))
            #expect(calendar.sessions[try #require(session)] == Day(opens))
        }
    }

    @Test("lags are as measured: median 29 days, 95 % within 180, a sixth later than 45")
    func lags() {
        let world = SimulatedWorld(SimulationParameters(seed: 2, years: 8, tickers: 120))
        let rows = world.filings.filter { $0.role == .first }
        let lags = rows.map { $0.filed - $0.traded }.sorted()
        #expect(rows.count > 5_000)
        #expect((27...31).contains(lags[lags.count / 2]))
        #expect((150...215).contains(lags[lags.count * 95 / 100]))
        let late = Double(lags.count { $0 > 45 }) / Double(lags.count)
        #expect((0.13...0.19).contains(late))
        let weekend = Double(rows.count { $0.filed.isoWeekday > 5 }) / Double(rows.count)
        #expect((0.06...0.10).contains(weekend))
        #expect(rows.allSatisfy { $0.traded.isoWeekday <= 5 && $0.traded <= $0.filed })
    }

    @Test("one files a third of all, a fifth are skilled, and nothing else tells them apart")
    func filers() {
        let world = SimulatedWorld(
            SimulationParameters(seed: 2, years: 8, tickers: 120, edge: 50))
        let rows = world.filings.filter { $0.role == .first }
        var counts = Array(repeating: 0, count: world.people.count)
        for row in rows { counts[row.person] += 1 }
        let largest = Double(counts.max() ?? 0) / Double(rows.count)
        #expect((0.28...0.38).contains(largest))
        #expect(world.skilled.count == world.people.count / 5)
        let mean = rows.reduce(0) { $0 + world.edge(of: $1) } / Double(rows.count)
        #expect((0.0049...0.0051).contains(mean), "50 basis points a filing")
        let skilled = rows.filter { world.skilled.contains($0.person) }
        let others = rows.filter { !world.skilled.contains($0.person) }
        let attributes: [(SimulatedFiling) -> Bool] = [
            { $0.transaction == .purchase }, { $0.band == 0 }, { $0.filed - $0.traded > 29 },
            { $0.owner == 0 },
        ]
        for (number, attribute) in attributes.enumerated() {
            let one = Double(skilled.count(where: attribute)) / Double(skilled.count)
            let two = Double(others.count(where: attribute)) / Double(others.count)
            // Rows of one document share a lag, so that there is less to go by than rows.
            let error = (one * (1 - one) * (3 / Double(skilled.count))).squareRoot()
            #expect((one - two).magnitude < 4 * error, "attribute \(number)")
        }
    }

    @Test("bars stop at a delisting, ranges hold the open and the close, some volumes are zero")
    func bars() {
        let world = SimulatedWorld(SimulationParameters(seed: 6, years: 4, tickers: 60))
        let last = world.calendar.sessions.count - 1
        var delisted = 0
        var idle = 0
        for number in world.companies.indices {
            let bars = world.prices(of: number).bars
            #expect(bars.count == world.companies[number].lastSession + 1)
            if bars.count <= last { delisted += 1 }
            idle += bars.count { $0.volume == 0 }
            #expect(
                bars.allSatisfy {
                    $0.low <= min($0.open, $0.close) && $0.high >= max($0.open, $0.close)
                        && $0.low > 0
                })
        }
        #expect((1...9).contains(delisted))
        #expect(idle > 0)
    }
}
