import EventLog
public import Events

/// A ticker's closes around the days that a tree tells of, and those days' places.
public struct WhyChart: Sendable {
    /// A close.
    public struct Point: Sendable {
        /// The session.
        public var day: Day
        /// Dollars.
        public var close: Double
        /// Whether it was known at the moment that was asked for, or at the root's decision.
        public var isKnown: Bool
    }

    /// The symbol.
    public var ticker: Ticker
    /// The closes, in order of day.
    public var points: [Point] = []
    /// What happened, in order of day.
    public var marks: [WhyMark] = []
}

extension Why {
    /// Sessions before the first mark and behind the last that a chart shows.
    private static let margin = 20
    /// The most sessions of a chart.
    private static let most = 400

    /// The prices around an answer; nil for one that is about no ticker, or has no prices.
    public func chart(_ answer: WhyNode) throws -> WhyChart? {
        guard let decided = answer.mark ?? answer.marks.first else { return nil }
        var chart = WhyChart(ticker: decided.ticker)
        for mark in answer.marks where mark.ticker == decided.ticker {
            if !chart.marks.contains(mark) { chart.marks.append(mark) }
        }
        chart.marks.sort { ($0.day, $0.price ?? 0) < ($1.day, $1.price ?? 0) }
        guard let first = chart.marks.first?.day, let last = chart.marks.last?.day else {
            return nil
        }
        // Seven days have five sessions.
        let start = try log.position(AsOf(.day(first - Why.margin * 7 / 5)))
        let end = last + Why.margin * 7 / 5
        let sessions = try lineage.next(
            [SessionClosed.templateID], of: nil, after: start.position, limit: Why.most)
        for session in sessions {
            var isOver = false
            let isReached = try isKnown(session)
            try log.event(session) { message in
                let view = try SessionClosedView(message)
                isOver = view.day > end
                guard !isOver, let bar = SessionBar.find(decided.ticker, in: view) else { return }
                chart.points.append(
                    WhyChart.Point(
                        day: view.day, close: bar.close,
                        isKnown: isReached && view.day <= decided.day))
            }
            if isOver { break }
        }
        return chart.points.count > 1 ? chart : nil
    }
}

extension WhyNode {
    /// The marks of this answer and of all behind it.
    var marks: [WhyMark] {
        [mark].compactMap { $0 } + causes.flatMap { $0.node.marks }
    }
}
