import Events

/// Writes a world as the files that importers read, and the truth about them.
public enum WorldFiles {
    /// The file that says what a world is made of.
    public static let truthName = "truth.json"
    private static let chunk = 4 << 20

    /// Everything written, in order.
    public struct Written: Sendable {
        /// The files but the truth.
        public var files: [FileAccount]
        /// What the filings came to.
        public var tally: EdgeTally
    }

    /// Writes every file of `world` into `sink`, the truth last.
    public static func write(_ world: SimulatedWorld, into sink: inout some WorldSink) throws
        -> Written
    {
        var tally = EdgeTally()
        var files: [FileAccount] = []
        for adjusted in [false, true] {
            files.append(try prices(world, adjusted: adjusted, &tally, into: &sink))
        }
        let normalized = NormalizedFile(world)
        files.append(try whole(normalized.buffer, normalized.account, into: &sink))
        let senate = SenateFile(world)
        files.append(try whole(senate.buffer, senate.account, into: &sink))
        let congress = CongressFile(world)
        files.append(try whole(congress.buffer, congress.account, into: &sink))
        for (buffer, account) in [
            IndexFiles.market(world), IndexFiles.volatility(world), ReferenceFiles.sectors(world),
            ReferenceFiles.parties(world),
        ] {
            files.append(try whole(buffer, account, into: &sink))
        }
        let written = Written(files: files, tally: tally)
        try sink.open(truthName)
        try sink.write(TruthText(world, written).bytes)
        _ = try sink.close()
        return written
    }

    private static func prices(
        _ world: borrowing SimulatedWorld, adjusted: Bool, _ tally: inout EdgeTally,
        into sink: inout some WorldSink
    ) throws -> FileAccount {
        var file = PriceFile(
            adjusted: adjusted, days: world.calendar.sessions.map(\.description))
        try sink.open(file.account.name)
        for number in world.companies.indices
        where world.companies[number].isAdjusted == adjusted {
            let path = world.prices(of: number)
            world.measure(number, path, into: &tally)
            file.write(world.companies[number], path.bars)
            if file.buffer.bytes.count > chunk { try sink.write(file.take()) }
        }
        try sink.write(file.take())
        var account = file.account
        account.sha256 = try sink.close()
        return account
    }

    private static func whole(
        _ buffer: TextBuffer, _ account: FileAccount, into sink: inout some WorldSink
    ) throws -> FileAccount {
        try sink.open(account.name)
        try sink.write(buffer.bytes)
        var account = account
        account.sha256 = try sink.close()
        return account
    }
}
