import Application
import ArgumentParser
import EventLog
import Events
import Foundation
import Projections

/// `recount at`
struct AtCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "at",
        abstract: "A read model as it stood at a moment of the past, whole or one row.",
        discussion: """
            WHEN is a date (after the cycle of its session), an instant, an event (r45 or t123), a \
            position (events of timeline and run together) or end. \(EventArgument.explained) KEY is a row's \
            key, its id or its ticker. The first question about a read model brings it up to the \
            head of the log and makes its history under views/NAME/history, which later ones use \
            and which may be deleted.

            Example: recount at 2018-06-29 portfolio AAPL --data DIR --run first
                     recount at r4711 model-registry --data DIR --run first --json
                     recount at 2018-06-29 signals --data DIR --run first --sqlite then.sqlite
            """)

    @Argument(help: "The moment.") var when: String
    @Argument(help: "\(ProjectionCatalogue.names.joined(separator: ", ")).")
    var projection: String
    @Argument(help: "Only rows of this key, id or ticker.") var key: String?
    @OptionGroup var option: HistoryOption
    @Option(name: .long, help: ArgumentHelp("Only this table.", valueName: "name"))
    var table: String?
    @Option(
        name: .long, help: ArgumentHelp("At most so many rows of each table.", valueName: "rows"))
    var limit: Int?
    @Flag(name: .long, help: "Print one JSON object.") var json = false
    @Option(
        name: .long,
        help: ArgumentHelp("Write the rows into a new SQLite file instead.", valueName: "file"))
    var sqlite: String?
    @Flag(
        name: .long,
        help: "Fold the log from its first event up to the moment as well, and compare the digests."
    )
    var check = false

    func validate() throws {
        guard !History.tables(of: projection).isEmpty else {
            throw ValidationError(ProjectionCatalogue.unknown(projection))
        }
        if let table, !History.tables(of: projection).contains(table) {
            let tables = History.tables(of: projection)
            throw ValidationError(
                "--table \(table): \(projection) has " + tables.joined(separator: ", ")
                    + Suggestion.question(table, tables))
        }
        if let limit, limit < 1 { throw ValidationError("--limit \(limit): takes 1 or more") }
        if sqlite != nil, json || key != nil || table != nil || limit != nil {
            throw ValidationError("--sqlite writes the whole read model; leave the rest out")
        }
    }

    func run() throws {
        if let sqlite {
            try OutputFile.check(
                sqlite, option: "--sqlite", inputs: [], data: option.data.folder)
        }
        let history = try option.open()
        let position = try option.position(when, in: history)
        try option.ensure([projection], through: position.position, in: history)
        let moment = try ViewMoment(position, in: history)
        if let sqlite {
            try write(sqlite, history, moment)
        } else if json {
            try printObject(history, moment)
        } else {
            try printTables(history, moment)
        }
        if check { try compare(history, position.position) }
    }

    private var tables: [String] { table.map { [$0] } ?? History.tables(of: projection) }

    private func printTables(_ history: History, _ moment: ViewMoment) throws {
        var output = Output()
        output.line("\(projection) of \(history.view.name) as of \(when): \(moment.text)")
        var shown = 0
        for name in tables {
            var table = TextTable(showsOneRowUpright: true)
            var count = 0
            let isShort = try history.rows(
                of: name, in: projection, at: moment.position.position, named: key, limit: limit
            ) {
                table.columns = $0
            } row: {
                if count == 0 { output.line("\n\(name)") }
                count += 1
                table.add($0, to: &output)
            }
            shown += count
            if count > 0 {
                table.finish(&output)
            } else if key == nil {
                output.line("\n\(name): no rows")
            }
            if isShort { output.line("… there are more rows than --limit \(limit ?? 0)") }
        }
        output.flush()
        if let key, shown == 0 {
            var text = "\(projection) had no row of \(key) at that moment"
            // A name may also be an id or the name of a filer.
            if Ticker(Ticker.folded(key)) != nil, EventArgument(argument: key) == nil {
                let known = try KnownTickers(
                    history.view.merged.timeline ?? history.view.merged.log)
                if !known.contains(key) { text += "; \(known.refusal(of: key))" }
            }
            note(text)
            throw ExitCode(1)
        }
    }

    private func printObject(_ history: History, _ moment: ViewMoment) throws {
        var output = Output()
        output.write(
            "{\"projection\":\(JSONText.quoted(projection)),"
                + "\"view\":\(JSONText.quoted(history.view.name)),"
                + "\"as_of\":\(moment.json),\"tables\":{")
        for (index, table) in tables.enumerated() {
            output.write("\(index == 0 ? "" : ",")\(JSONText.quoted(table)):[")
            var (names, isFirst) = ([String](), true)
            try history.rows(
                of: table, in: projection, at: moment.position.position, named: key, limit: limit
            ) {
                names = $0
            } row: {
                output.write("\(isFirst ? "" : ",")\(RowText.object(names, $0))")
                isFirst = false
            }
            output.write("]")
        }
        output.write("}}\n")
        output.flush()
    }

    private func write(_ path: String, _ history: History, _ moment: ViewMoment) throws {
        let beside = "\(path).writing-\(getpid())"
        unlink(beside)
        defer { unlink(beside) }
        try history.write(projection, at: moment.position.position, to: beside)
        guard rename(beside, path) == 0 else {
            throw OutputRefusal(.cannotCreate, "\(path): \(String(cString: strerror(errno)))")
        }
        print("\(projection) of \(history.view.name) as of \(when) is in \(path): \(moment.text)")
    }

    /// Compares with one fold from the first event on.
    private func compare(_ history: History, _ position: UInt64) throws {
        let stored = try history.digest(of: projection, at: position)
        let folded = try history.foldedDigest(of: projection, at: position)
        guard stored == folded else {
            note(
                "\(projection) at position \(position) has the digest \(stored), a fold from the "
                    + "first event \(folded); delete views/\(history.view.name)/history, run "
                    + "recount project \(projection) --rebuild and ask again")
            throw ExitCode(65)
        }
        note("a fold from the first event gives the same rows: digest \(stored)")
    }
}
