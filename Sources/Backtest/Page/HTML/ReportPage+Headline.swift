import Events
import Pipeline

extension ReportPage {
    /// Title, period, and every warning, before any figure.
    var headline: String {
        let facts = report.facts
        var period = "No session lies in the window."
        if let first = report.daily.first, let last = report.daily.last {
            period =
                "\(first.day) to \(last.day), \(Figures.count(report.daily.count)) sessions: "
                + Markup.dollars(facts.startingValue.dollars) + " became "
                + Markup.dollars(last.value.dollars) + "."
        }
        let warnings = warnings.map { "<li>\(Markup.escaped($0))</li>" }
        let notes = remarks.map { "<li class=\"note\">\(Markup.escaped($0))</li>" }
        return """
            <header>
            <h1>\(Markup.escaped(facts.run)): strategy \(Markup.escaped(facts.strategy))</h1>
            <p class="lead">\(Markup.escaped(period))</p>
            <p class="seals">\(seals)</p>
            <ul class="warnings" aria-label="Warnings">\((warnings + notes).joined())</ul>
            </header>
            """
    }

    /// The first eight digits of what the page follows from; all of them stand below.
    private var seals: String {
        let facts = report.facts
        let parts = [
            ("Strategy digest", facts.strategyDigest), ("run", facts.seal),
            ("timeline", facts.timelineSeal),
        ]
        let texts = parts.map { name, digest in
            "\(name) <code>\(digest.map { "\($0)".prefix(8) } ?? "unknown")</code>"
        }
        return "\(texts.joined(separator: ", ")); <a href=\"#settings\">settings and seals</a>"
    }

    /// What a reader must know before believing a figure, the gravest first.
    var warnings: [String] {
        (report.warnings + report.thinness).map { $0.prefix(1).uppercased() + $0.dropFirst() }
    }

    /// What is true of the run without being a warning.
    private var remarks: [String] {
        let hindsight = report.facts.hindsight.map { "\(Figures.count($0.count)) \($0.name)" }
        let used =
            hindsight.isEmpty
            ? "Hindsight facts used: none."
            : "Hindsight facts used (their true knowledge date is not known): "
                + hindsight.joined(separator: ", ") + "."
        let fork = report.facts.fork.map { "\($0.prefix(1).uppercased())\($0.dropFirst())." }
        return [
            fork, used, report.followedText.map { "\($0)." }, report.survivorship.map { "\($0)." },
            report.facts.prices?.sessions.map { "\($0)." },
        ].compactMap(\.self)
            + report.facts.notes.map { "Note: \($0)." }
    }

    /// The strategy's settings, and the seals that the page follows from.
    var settingsSection: String {
        let facts = report.facts
        let seals: [(String, String)] = [
            ("Run", facts.run), ("Strategy", facts.strategy),
            ("Strategy digest", facts.strategyDigest.map { "\($0)" } ?? "unknown"),
            ("Seal of the run", facts.seal.map { "\($0)" } ?? "unknown"),
            ("Seal of the timeline", facts.timelineSeal.map { "\($0)" } ?? "unknown"),
            ("Index", indexName ?? "none"),
        ]
        let list = seals.map {
            "<dt>\($0.0)</dt><dd><code>\(Markup.escaped($0.1))</code></dd>"
        }
        return """
            <div class="card"><dl class="facts">\(list.joined())</dl></div>
            <div class="card"><h3>Settings</h3><pre>\(Markup.escaped(configuration))</pre></div>
            """
    }
}
