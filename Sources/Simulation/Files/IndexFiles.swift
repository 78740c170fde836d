import Events

/// Writes the market index, raw and adjusted for its dividends, and the volatility index.
enum IndexFiles {
    static let marketName = "index.csv"
    static let volatilityName = "vix.csv"
    /// The index's yearly dividend, as a fraction.
    private static let dividendYield = 0.018

    static func market(_ world: borrowing SimulatedWorld) -> (TextBuffer, FileAccount) {
        var buffer = TextBuffer()
        var account = FileAccount(marketName)
        buffer.text(
            "date,open,high,low,close,adj_close,volume,dividend_amount,split_coefficient,source\n")
        let bars = world.market.index
        let last = bars.count - 1
        for (session, bar) in bars.enumerated() {
            let factor = 1 + dividendYield * Double(last / 63 - session / 63) / 4
            buffer.text(world.calendar.sessions[session].description)
            for value in [bar.open, bar.high, bar.low, bar.close] {
                buffer.comma()
                buffer.decimal(PortableMath.exp(value) * factor)
            }
            buffer.comma()
            buffer.decimal(PortableMath.exp(bar.close), digits: 8)
            let isPaid = session % 63 == 0 && session > 0
            buffer.text(",100000000,\(isPaid ? "0.5" : "0.0"),1.0,\(SimulationMark.text)\n")
            account.rows += 1
        }
        account.accepted = account.rows
        return (buffer, account)
    }

    static func volatility(_ world: borrowing SimulatedWorld) -> (TextBuffer, FileAccount) {
        var buffer = TextBuffer()
        var account = FileAccount(volatilityName)
        buffer.text("date,open,high,low,close,source\n")
        var before = world.market.impliedVolatility[0]
        for (session, close) in world.market.impliedVolatility.enumerated() {
            buffer.text(world.calendar.sessions[session].description)
            for value in [before, max(before, close) * 1.03, min(before, close) * 0.97, close] {
                buffer.comma()
                buffer.decimal(value, digits: 2)
            }
            buffer.text(",\(SimulationMark.text)\n")
            before = close
            account.rows += 1
        }
        account.accepted = account.rows
        return (buffer, account)
    }
}

/// Writes the sectors of companies and the parties of filers.
enum ReferenceFiles {
    static let sectorsName = "sectors.csv"
    static let partiesName = "legislators.csv"

    static func sectors(_ world: borrowing SimulatedWorld) -> (TextBuffer, FileAccount) {
        var buffer = TextBuffer()
        var account = FileAccount(sectorsName)
        buffer.text("Symbol,Name,Sector\n")
        for company in world.companies {
            buffer.text("\(company.ticker),\(company.name),\(Company.sectors[company.sector])\n")
            account.rows += 1
        }
        account.accepted = account.rows
        return (buffer, account)
    }

    static func parties(_ world: borrowing SimulatedWorld) -> (TextBuffer, FileAccount) {
        var buffer = TextBuffer()
        var account = FileAccount(partiesName)
        buffer.text(
            "bioguide_id,last_name,first_name,middle_name,suffix,nickname,full_name,type,state,"
                + "district,party,birthday,status\n")
        for person in world.people {
            let isSenator = person.chamber == .senate
            buffer.text(
                """
                \(person.bioguide),\(person.lastName),\(person.firstName),,,,\(person.name),\
                \(isSenator ? "sen" : "rep"),\(person.state),\
                \(isSenator ? "" : "\(person.district)"),\
                \(person.party == .democrat ? "Democrat" : "Republican"),1960-01-01,\
                \(SimulationMark.text)\n
                """)
            account.rows += 1
        }
        account.accepted = account.rows
        return (buffer, account)
    }
}
