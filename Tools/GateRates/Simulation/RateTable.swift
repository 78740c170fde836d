/// The page of the documentation with the gate's rates.
public enum RateTable {
    /// Holdouts of each line of the page.
    public static let repetitions = 1_000
    /// Holdouts of each line of the short table, which a test makes again.
    public static let quickRepetitions = 3
    /// Seed of the page.
    public static let seed: UInt64 = 20_260_101

    /// The designs: independent rows, then overlapping labels over a quarter and over a year.
    public static let designs: [Design] = {
        let sizes = [100, 300, 1_000, 3_000]
        let spans = [(63, 0), (63, 21), (252, 21)]
        return spans.flatMap { sessions, labels in
            sizes.map { Design(rows: $0, sessions: sessions, labelSessions: labels) }
        }
    }()

    /// Simulates every design.
    public static func rates(
        repetitions: Int, progress: (Int) -> Void = { _ in }
    ) -> [Rates] {
        designs.indices.map { index in
            progress(index)
            return Rates(designs[index], repetitions: repetitions, seed: seed + UInt64(index))
        }
    }

    /// The whole page.
    public static func page(full: [Rates], quick: [Rates]) -> String {
        """
        # How often the gate is wrong

        Written by `gate-rates write` (`Tools/GateRates`); do not edit. \(repetitions) simulated
        holdouts a line, seed \(seed); a rate near 25 % has a standard error of 1.4 points.

        Champion and challenger are right where a normal value is below a quantile, so that their
        true accuracies are exact; the champion's is \(percent(Design.accuracy)). The two values
        correlate by \(Design.skillCorrelation), because both models see the same features. Losses,
        breakevens and wins come in the shares \(Design.shares.map(percent).joined(separator: ", ")).
        Overlapping labels look 21 sessions ahead: classes and skills are sums of daily shocks over
        that window, of which a share of \(Design.dateShare) is common to all rows of a date. The
        intervals use \(Rates.draws) draws; the gate itself uses 10000.

        - **equal**: the challenger is exactly as good as the champion, so every promotion is a
          false one. **+3**, **+5**: it is better by so many points of accuracy.
        - **rule**: promotes from 2 points of accuracy or 3 points of weighted F1.
        - **interval**: the lower end of the 95 % interval of the accuracy difference is above 0,
          whether or not there is enough to go by.
        - **evidence**: the same, but never where there is too little: under 100 rows, 30 wins or 30
          losses, ten label windows that do not overlap, or two blocks. **Insufficient** says how
          often that is so when the challenger is equal.
        - **guess**: a model that guesses in the shares of the classes, against the majority
          baseline, because there is no champion. **With F1**: if weighted F1 counted there as
          it does against a champion.

        \(table(full))
        \(reading)

        ## The first \(quickRepetitions) holdouts of each line

        Counts for equal, +3 and +5; a test makes them again.

        \(counts(quick))
        """
    }

    /// What the rates say, and why; written once, true of the committed page.
    private static let reading = """
        What to take from it:

        - The rule alone often promotes a challenger that is no better. With independent rows more
          of them help; with overlapping labels they hardly do, because it is dates that are few.
        - A quarter holds three label windows of 21 sessions, so the evidence is always insufficient
          there; what its interval would have said is wrong five to eight times as often as the
          2.5 % that a 95 % interval claims.
        - Over a year the evidence is wrong two to three times as often as it claims: percentile
          intervals from twelve blocks are too narrow, and labels tie neighbouring blocks, which are
          drawn as if they were free of each other. It is still wrong at most a quarter as often as
          the rule, and it finds a gain of 5 points in a fifth to a third of the holdouts.
        - Against the majority baseline weighted F1 would promote a guessing model in two holdouts
          of three, or more; that is why it must gain as much over a guess with the model's own
          shares there. Where dates are few, that too happens by luck.
        """

    /// Rates in percent.
    static func table(_ rates: [Rates]) -> String {
        var text = """
            | labels | sessions | rows | rule: equal | +3 | +5 | interval: equal | +3 | +5 \
            | evidence: equal | +3 | +5 | insufficient | guess | with F1 |
            |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|

            """
        for line in rates {
            let cells =
                line.rule + line.interval + line.evidence
                + [line.insufficient, line.guessing, line.guessingWithF1]
            let shares = cells.map { percent(Double($0) / Double(line.repetitions)) }
            text += "| \(head(line.design)) | \(shares.joined(separator: " | ")) |\n"
        }
        return text
    }

    /// Counts of promotions.
    public static func counts(_ rates: [Rates]) -> String {
        var text = """
            | labels | sessions | rows | rule | interval | evidence | insufficient | guess | with F1 |
            |---|--:|--:|---|---|---|--:|--:|--:|

            """
        for line in rates {
            let lists = [line.rule, line.interval, line.evidence].map { counts in
                counts.map(String.init).joined(separator: ", ")
            }
            text += "| \(head(line.design)) | \(lists.joined(separator: " | "))"
            text += " | \(line.insufficient) | \(line.guessing) | \(line.guessingWithF1) |\n"
        }
        return text
    }

    private static func head(_ design: Design) -> String {
        let labels = design.overlaps ? "overlapping" : "independent"
        return "\(labels) | \(design.sessions) | \(design.rows)"
    }

    /// A share in percent with one decimal, in whole numbers.
    private static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1_000).rounded())
        return "\(tenths / 10).\(tenths % 10) %"
    }
}
