import Backtest
import Events
import Foundation
import Ingest

/// The trades of another engine, read from a CSV by the names of its columns.
struct TradeFile {
    /// The trades, in the order of the file.
    private(set) var trades: [ForeignTrade] = []
    /// Rows that are no trades, with the reason.
    private(set) var rejected: [(line: Int, reason: String)] = []
    /// Whether the file holds fills that were paired, first in first out.
    let isOfFills: Bool

    /// Reads a file, plain or gzip.
    init(_ path: String) throws {
        var reader = CSVReader(try InputFile(path))
        guard try reader.advance() else {
            throw IngestError(.unknownHeader, file: path, "has no header line")
        }
        let columns = TradeColumns((0..<reader.count).map { reader.text($0) })
        isOfFills = columns.entryTime == nil
        if let missing = columns.missing(ofFills: isOfFills) {
            throw IngestError(
                .unknownHeader, file: path,
                "line 1: there is no column for \(missing); found "
                    + columns.header.joined(separator: ", ")
                    + "; recount audit-trades --help names the spellings")
        }
        reader.expectedFields = columns.header.count
        var book = FillBook()
        while try reader.advance() {
            let line = reader.line
            do {
                guard !reader.isMalformed, reader.count == columns.header.count else {
                    throw TradeRowError("is malformed")
                }
                let row = TradeRow(columns, (0..<reader.count).map { reader.text($0) })
                if isOfFills {
                    trades += try book.take(row, line: line)
                } else {
                    trades.append(try row.trade(line: line))
                }
            } catch let error as TradeRowError {
                rejected.append((line, error.reason))
            }
        }
        trades += book.held
    }
}

/// Why a row is no trade.
struct TradeRowError: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}

/// Where the columns of a file of trades stand.
struct TradeColumns {
    let header: [String]
    let ticker, side, quantity, entryTime, exitTime, entryPrice, exitPrice: Int?
    let costs: [Int]
    let profit, status, decided, time, price: Int?

    /// Spellings, without blanks and signs, in small letters; the first of a list that is there
    /// counts. The names of backtrader and vectorbt are among them.
    static let spellings: [(field: String, names: [String])] = [
        (
            "ticker",
            ["ticker", "symbol", "column", "asset", "instrument", "dataname", "data", "security"]
        ),
        ("side", ["side", "direction", "dir", "positiontype", "type"]),
        ("quantity", ["quantity", "qty", "size", "shares", "units", "amount"]),
        (
            "entry time",
            [
                "entrytime", "entrytimestamp", "entrydate", "enteredat", "entered", "entryindex",
                "opentime", "opendate", "openedat", "dtopen", "dateopen", "datein", "opendatetime",
            ]
        ),
        (
            "exit time",
            [
                "exittime", "exittimestamp", "exitdate", "exitedat", "exited", "exitindex",
                "closetime", "closedate", "closedat", "dtclose", "dateclose", "dateout",
                "closedatetime",
            ]
        ),
        (
            "entry price",
            ["entryprice", "avgentryprice", "averageentryprice", "openprice", "pricein"]
        ),
        (
            "exit price",
            ["exitprice", "avgexitprice", "averageexitprice", "closeprice", "priceout"]
        ),
        ("profit", ["pnlcomm", "netpnl", "netprofit", "pnl", "profit"]),
        ("status", ["status"]),
        ("decision time", ["decisiontime", "decidedat", "signaltime", "signaldate"]),
        ("time", ["time", "timestamp", "datetime", "date", "executedat"]),
        ("price", ["price", "fillprice", "executionprice"]),
    ]
    /// All columns with one of these names are summed.
    static let costNames = [
        "costs", "cost", "fees", "fee", "commission", "commissions", "comm", "entryfees",
        "exitfees", "totalfees",
    ]

    init(_ header: [String]) {
        self.header = header
        let names = header.map { name in
            name.lowercased().filter { $0.isLetter || $0.isNumber }
        }
        func place(_ field: String) -> Int? {
            let spellings = TradeColumns.spellings.first { $0.field == field }?.names ?? []
            return spellings.lazy.compactMap { names.firstIndex(of: $0) }.first
        }
        (ticker, side, quantity) = (place("ticker"), place("side"), place("quantity"))
        (entryTime, exitTime) = (place("entry time"), place("exit time"))
        (entryPrice, exitPrice) = (place("entry price"), place("exit price"))
        costs = names.indices.filter { TradeColumns.costNames.contains(names[$0]) }
        (profit, status, decided) = (place("profit"), place("status"), place("decision time"))
        (time, price) = (place("time"), place("price"))
    }

    /// The first field that a file cannot do without; nil when it has all.
    func missing(ofFills: Bool) -> String? {
        if ticker == nil { return "the ticker" }
        if quantity == nil { return "the quantity" }
        if ofFills {
            if time == nil { return "the entry time, or of single fills the time" }
            return price == nil ? "the price" : nil
        }
        if entryPrice == nil { return "the entry price" }
        if exitTime == nil { return "the exit time" }
        return exitPrice == nil ? "the exit price" : nil
    }
}

