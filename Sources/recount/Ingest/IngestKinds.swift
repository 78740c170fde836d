import ArgumentParser
import EventLog
import Events
import Ingest
import Pipeline

/// What a person says of a file's shape where it cannot be told.
struct ShapeOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "What the columns mean, as recount ingest guess prints it (YAML).", valueName: "file"))
    var map: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Of dates like 01/02/2020: month-first or day-first.", valueName: "order"))
    var dates: String?

    /// Files that no output may overwrite.
    var files: [String] { map.map { [$0] } ?? [] }

    func order() throws -> DateOrder? {
        try parsed(dates, "--dates", DateOrder.init(rawValue:))
    }

    func mapping() throws -> Mapping? { try map.map { try Mapping(file: $0) } }
}

struct IngestDisclosures: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disclosures",
        abstract: "Read filings, of any source whose columns are known or told by --map.",
        discussion: """
            Example: recount ingest disclosures senate.json.gz --to 2018-12-31 --data DIR
            """)

    @OptionGroup var options: ImportOptions
    @Argument(help: "Files, folders or patterns.") var files: [String]
    @Option(
        name: .long,
        help: ArgumentHelp(
            "senate, congress, house, normalized, bench or columns; detected when left out.",
            valueName: "name"))
    var format: String?
    @Option(name: .long, help: ArgumentHelp("Only rows traded then or later.", valueName: "date"))
    var from: String?
    @Option(name: .long, help: ArgumentHelp("Only rows traded by then.", valueName: "date"))
    var to: String?
    @Option(name: .long, help: .hidden) var tradedFrom: String?
    @Option(name: .long, help: .hidden) var tradedBefore: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Known at this hour (UTC) of the filing date; else 05:00 of the day after.",
            valueName: "HH:MM"))
    var knownAt: String?
    @Flag(name: .long, help: "Take rows whose source does not vouch for the filing date.")
    var acceptUnverifiedDates = false
    @OptionGroup var shape: ShapeOptions

    func run() throws {
        var disclosure = DisclosureOptions()
        disclosure.format = try parsed(format, "--format", SourceFormat.init(optionName:))
        disclosure.tradedFrom =
            try parsed(from, "--from") { Day($0) }
            ?? parsed(tradedFrom, "--traded-from") { Day($0) }
        disclosure.tradedBefore =
            try parsed(to, "--to") { Day($0) }.map { $0 + 1 }
            ?? parsed(tradedBefore, "--traded-before") { Day($0) }
        disclosure.knownAt = try parsed(knownAt, "--known-at") { ClockTime($0) }
        disclosure.acceptsUnverifiedDates = acceptUnverifiedDates
        disclosure.dates = try shape.order()
        disclosure.mapping = try shape.mapping()
        let settings = disclosure
        try options.run(files, with: shape.files) { writer, onReject in
            var progress = Progress()
            let importer = DisclosureImporter(writer, options: settings, onReject: onReject) {
                file, rows in
                progress.show(
                    "\(file.name): \(rows) rows",
                    done: Double(file.consumed) / Double(max(file.size, 1)))
            }
            return { name in
                defer { progress.clear() }
                return try importer.run(name)
            }
        }
    }
}

