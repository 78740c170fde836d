import EventLog
import Events
import Foundation
import TestKit
import TestWorlds
import Testing

@testable import Projections

@Suite("Histories: read models at every moment", .timeLimit(.minutes(10)))
struct HistoryTests {
    /// Random positions of a view, its ends among them.
    private func positions(_ count: Int, through end: UInt64, seed: UInt64) -> [UInt64] {
        var generator = SeededGenerator(seed: seed)
        return [0, 1, end]
            + (3..<count).map { _ in UInt64.random(in: 0...end, using: &generator) }
    }

    @Test("at 50 random positions the rows are those of a fold from the first event, bit for bit")
    func foldedAnew() throws {
        let run = try RunFixture.learning()
        let history = try History(run.data, run: "feedback")
        let end = try history.view.merged.end().position
        for type in ProjectionCatalogue.all {
            try history.ensure([type.name], through: end)
            try compare(type, history, positions(50, through: end, seed: 11).sorted())
        }
    }

    /// Compares the digests at ascending positions with those of one fold that looks there.
    private func compare<P: Projection>(
        _ type: P.Type, _ history: History, _ positions: [UInt64]
    ) throws {
        var (fold, rows) = (HistoryFold<P>(), MemoryRows(P.self))
        for position in positions {
            var feed = EventFeed(history.view, after: fold.position)
            while fold.position.position < position, let chunk = try feed.next() {
                try fold.fold(chunk, through: position, into: &rows)
            }
            let digest = try history.digest(of: P.name, at: position)
            #expect(digest == rows.digest, "\(P.name) at \(position)")
        }
        let last = try #require(positions.last)
        #expect(try history.foldedDigest(of: P.name, at: last) == rows.digest)
        let file = "\(history.view.folder.path)/history/\(P.name).sqlite"
        #expect(FileManager.default.fileExists(atPath: file) == P.hasHistoryFile)
    }

