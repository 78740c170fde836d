import ArgumentParser
import EventLog
import Events
import Foundation
import Pipeline

/// `recount filers`
struct FilersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "filers",
        abstract: "Who filed, in which spellings, and who may be one person.",
        discussion: """
            Spellings are joined as a run over all facts joins them: by an id in the Biographical \
            Directory, else by name, where chamber and office agree and no other filer fits. \
            --suspects lists pairs that nearly fit, each with the reason why they were not joined. \
            A line of a reference file that gives both names the same bioguide_id joins them.

            Example: recount filers --data DIR --suspects
            """)

    @OptionGroup var data: DataOption
    @Flag(name: .long, help: "Only the pairs of filers that may be one person.")
    var suspects = false
    @Flag(name: .long, help: "One JSON object.") var json = false

    func run() throws {
        let log = try EventLog.open(at: data.folder.log)
        let timeline = try EventLog.open(at: try data.timeline(of: log).path)
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
