import Foundation
import TestKit
import Testing

/// The Python interpreter that has exchange_calendars: `$RECOUNT_PYTHON`, or `python3`.
private let python = ProcessInfo.processInfo.environment["RECOUNT_PYTHON"] ?? "python3"

private let script = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Tools/exchange-calendars.py").path(percentEncoded: false)

private let hasPackage = Commands.run(python, ["-c", "import exchange_calendars"])

@Suite("The exchange's calendar beside PyPI's exchange_calendars")
struct ExchangeCalendarsTests {
    @Test(
        "every session and close from 1990-01-01 to 2028-12-31 is the package's, and no line more",
        .enabled(if: hasPackage, "no Python with exchange_calendars; set RECOUNT_PYTHON to one"))
    func equal() throws {
        let lines = try ExchangeCalendarTests.lines()
        #expect(try isEqual(lines))
        #expect(try !isEqual(lines.dropLast()), "a session that is missing is found")
        let moved = lines.map { $0.replacing("2013-07-03T17", with: "2013-07-03T20") }
        #expect(try !isEqual(moved), "so is a close at another hour")
    }

    private func isEqual(_ lines: [String]) throws -> Bool {
        let folder = TemporaryFolder()
        return Commands.run(
            python, [script, "--check", try folder.write("closes.txt", lines.joined())])
    }
}
