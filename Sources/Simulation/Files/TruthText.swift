import Events

/// The truth about a world as JSON: what no file of it says.
struct TruthText {
    /// The version of this format.
    static let version = 1

    private var buffer = TextBuffer()

    var bytes: [UInt8] { buffer.bytes }

    init(_ world: borrowing SimulatedWorld, _ written: WorldFiles.Written) {
        buffer.text("{\n  \"format\": \"recount-simulated-truth\",\n")
        buffer.text("  \"version\": \(TruthText.version),\n")
        parameters(world.parameters)
        buffer.text("  \"edge_meaning\": ")
        buffer.text(
            """
            "logarithm of the expected price over the index from the first open after a filing is \
            known to the 42nd close from there, in its direction; the mean logarithm itself is \
            lower by half the excess's variance",\n
            """)
        extent(world)
        buffer.text("  \"skilled\": [\n")
        for (place, number) in world.skilled.enumerated() {
            let person = world.people[number]
            buffer.text(
                """
                \(place == 0 ? "" : ",\n")    \
                {"name": "\(person.name)", "bioguide": "\(person.bioguide)"}
                """)
        }
        buffer.text("\n  ],\n")
        edges(written.tally)
        files(written.files)
        buffer.text("}\n")
    }

    private mutating func parameters(_ parameters: SimulationParameters) {
        buffer.text(
            """
              "parameters": {"seed": \(parameters.seed), "years": \(parameters.years), \
            "tickers": \(parameters.tickers), "edge_bp": \(parameters.edge), \
            "edge_kind": "\(parameters.edgeKind.rawValue)", \
            "regime_drift": \(parameters.hasRegimeDrift)},\n
            """)
    }

    private mutating func extent(_ world: borrowing SimulatedWorld) {
        let sessions = world.calendar.sessions
        let delisted = world.companies.count { $0.lastSession < sessions.count - 1 }
        buffer.text(
            """
              "world": {"sessions": \(sessions.count), "first_session": "\(sessions[0])", \
            "last_session": "\(sessions[sessions.count - 1])", "filers": \(world.people.count), \
            "delisted": \(delisted), \
            "carrying_filings": \(world.filings.count { $0.role == .first })},\n
            """)
    }

    private mutating func edges(_ tally: EdgeTally) {
        buffer.text("  \"edges\": [\n")
        for (place, kind) in tally.kinds.enumerated() {
            buffer.text(
                """
                \(place == 0 ? "" : ",\n")    {"kind": "\(kind.name)", \
                "whole_windows": \(kind.count), "planted_bp": \(number(kind.planted)), \
                "realised_bp": \(number(kind.realised)), \
                "standard_error_bp": \(number(kind.standardError))}
                """)
        }
        buffer.text("\n  ],\n")
    }

    private mutating func files(_ files: [FileAccount]) {
        buffer.text("  \"files\": [\n")
        for (place, file) in files.enumerated() {
            let refused = file.refused.map { "\"\($0.reason)\": \($0.count)" }
            buffer.text(
                """
                \(place == 0 ? "" : ",\n")    {"name": "\(file.name)", \
                "sha256": "\(file.sha256)", "rows": \(file.rows), "accepted": \(file.accepted), \
                "repeats": \(file.repeats), "amendments": \(file.amendments), \
                "withdrawals": \(file.withdrawals), "zero_volume": \(file.idleBars), \
                "refused": {\(refused.joined(separator: ", "))}}
                """)
        }
        buffer.text("\n  ]\n")
    }

    /// Two decimals, or null.
    private func number(_ value: Double?) -> String {
        guard let value else { return "null" }
        let hundredths = Int(value * 100 + (value < 0 ? -0.5 : 0.5))
        let digits = String(abs(hundredths) % 100 + 100).dropFirst()
        return "\(hundredths < 0 ? "-" : "")\(abs(hundredths) / 100).\(digits)"
    }
}