/// The fields of a row.
struct TradeRow {
    private let columns: TradeColumns
    private let fields: [String]

    init(_ columns: TradeColumns, _ fields: [String]) {
        (self.columns, self.fields) = (columns, fields)
    }

    private func text(_ column: Int?) -> String { column.map { fields[$0] } ?? "" }

    private func number(_ column: Int?) -> Double? {
        Double(text(column).filter { $0 != "," && $0 != "$" }).flatMap { $0.isFinite ? $0 : nil }
    }

    /// The symbol; vectorbt writes a tuple where a column has several levels, the last of which is
    /// the symbol.
    var symbol: String {
        let text = text(columns.ticker)
        guard text.hasPrefix("("), let last = text.split(separator: ",").last else { return text }
        return last.filter { !"()'\" ".contains($0) }
    }

    var costs: Double { columns.costs.reduce(0) { $0 + (number($1) ?? 0).magnitude } }

    /// Whether a word names the short side; nil for a word that names none.
    private func isShort(_ word: String) throws(TradeRowError) -> Bool? {
        switch word.lowercased() {
        case "": return nil
        case "long", "buy", "b", "1", "bought": return false
        case "short", "sell", "s", "-1", "sold", "sellshort": return true
        default: throw TradeRowError("side \(word) is neither long nor short, buy nor sell")
        }
    }

    /// Shares of a fill, negative for who sells.
    func signedQuantity() throws(TradeRowError) -> Double {
        guard let quantity = number(columns.quantity), quantity != 0 else {
            throw TradeRowError("quantity \(text(columns.quantity)) is no number of shares")
        }
        guard let isShort = try isShort(text(columns.side)) else { return quantity }
        return isShort ? -quantity.magnitude : quantity.magnitude
    }

    func price(_ column: Int?, _ name: String) throws(TradeRowError) -> Double {
        guard let price = number(column), price > 0 else {
            throw TradeRowError("\(name) \(text(column)) is no price")
        }
        return price
    }

    func fillPrice() throws(TradeRowError) -> Double { try price(columns.price, "price") }

    func fillTime() throws(TradeRowError) -> ForeignMoment {
        try moment(columns.time, "time")
    }

    private func moment(_ column: Int?, _ name: String) throws(TradeRowError) -> ForeignMoment {
        guard let moment = ForeignMoment(text(column)) else {
            throw TradeRowError(
                "\(name) \(text(column)) is no time; write 2013-06-11 or with an hour")
        }
        return moment
    }

    /// A round trip.
    func trade(line: Int) throws(TradeRowError) -> ForeignTrade {
        guard !symbol.isEmpty else { throw TradeRowError("has no ticker") }
        let signed = try signedQuantity()
        let isOpen = text(columns.status).lowercased() == "open" || text(columns.exitTime).isEmpty
        return ForeignTrade(
            line: line, symbol: symbol, isShort: signed < 0, quantity: signed.magnitude,
            entry: try moment(columns.entryTime, "entry time"),
            entryPrice: try price(columns.entryPrice, "entry price"),
            exit: isOpen ? nil : try moment(columns.exitTime, "exit time"),
            exitPrice: isOpen ? nil : try price(columns.exitPrice, "exit price"), costs: costs,
            // What a file states net of costs that it does not tell cannot be checked.
            profit: isOpen || columns.costs.isEmpty ? nil : number(columns.profit),
            decided: text(columns.decided).isEmpty
                ? nil : try moment(columns.decided, "decision time"))
    }
}

extension ForeignMoment {
    /// Reads `2013-06-11`, `2013-06-11 14:30:00`, `2013-06-11T14:30:00Z` or with an offset; without
    /// one it is UTC, and midnight is the date alone.
    init?(_ text: String) {
        guard text.utf8.count >= 10, let day = Day(String(text.prefix(10))) else { return nil }
        let rest = text.dropFirst(10).drop { $0 == " " || $0 == "T" }
        guard !rest.isEmpty else {
            self.init(day: day)
            return
        }
        let clock = rest.prefix { $0.isNumber || $0 == ":" || $0 == "." }
        let parts = clock.split(separator: ":").map { Double($0) }
        guard (2...3).contains(parts.count), let hours = parts[0], let minutes = parts[1],
            let seconds = parts.count == 3 ? parts[2] : 0, 0..<24 ~= hours, 0..<60 ~= minutes,
            0..<61 ~= seconds, let offset = ForeignMoment.offset(rest.dropFirst(clock.count))
        else { return nil }
        let local = hours * 3_600 + minutes * 60 + seconds
        if local == 0 {
            self.init(day: day)
            return
        }
        let instant = Instant(day).adding(seconds: Int64(local) - offset)
        self.init(day: day, instant: instant)
    }

    /// Seconds east of Greenwich; nil for what is no offset.
    private static func offset(_ text: Substring) -> Int64? {
        if text.isEmpty || text == "Z" { return 0 }
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard digits.count == 4 || digits.count == 2, let number = Int64(digits) else { return nil }
        let seconds =
            digits.count == 2 ? number * 3_600 : (number / 100) * 3_600 + number % 100 * 60
        return sign == "-" ? -seconds : seconds
    }
}
