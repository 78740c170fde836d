import ArgumentParser
import Backtest
import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline

/// `recount filers`
struct FilersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "filers",
        abstract: "Who filed, in which spellings, who may be one person, and what each filed.",
        discussion: """
            Spellings are joined as a run over all facts joins them: by an id in the Biographical \
            Directory, else by name, where chamber and office agree and no other filer fits. \
            --suspects lists pairs that nearly fit, each with the reason why they were not joined. \
            A line of a reference file that gives both names the same bioguide_id joins them.

            A NAME, or what else chooses filings, lists the filed rows themselves: of a member by any \
            part of the name that no other filer has. recount report --run RUN --member NAME has what \
            a run made of them.

            Example: recount filers pelosi --data DIR --buys-only
            """)

    @Argument(
        help: ArgumentHelp("A filer whose rows are listed, by name or id.", valueName: "name"))
    var name: String?

    @OptionGroup var data: DataOption
    @OptionGroup var filter: FilterOption
    @Flag(name: .long, help: "Only the pairs of filers that may be one person.")
    var suspects = false
    @Flag(name: .long, help: "One JSON object.") var json = false

    mutating func validate() throws {
        if let name { filter.member.append(name) }
        guard try !suspects || filter.isEmpty else {
            throw ValidationError("--suspects are of all filers; leave out what chooses filings")
        }
    }

    func run() throws {
        let log = try EventLog.open(at: data.folder.log)
        let timeline = try EventLog.open(at: try data.timeline(of: log).path)
        guard try filter.isEmpty else { return try listRows(timeline) }
        let book = try Progress.working("reading the filings") { try FilerBook(timeline) }
        if json { return print(all(book)) }
        if suspects {
            for pair in book.suspects { print(line(pair)) }
        } else {
            for filer in book.filers { print(line(filer)) }
        }
        print(
            "\(count(book.filers.count, "filer")) in \(count(book.spellings, "spelling")) of name, "
                + "id, chamber and office; \(count(book.suspects.count, "pair")) may be one person"
                + (book.suspects.isEmpty || suspects ? "" : ": see --suspects"))
    }

    /// Prints the filed rows that are chosen.
    private func listRows(_ timeline: EventLog) throws {
        let filter = try filter.named(over: timeline)
        let list = try Progress.working("reading the filings") {
            try FilingList(filter, of: timeline)
        }
        guard json else {
            print(FilteredTrades.table(list.rows, atMost: 1_000))
            let left = list.counts.reasons.map { "\($0.rows) \($0.reason.words)" }
            return print(
                "\(count(list.rows.count, "row")) of \(filter.words), of \(list.counts.rows)"
                    + (left.isEmpty ? "" : "; left out: \(left.joined(separator: ", "))"))
        }
        var object = JSONObject()
        object.text("filter", filter.words)
        object.integer("rows", list.counts.rows)
        object.json("filings", FilteredTrades.json(list.rows))
        print(object.text)
    }

    private func line(_ filer: FilerBook.Entry) -> String {
        let others = filer.spellings.filter { $0.name != filer.name }.map {
            "\($0.name)\($0.rows == 0 ? "" : " (\($0.rows))")"
        }
        return "\(describe(filer)), \(count(filer.rows, "row"))"
            + (others.isEmpty ? "" : "; also \(others.joined(separator: "; "))")
    }

    private func line(_ pair: FilerBook.Suspects) -> String {
        func side(_ filer: FilerBook.Entry) -> String {
            describe(filer) + (filer.rows == 0 ? ", no rows" : ", \(count(filer.rows, "row"))")
        }
        return "\(pair.reason.rawValue): \(side(pair.first)) / \(side(pair.second))"
    }

    private func count(_ number: Int, _ word: String) -> String {
        "\(number) \(word)\(number == 1 ? "" : "s")"
    }

    private func describe(_ filer: FilerBook.Entry) -> String {
        let seat = filer.chambers.map { "\($0)" } + filer.offices
        let words: [String?] = [
            filer.name, seat.isEmpty ? nil : seat.joined(separator: " "),
            filer.party.map { "\($0)" }, filer.bioguide,
        ]
        return words.compactMap { $0 }.joined(separator: ", ")
    }

    private func all(_ book: FilerBook) -> String {
        var object = JSONObject()
        if !suspects {
            object.json("filers", JSONObject.list(book.filers.map { self.object($0) }))
        }
        object.json(
            "suspects",
            JSONObject.list(
                book.suspects.map { pair in
                    var suspect = JSONObject()
                    suspect.text("reason", pair.reason.rawValue)
                    suspect.json("first", self.object(pair.first))
                    suspect.json("second", self.object(pair.second))
                    return suspect.text
                }))
        return object.text
    }

    private func object(_ filer: FilerBook.Entry) -> String {
        var object = JSONObject()
        object.text("name", filer.name)
        object.json("chambers", JSONObject.list(filer.chambers.map { JSONText.quoted("\($0)") }))
        object.json("offices", JSONObject.list(filer.offices.map { JSONText.quoted($0) }))
        object.text("party", filer.party.map { "\($0)" })
        object.text("bioguide_id", filer.bioguide)
        object.integer("rows", filer.rows)
        object.json(
            "spellings",
            JSONObject.list(
                filer.spellings.map { spelling in
                    var object = JSONObject()
                    object.text("name", spelling.name)
                    object.integer("rows", spelling.rows)
                    return object.text
                }))
        return object.text
    }
}