    @Test("the last position has the digest of the read model")
    func published() throws {
        let run = try RunFixture()
        let reports = try run.project()
        let history = try History(run.data, run: "feedback")
        let end = try history.view.merged.end().position
        try history.ensure(ProjectionCatalogue.names, through: end)
        for report in reports {
            #expect(
                try history.digest(of: report.projection, at: end) == report.checkpoint.digest,
                "\(report.projection)")
        }
    }

    @Test("a history of a log that grew goes on where it stood, and the past in it stays")
    func grows() throws {
        let fixture = try DataFixture(count: 300)
        let then = try {
            // Closed before the log is opened for writing.
            let before = try History(fixture.data, run: nil)
            try before.ensure(["disclosures"], through: 300)
            return try before.digest(of: "disclosures", at: 150)
        }()
        try fixture.append(fixture.messages[300..<700])
        let after = try History(fixture.data, run: nil)
        #expect(throws: Never.self) { try after.ensure(["disclosures"], through: 200) }
        try after.ensure(["disclosures"], through: 700)
        #expect(try after.digest(of: "disclosures", at: 150) == then)
        for position in [300, 301, 500, 700] as [UInt64] {
            #expect(
                try after.digest(of: "disclosures", at: position)
                    == (try after.foldedDigest(of: "disclosures", at: position)))
        }
    }

    @Test("what was made from another log, or not to its end, is made anew")
    func foreign() throws {
        let (one, other) = (try RunFixture(), try RunFixture(seed: 6))
        let first = try History(one.data, run: "feedback")
        try first.ensure(["portfolio"], through: 1)
        let second = try History(other.data, run: "feedback")
        let folder = "\(other.data.path)/views/feedback/history"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: first.file(of: "portfolio"), toPath: "\(folder)/portfolio.sqlite")
        // As a kill leaves it.
        try Data("half".utf8).write(to: URL(filePath: "\(folder)/portfolio.sqlite.making"))
        let end = try second.view.merged.end().position
        try second.ensure(["portfolio"], through: end)
        #expect(
            try second.digest(of: "portfolio", at: end)
                == (try second.foldedDigest(of: "portfolio", at: end)))
        let left = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(left == ["portfolio.lock", "portfolio.sqlite"])
    }

    @Test("changes between two moments take the rows of the one to those of the other")
    func changes() throws {
        let run = try RunFixture.learning()
        let history = try History(run.data, run: "feedback")
        let end = try history.view.merged.end().position
        for name in ["portfolio", "signals", "training-set"] {
            try history.ensure([name], through: end)
            for pair in zip(
                positions(6, through: end, seed: 1), positions(6, through: end, seed: 2))
            {
                let (first, last) = (min(pair.0, pair.1), max(pair.0, pair.1))
                var rows = try present(name, history, at: first)
                try history.changes(of: name, from: first, to: last) { change in
                    let key = [RowValue.text(change.table)] + change.key
                    #expect(rows[key] == change.before)
                    #expect(change.before != change.after)
                    rows[key] = change.after
                }
                #expect(rows == (try present(name, history, at: last)), "\(name)")
            }
        }
    }

    private func present(
        _ projection: String, _ history: History, at position: UInt64
    ) throws -> [[RowValue]: [RowValue]] {
        var rows: [[RowValue]: [RowValue]] = [:]
        for table in try VersionTable.all(of: ProjectionCatalogue.type(named: projection)) {
            try history.rows(of: table.name, in: projection, at: position) { _ in
            } row: {
                rows[[.text(table.name)] + $0.prefix(table.keyColumns)] = $0
            }
        }
        return rows
    }

    @Test("steps go to each event that changes something, and back along the same")
    func steps() throws {
        let run = try RunFixture()
        let history = try History(run.data, run: "feedback")
        let end = try history.view.merged.end().position
        try history.ensure(["portfolio"], through: end)
        var (forth, position) = ([UInt64](), UInt64(0))
        while let next = try history.next("portfolio", after: position) {
            forth.append(next)
            position = next
        }
        var (back, before) = ([UInt64](), end + 1)
        while let last = try history.previous("portfolio", before: before) {
            back.append(last)
            before = last
        }
        #expect(forth.count > 100 && forth == back.reversed())
        var changed: [UInt64] = []
        for position in 1...end {
            var count = 0
            try history.changes(of: "portfolio", from: position - 1, to: position) { _ in
                count += 1
            }
            if count > 0 { changed.append(position) }
        }
        #expect(changed == forth)
    }
}

@Suite("Expressions over histories", .timeLimit(.minutes(10)))
struct HistoryExpressionTests {
    @Test("a condition's first position is the one that looking at every position finds")
    func bisect() throws {
        let run = try RunFixture()
        let history = try History(run.data, run: "feedback")
        let end = try history.view.merged.end().position
        try history.ensure(["portfolio", "signals"], through: end)
        // Cash goes up and down, so that halving would miss the first.
        for text in [
            "reference_portfolio_state.cash < 97000",
            "reference_portfolio_state.open_positions >= 3 and not "
                + "(reference_portfolio_state.cash - 90000 > 9000)",
            "reference_portfolio_state.trades_today / 2 = 1 or reference_portfolio_state.cash = 1",
            "reference_portfolio_state.cash < 0",
        ] {
            let expression = try HistoryExpression(text)
            var slow: UInt64?
            for position in 0...end where slow == nil {
                let value = try history.value(of: expression, at: position)
                if value == .integer(1) { slow = position }
            }
            #expect(try history.first(expression, from: 0, through: end) == slow, "\(text)")
            #expect((slow == nil) == text.hasSuffix("< 0"), "\(text)")
        }
    }

    @Test("of several rows of a ticker an expression reads the one that was made last by then")
    func newest() throws {
        let run = try RunFixture.learning()
        let history = try History(run.data, run: "feedback")
        let end = try history.view.merged.end().position
        let tables = [
            ("signals", "trading_signals"), ("training-set", "training_rows"),
            ("disclosures", "disclosures"), ("portfolio", "reference_portfolio_transactions"),
        ]
        try history.ensure(tables.map(\.0), through: end)
        guard case .text(let ticker)? = try run.signals(history, at: end).first?.first else {
            Issue.record("there is a signal")
            return
        }
        var generator = SeededGenerator(seed: 4)
        for (projection, table) in tables {
            let expression = try HistoryExpression("\(table)['\(ticker)'].position")
            var found = 0
            for _ in 0..<12 {
                let position = UInt64.random(in: end / 3...end, using: &generator)
                var (place, last) = (0, RowValue.null)
                try history.rows(of: table, in: projection, at: position, named: ticker) {
                    place = $0.firstIndex(of: "position") ?? 0
                } row: { row in
                    found += 1
                    if case .integer(let value) = row[place], case .integer(let before) = last {
                        if value < before { return }
                    }
                    last = row[place]
                }
                #expect(try history.value(of: expression, at: position) == last, "\(table)")
            }
            #expect(found > 12, "\(table)")
        }
    }

