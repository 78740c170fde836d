public import Events

extension HypotheticalTrade {
    /// How far a trade that matures has come, for putting it away and taking it up again.
    public struct Progress: Hashable, Sendable {
        /// The session in which it was bought; nil before.
        public var entryDay: Day?
        /// How it ended, if it did.
        public var exit: Exit?
        /// Number of the session in which it was bought.
        public var entrySession = 0
        /// Price bought at, slippage included, dollars.
        public var entryPrice = 0.0
        /// The index at the open that bought it; nil while none was known.
        public var entryIndex: Double?
        /// The higher of that and the highest close since.
        public var highestClose = 0.0
        /// Close of the latest bar.
        public var lastClose = 0.0
        /// Number of that bar's session.
        public var lastBarSession = 0
        /// Whether it is left at the next open that is traded.
        public var isTimedOut = false

        /// Not bought yet.
        public init() {}
    }

    /// How far it has come.
    ///
    /// - Precondition: it is not mature.
    public var progress: Progress {
        precondition(matureOn == nil, "a trade that is mature makes no progress")
        var progress = Progress()
        (progress.entryDay, progress.exit) = (entryDay, exit)
        (progress.entrySession, progress.entryPrice) = (entrySession, entryPrice)
        progress.entryIndex = entryIndex
        (progress.highestClose, progress.lastClose) = (highestClose, lastClose)
        (progress.lastBarSession, progress.isTimedOut) = (lastBarSession, isTimedOut)
        return progress
    }

    /// A trade that goes on from where it was put away.
    public init(
        decidedOn: Day, session: Int, averageTrueRange: Double?, progress: Progress
    ) {
        self.init(decidedOn: decidedOn, session: session, averageTrueRange: averageTrueRange)
        (entryDay, exit) = (progress.entryDay, progress.exit)
        (entrySession, entryPrice) = (progress.entrySession, progress.entryPrice)
        entryIndex = progress.entryIndex
        (highestClose, lastClose) = (progress.highestClose, progress.lastClose)
        (lastBarSession, isTimedOut) = (progress.lastBarSession, progress.isTimedOut)
    }
}

extension HypotheticalTrade.Exit {
    /// An end from its parts.
    public init(_ reason: ExitReason, on day: Day, session: Int, netReturn: Double) {
        self.init(reason: reason, day: day, session: session, netReturn: netReturn)
    }
}
