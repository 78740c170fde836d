public import EventLog
import Events
public import FeedbackLoop

extension FilingFilter {
    /// The filter with its members named as the filings of a timeline name them.
    ///
    /// - Throws: `FilingFilterError` where a member is nobody or several, and where it would follow
    ///   nobody's filings: a report on nothing looks like one on a strategy that does not trade.
    public func named(over timeline: EventLog) throws -> FilingFilter {
        guard !isEverybody else { return self }
        var named = self
        if !members.isEmpty { named.members = try FilerBook(timeline).members(members) }
        var read = FilteredFilings(named)
        try timeline.read { record in
            try read.take(record.message, templateID: MessageHeader(record.message).templateID)
            return .proceed
        }
        guard committee == nil || read.hasCommittees else { throw FilingFilterError.noCommittees }
        guard read.counts.followed > 0 else { throw FilingFilterError.nobody(read.counts) }
        return named
    }
}

extension BuiltStrategy {
    /// The strategy with the members that it follows named as the filings of a timeline name them.
    ///
    /// - Throws: `FilingFilterError`, see `FilingFilter.named`.
    public func named(over timeline: EventLog) throws -> BuiltStrategy {
        switch self {
        case .loop(let loop):
            guard !loop.filter.isEverybody else { return self }
            var configuration = loop.configuration
            configuration.filter = try loop.filter.named(over: timeline)
            return .loop(
                LoopStrategy(
                    name: loop.name, configuration: configuration, following: loop.following))
        case .follow(var follow):
            guard !follow.filter.isEverybody else { return self }
            follow.filter = try follow.filter.named(over: timeline)
            return .follow(follow)
        }
    }
}