    @Test("what is watched changes just where looking at every position sees it change")
    func watch() throws {
        let run = try RunFixture()
        let history = try History(run.data, run: "feedback")
        let end = try history.view.merged.end().position
        try history.ensure(["portfolio", "signals"], through: end)
        guard
            case .text(let ticker)? = try run.signals(history, at: end).first?.first
        else {
            Issue.record("there is a signal")
            return
        }
        let expression = try HistoryExpression(
            "trading_signals['\(ticker)'].confidence_score "
                + "- reference_portfolio_config.emit_threshold")
        #expect(expression.projections == ["signals", "portfolio"])
        var (slow, previous): ([WatchedValue], RowValue?) = ([], nil)
        for position in 0...end {
            let value = try history.value(of: expression, at: position)
            if value != previous { slow.append(WatchedValue(position: position, value: value)) }
            previous = value
        }
        var fast: [WatchedValue] = []
        try history.watch(expression, from: 0, through: end) {
            fast.append($0)
            return .proceed
        }
        #expect(fast == slow && fast.count > 5)
        let last = try #require(slow.last)
        #expect(try history.lastChange(of: expression, through: end) == last.position)
        let next = try history.nextChange(of: expression, after: slow[1].position)
        #expect(next == slow[2].position)
    }

    @Test(
        "an expression that cannot be read is refused at its column",
        arguments: [
            ("1 > 0", 1, "reads no row"),
            ("reference_portfolio_state.foo", 27, "no column foo"),
            ("nowhere.x", 1, "no table nowhere"),
            ("trading_signals.ticker", 16, "[KEY]"),
            ("reference_portfolio_state.cash > 'a'", 32, "a text with a number"),
            ("reference_portfolio_state.cash >", 33, "ends where a value"),
            ("(reference_portfolio_state.cash", 32, "close the parenthesis"),
            ("reference_portfolio_state.cash 5", 32, "an operator before"),
            ("reference_portfolio_state.cash ? 5", 32, "means nothing"),
            ("trading_signals['A].ticker", 17, "no end"),
            ("reference_portfolio_state.cash < 1 < 2", 36, "compared"),
            ("reference_portfolio_state.session_date + 1", 40, "not a text"),
            ("not trading_signals[A].ticker", 1, "not takes a condition"),
            ("reference_portfolio_state.cash > 1.2.3", 34, "no number"),
        ])
    func refused(text: String, column: Int, what: String) throws {
        let error = #expect(throws: ExpressionError.self) { try HistoryExpression(text) }
        #expect(error?.column == column)
        #expect(error?.description.contains(what) == true, "\(error?.description ?? "")")
    }

    @Test("parentheses without end are refused, not a full stack")
    func deep() {
        let text = String(repeating: "(", count: 10_000)
        #expect(throws: ExpressionError.self) { try HistoryExpression(text) }
    }

    @Test("every table of every projection can be named")
    func catalogue() {
        let known = VersionTable.catalogue.map(\.table.name)
        #expect(known == ProjectionCatalogue.all.flatMap { $0.tables.map(\.name) })
    }
}

extension RunFixture {
    /// The ticker of each evaluation that holds at a position.
    fileprivate func signals(_ history: History, at position: UInt64) throws -> [[RowValue]] {
        var rows: [[RowValue]] = []
        try history.ask(
            "SELECT ticker FROM trading_signals GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
            of: ["signals"], .at(position), columns: { _ in }, row: { rows.append($0) })
        return rows
    }
}