struct IngestPrices: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prices",
        abstract: "Read daily bars, and the splits and dividends beside them.",
        discussion: """
            Columns are found by header. Bars with splits and dividends beside them are kept as \
            they were traded, and a run applies each action when it is known. Without them \
            adj_close is applied when present, which knows the future and is marked hindsight.

            Example: recount ingest prices bars.csv.gz --exclude bad.csv --data DIR
            """)

    @OptionGroup var options: ImportOptions
    @Argument(help: "Files, folders or patterns.") var files: [String]
    @Option(
        name: .long,
        help: ArgumentHelp("Bars to leave out: CSV of ticker, from, to.", valueName: "file"))
    var exclude: String?
    @Option(
        name: .long,
        help: ArgumentHelp("Known at this hour (UTC); else 21:00.", valueName: "HH:MM"))
    var knownAt: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "What prices are adjusted for, where the file cannot tell: none, splits or "
                + "splits-and-dividends (the default of bars without actions beside them).",
            valueName: "what"))
    var adjustment: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The ticker of files without a column of tickers; else their names say it.",
            valueName: "ticker"))
    var symbol: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Where sources differ from now on, take the bars of this one of the files.",
            valueName: "file"))
    var prefer: String?
    @OptionGroup var shape: ShapeOptions

    func run() throws {
        var prices = PriceImporter.Options()
        prices.symbol = try parsed(symbol, "--symbol", PriceImporter.ticker)
        prices.dates = try shape.order()
        prices.mapping = try shape.mapping()
        prices.knownAt = try parsed(knownAt, "--known-at") { ClockTime($0) }
        switch adjustment {
        case nil: prices.adjustment = nil
        case "none": prices.adjustment = Adjustment.none
        case "splits": prices.adjustment = .splits
        case "splits-and-dividends": prices.adjustment = .splitsAndDividends
        case let other?:
            throw ValidationError(
                "--adjustment \(other): write none, splits or splits-and-dividends")
        }
        let settings = prices
        let reports = try options.run(files, with: shape.files + (exclude.map { [$0] } ?? [])) {
            writer, onReject in
            var settings = settings
            if let exclude { settings.exclusions = try Exclusions(file: exclude) }
            var progress = Progress()
            let importer = PriceImporter(writer, options: settings, onReject: onReject) {
                file, rows in
                progress.show(
                    "\(file.name): \(rows) rows",
                    done: Double(file.consumed) / Double(max(file.size, 1)))
            }
            return { name in
                defer { progress.clear() }
                return try importer.run(name)
            }
        }
        try settle(reports)
    }

    /// Says where sources differ, once one is preferred if that is asked for.
    private func settle(_ reports: [FileReport]) throws {
        guard !options.dryRun, let log = try options.data.openExisting() else { return }
        if let prefer {
            let chosen = reports.first { $0.file == prefer || FilePath.name($0.file) == prefer }
            guard let source = chosen?.source else {
                throw ValidationError(
                    "--prefer \(prefer): is none of the files that are read; name one of them")
            }
            try DataSetting.prefer([source], in: log, at: wallClock())
            note("where sources differ, the bars of \(prefer) are taken")
        }
        if let text = try SessionMerge.conflicts(in: log).text { note("!! \(text)") }
    }
}

struct IngestActions: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "actions",
        abstract: "Read splits, dividends, spin-offs, changes of symbol and delistings.",
        discussion: """
            Columns: ticker, ex_date, kind (split, dividend, spin-off, symbol-change, delisting), \
            ratio (4, 4:1: new shares for one old), amount (dollars a share), new_ticker, and \
            perhaps announced (a date; else an action is known at 05:00 UTC of its ex-date). A \
            run applies them to bars that are kept as they were traded, before the fills of the \
            ex-date.

            Example: recount ingest actions actions.csv --data DIR
            """)

    @OptionGroup var options: ImportOptions
    @Argument(help: "Files, folders or patterns.") var files: [String]
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Of dates like 01/02/2020: month-first or day-first.", valueName: "order"))
    var dates: String?

    func run() throws {
        let order = try parsed(dates, "--dates", DateOrder.init(rawValue:))
        try options.run(files) { writer, onReject in
            ActionImporter(writer, dates: order, onReject: onReject).run
        }
    }
}

struct IngestIndex: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index",
        abstract: "Read daily closes of the market index or of the volatility index.",
        discussion:
            "Example: recount ingest index spy.csv --series market --symbol SPY --data DIR")

    @OptionGroup var options: ImportOptions
    @Argument(help: "Files, folders or patterns.") var files: [String]
    @Option(name: .long, help: ArgumentHelp("market or vix.", valueName: "name"))
    var series: String
    @Option(name: .long, help: ArgumentHelp("What it was made from.", valueName: "text"))
    var symbol: String?
    @OptionGroup var shape: ShapeOptions

    func run() throws {
        var settings = PriceImporter.Options()
        settings.dates = try shape.order()
        settings.mapping = try shape.mapping()
        let chosen = settings
        guard series == "market" || series == "vix" else {
            throw ValidationError("--series \(series): write market or vix")
        }
        try options.run(files, with: shape.files) { writer, onReject in
            IndexImporter(
                writer, series: series == "market" ? .market : .volatility,
                symbol: symbol ?? series, options: chosen, onReject: onReject
            ).run
        }
    }
}

struct IngestReference: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference",
        abstract: "Read parties of filers, sectors of tickers and seats on committees.",
        discussion: """
            By their columns: symbol, sector; bioguide_id, party, name; committee, bioguide_id or \
            name, valid_from, valid_to, sectors. Or committee-membership-current.json of \
            unitedstates/congress-legislators.

            Example: recount ingest reference parties.csv sectors.csv --data DIR
            """)

    @OptionGroup var options: ImportOptions
    @Argument(help: "Files, folders or patterns.") var files: [String]

    func run() throws {
        try options.run(files) { writer, onReject in
            ReferenceImporter(writer, onReject: onReject).run
        }
    }
}
