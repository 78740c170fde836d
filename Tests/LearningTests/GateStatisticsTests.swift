import Events
import Learning
import Testing

@Suite("The gate's statistics")
struct GateStatisticsTests {
    private func settings(
        _ mode: GateMode = .rule, labelSessions: Int = 5, draws: Int = 500, seed: UInt64 = 1
    ) -> GateSettings {
        GateSettings(mode: mode, labelSessions: labelSessions, draws: draws, seed: seed)
    }

    private func compare(
        _ rows: [HoldoutRow], _ settings: GateSettings, majority: OutcomeClass = .loss
    ) -> GateStatistics {
        GateStatistics(
            rows: rows, majority: majority, trainingWins: rows.map(\.challenger.win),
            settings: settings)
    }

    @Test("on a tie the class with the lower raw value is predicted")
    func ties() {
        let third = TreeEnsemble.Probabilities(loss: 1 / 3, breakeven: 1 / 3, win: 1 / 3)
        #expect(third.predicted == .loss)
        #expect(
            TreeEnsemble.Probabilities(loss: 0.2, breakeven: 0.4, win: 0.4).predicted == .breakeven)
        #expect(TreeEnsemble.Probabilities(loss: 0.4, breakeven: 0.2, win: 0.4).predicted == .loss)
        #expect(TreeEnsemble.Probabilities(loss: 0.3, breakeven: 0.3, win: 0.4).predicted == .win)
    }

    @Test("a row earns its return on a buy, the negative on a sell, nothing between")
    func profit() {
        let thresholds = MachineThresholds()
        let table: [(Double?, Double)] = [
            (1, 0.1), (0.55, 0.1), (0.549, 0), (0.5, 0), (0.451, 0), (0.45, -0.1), (0, -0.1),
            (nil, 0),
        ]
        for (share, earned) in table {
            #expect(thresholds.profit(share: share, netReturn: 0.1) == earned)
        }
        let silent = TreeEnsemble.Probabilities(loss: 0, breakeven: 1, win: 0)
        #expect(silent.winShare == nil)
    }

    @Test("two identical models are held: no difference, intervals of nothing, p-value 1")
    func identical() throws {
        let rows = Holdouts.random(seed: 4, sessions: 84, perSession: 6).map { row in
            var row = row
            row.champion = row.challenger
            return row
        }
        let statistics = compare(rows, settings(.both))
        #expect(statistics.rule.verdict == .hold)
        #expect(statistics.evidence.verdict == .hold)
        #expect(statistics.decision == .hold)
        let intervals = try #require(statistics.intervals)
        #expect(intervals.accuracy == Interval(low: 0, high: 0))
        #expect(intervals.f1 == Interval(low: 0, high: 0))
        #expect(intervals.profit == Interval(low: 0, high: 0))
        #expect(statistics.mcNemar.pValue == 1)
    }

    @Test("a clearly better model is promoted by both verdicts, a worse one by neither")
    func betterAndWorse() throws {
        let rows = Holdouts.random(
            seed: 5, sessions: 126, perSession: 12, skillNew: 60, skillOld: 20)
        let better = compare(rows, settings(.both))
        #expect(better.decision == .promote)
        #expect(try #require(better.intervals).accuracy.low > 0)
        #expect(try #require(better.intervals).profit.low > 0)
        let swapped = zip(rows, rows).map { row, original in
            var row = row
            row.challenger = original.champion ?? original.challenger
            row.champion = original.challenger
            return row
        }
        let worse = compare(swapped, settings(.both))
        #expect(worse.rule.verdict == .hold)
        #expect(worse.evidence.verdict == .hold)
        #expect(worse.new == better.old)
        #expect(worse.mcNemar.pValue == better.mcNemar.pValue)
    }

    @Test("the same rows give the same bits, another seed other intervals")
    func deterministic() {
        let rows = Holdouts.random(seed: 6, sessions: 84, perSession: 6)
        let first = compare(rows, settings())
        #expect(first == compare(rows, settings()))
        #expect(first.json() == compare(rows, settings()).json())
        #expect(first.intervals != compare(rows, settings(seed: 2)).intervals)
    }

    @Test("too few rows, wins, losses, windows or blocks are each named, and are no evidence")
    func shortages() {
        let full = Holdouts.random(seed: 7, sessions: 84, perSession: 6)
        #expect(compare(full, settings()).evidence.shortages.isEmpty)
        #expect(compare(full, settings(labelSessions: 9)).evidence.shortages.isEmpty)
        let long = compare(full, settings(labelSessions: 10))
        #expect(long.windows == 9)
        #expect(long.evidence.shortages == [.windows])
        #expect(long.evidence.verdict == .insufficient)
        let short = compare(Array(full.prefix(41 * 6)), settings(labelSessions: 4))
        #expect(short.evidence.shortages == [.blocks])
        #expect(short.intervals == nil)
        func only(_ outcome: OutcomeClass) -> GateStatistics {
            compare(
                full.map {
                    var row = $0; row.label = outcome; return row
                }, settings())
        }
        #expect(only(.win).evidence.shortages == [.losses])
        #expect(only(.loss).evidence.shortages == [.wins])
        #expect(only(.breakeven).evidence.shortages == [.wins, .losses])
        let few = compare(Array(full.prefix(99)), settings())
        #expect(few.evidence.shortages.contains(.rows))
        #expect(few.rule.verdict == .waiting)
    }

    @Test("no rows at all, one session alone and models that are always wrong have figures")
    func degenerate() {
        let none = compare([], settings())
        #expect(none.rule.verdict == .waiting)
        #expect(none.evidence.shortages == GateEvidence.Shortage.allCases)
        #expect(none.differences == nil)
        let one = compare(
            Holdouts.random(seed: 8, sessions: 1, perSession: 200), settings())
        #expect(one.dates == 1)
        #expect(one.windows == 1)
        #expect(one.intervals == nil)
        let labels = [OutcomeClass](repeating: .win, count: 840)
        let losses = [OutcomeClass](repeating: .loss, count: 840)
        let wrong = compare(Holdouts.rows(labels, new: losses, old: losses), settings())
        #expect(wrong.new.accuracy == 0)
        #expect(wrong.new.weightedF1 == 0)
        #expect(wrong.rule.verdict == .hold)
        #expect(wrong.newCalibration.brier.map { abs($0 - 1.04) < 1e-6 } == true)
    }

    @Test("without a champion the baseline names the majority class of the training part")
    func baseline() {
        let labels: [OutcomeClass] = (0..<840).map { $0 % 10 < 5 ? .loss : .win }
        let rows = Holdouts.rows(labels, new: labels, old: nil)
        let statistics = compare(rows, settings(), majority: .win)
        #expect(statistics.isBaseline)
        #expect(statistics.majorityAccuracy == 0.5)
        #expect(statistics.old.accuracy == 0.5)
        #expect(statistics.rule.verdict == .promote)
        #expect(statistics.oldCalibration == nil)
        // The baseline buys every row: +.05 on wins, −.05 on losses; the challenger earns .05.
        #expect(statistics.differences.map { abs($0.profit - 0.05) < 1e-12 } == true)
    }

    /// Made with numpy and scikit-learn from the rows of each draw, the draws by SplitMix64 and
    /// Lemire's method in Python's whole numbers (`check_bootstrap` of `Tools/check-gate.py`).
    @Test("the intervals are those of the drawn rows, the last block of a draw cut")
    func goldenIntervals() throws {
        func outcome(_ number: Int) -> OutcomeClass { OutcomeClass(wire: UInt8(number % 3)) }
        let labels = (0..<100).map { outcome($0 * 7 + $0 / 5) }
        let new = (0..<100).map { $0 % 4 == 1 ? labels[$0] : outcome($0 * 5) }
        let old = (0..<100).map { $0 % 5 == 2 ? labels[$0] : outcome($0 * 11 + 1) }
        let rows = Holdouts.rows(labels, new: new, old: old, perSession: 2)
        let intervals = try #require(compare(rows, settings(draws: 200, seed: 7)).intervals)
        let expected = [
            (intervals.accuracy, -0.020249999999999956, 0.09000000000000002),
            (intervals.f1, 0.00820187920060772, 0.12535959108256964),
            (intervals.profit, -0.005012500000000001, 0.0045000000000000005),
        ]
        for (interval, low, high) in expected {
            #expect(abs(interval.low - low) < 1e-12)
            #expect(abs(interval.high - high) < 1e-12)
        }
    }

    @Test("the interval of the accuracy difference holds the truth about as often as it says")
    func coverage() throws {
        var covered = 0
        for seed in 0..<100 as Range<UInt64> {
            let rows = Holdouts.random(seed: 1_000 + seed, sessions: 210, perSession: 2)
            let interval = try #require(compare(rows, settings(draws: 200)).intervals).accuracy
            if interval.low <= 0 && 0 <= interval.high { covered += 1 }
        }
        // Ten blocks a draw: percentile intervals are somewhat narrow, about 90 % are expected.
        #expect(covered >= 80 && covered < 100, "\(covered) of 100")
    }

    @Test("everything without a field of its own is JSON with its keys in order")
    func canonicalJSON() throws {
        let rows = Holdouts.random(seed: 9, sessions: 84, perSession: 6)
        let matured = MaturedDifference(
            rows: rows, firstSession: 0, maturedThrough: 83, blockSessions: 5)
        let statistics = GateStatistics(
            rows: rows, majority: .win, trainingWins: [], settings: settings(), matured: matured)
        let keys = try topLevelKeys(statistics.json())
        #expect(keys == keys.sorted())
        #expect(keys.count == 20)
        #expect(statistics.json().contains("\"psi_bins\":null"))
        #expect(statistics.json().contains("\"blocks\":16"))
    }

    /// The keys of the outermost object.
    private func topLevelKeys(_ json: String) throws -> [String] {
        var (depth, key, keys): (Int, String?, [String]) = (0, nil, [])
        for character in json {
            switch character {
            case "{", "[": depth += 1
            case "}", "]": depth -= 1
            case "\"":
                if let open = key {
                    if depth == 1 { keys.append(open) }
                    key = nil
                } else {
                    key = ""
                }
            case ":": if depth == 1 { keys.append("key:" + (keys.popLast() ?? "")) }
            default: key?.append(character)
            }
        }
        return keys.filter { $0.hasPrefix("key:") }
    }

    @Test("the event holds the figures, both verdicts and each model's bins")
    func event() {
        let rows = Holdouts.random(seed: 10, sessions: 84, perSession: 6)
        let statistics = compare(rows, settings(.evidence))
        let message = statistics.message(
            envelope: Envelope(
                knownAt: Instant(rawValue: 0), recordedAt: Instant(rawValue: 0), actor: .loop),
            challenger: .own(1), champion: .own(2), holdout: .zero, reused: 3)
        #expect(message.rows == 504)
        #expect(message.dates == 84)
        #expect(message.holdoutFrom == rows.first?.day)
        #expect(message.holdoutThrough == rows.last?.day)
        #expect(message.wins + message.losses < message.rows)
        #expect(message.decision == message.evidenceVerdict)
        #expect(message.accuracyLow == statistics.intervals?.accuracy.low)
        for role in [ModelRole.candidate, .champion] {
            let bins = message.bins.filter { $0.role == role }
            #expect(bins.reduce(0) { $0 + $1.rows } == 504)
        }
    }

    @Test("a row's identity is its day, ticker, label and return, whatever was predicted")
    func identity() {
        func bytes(_ change: (inout HoldoutRow) -> Void) -> [UInt8] {
            var row = Holdouts.random(seed: 11, sessions: 1, perSession: 1)[0]
            change(&row)
            var bytes: [UInt8] = []
            row.appendIdentity(to: &bytes)
            return bytes
        }
        let same = bytes { _ in }
        #expect(same.count == 21)
        #expect(bytes { $0.challenger = Holdouts.naming(.breakeven) } == same)
        #expect(bytes { $0.champion = nil } == same)
        #expect(bytes { $0.day = Day(rawValue: 1) } != same)
        #expect(bytes { $0.ticker = Ticker("ZZ")! } != same)
        #expect(bytes { $0.label = $0.label == .win ? .loss : .win } != same)
        #expect(bytes { $0.netReturn = 0.5 } != same)
    }
}
