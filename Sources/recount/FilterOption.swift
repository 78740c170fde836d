import ArgumentParser
import EventLog
import FeedbackLoop
import Pipeline

/// Whose filings are meant: the settings `follow_…` of strategies, as options.
struct FilterOption: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("A filer, by name or id; may be repeated.", valueName: "name"))
    var member: [String] = []
    @Option(name: .long, help: ArgumentHelp("house or senate.", valueName: "chamber"))
    var chamber: String?
    @Option(
        name: .long,
        help: ArgumentHelp("democrat, republican, independent or other.", valueName: "party"))
    var party: String?
    @Option(
        name: .long,
        help: ArgumentHelp("On which the filer sat then, by name or letters.", valueName: "name"))
    var committee: String?
    @Option(name: .long, help: ArgumentHelp("self, spouse, child or joint.", valueName: "owner"))
    var owner: String?
    @Flag(name: .long, help: "Purchases alone.") var buysOnly = false
    @Option(
        name: .long,
        help: ArgumentHelp("Least dollars at which the filed band begins.", valueName: "dollars"))
    var leastBand: String?

    func validate() throws { _ = try filter }

    /// The filter, as it was written.
    var filter: FilingFilter {
        get throws {
            var filter = FilingFilter()
            let given: [(option: String, key: String, value: String?)] = [
                (
                    "member", "follow_members",
                    member.isEmpty ? nil : member.joined(separator: "; ")
                ),
                ("chamber", "follow_chamber", chamber), ("party", "follow_party", party),
                ("committee", "follow_committee", committee), ("owner", "follow_owner", owner),
                ("buys-only", "follow_buys_only", buysOnly ? "true" : nil),
                ("least-band", "follow_least_band", leastBand.map(plain)),
            ]
            for (option, key, value) in given {
                guard let value, let field = FilingFilter.fields.first(where: { $0.key == key })
                else { continue }
                if let problem = field.set(&filter, value) {
                    throw ValidationError("--\(option) \(value): \(problem)")
                }
            }
            return filter
        }
    }

    /// Whether nothing is asked for.
    var isEmpty: Bool { get throws { try filter.isEverybody } }

    /// The filter with its members named as the filings of a timeline name them.
    func named(over timeline: EventLog) throws -> FilingFilter {
        try filter.named(over: timeline)
    }

    /// `$15,000` as a number.
    private func plain(_ dollars: String) -> String {
        dollars.filter { $0 != "$" && $0 != "," }
    }
}
