import Events

/// An answer as a page to keep: one file that asks for nothing from any network and runs nothing.
public struct WhyPage: Sendable {
    /// The answer.
    public var answer: WhyNode
    /// What was asked, in words.
    public var question: String
    /// Of which run, as of when, under which seals.
    public var view: String
    /// The prices around it; nil for an answer that is about no ticker.
    public var chart: WhyChart?

    /// A page of an answer.
    public init(_ answer: WhyNode, question: String, view: String, chart: WhyChart?) {
        (self.answer, self.question, self.view, self.chart) = (answer, question, view, chart)
    }

    /// The page.
    public var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" \
        content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="referrer" content="no-referrer">
        <title>\(MarkupText.escaped(question)) – Recount</title>
        <style>\(WhyPage.style)</style>
        </head>
        <body>
        <header>
        <p class="question">\(MarkupText.escaped(question))</p>
        <h1>\(MarkupText.escaped(answer.title))</h1>
        <p class="muted">\(MarkupText.escaped(view))</p>
        </header>
        <main>
        \(short)
        \(prices)
        \(filings)
        \(arithmetic)
        \(chain)
        </main>
        <footer><p>Made by <code>recount why</code> from the run's own events and its timeline; \
        equal runs give equal pages. <em>Recomputed</em> marks a number that no event records: the \
        loop's own rules gave it again from what was recorded.</p></footer>
        </body>
        </html>

        """
    }

    private var short: String {
        "<section><h2>In short</h2><div class=\"card\">"
            + WhyPage.body(of: answer) + "</div></section>"
    }

    private var prices: String {
        guard let chart else { return "" }
        return """
            <section><h2>The price around it</h2><div class="card">
            <div class="scroll"><div class="chart">\(chart.svg)</div></div>
            \(chart.legend)
            </div></section>
            """
    }

    /// Every filing behind the answer, once, in order of knowledge.
    private var filings: String {
        var rows: [WhyNode] = []
        var seen: [Reference: Bool] = [:]
        for node in answer.withAllBehind where node.source != nil && seen[node.event] == nil {
            seen[node.event] = true
            rows.append(node)
        }
        guard !rows.isEmpty else { return "" }
        rows.sort { ($0.knownAt ?? .epoch, $0.event) < ($1.knownAt ?? .epoch, $1.event) }
        return "<section><h2>The filings, as filed</h2>"
            + rows.map { WhyPage.card($0) }.joined(separator: "\n") + "</section>"
    }

    /// The numbers of the evaluation behind the answer, where the answer itself is none.
    private var arithmetic: String {
        let kinds = [SignalGenerated.messageName, SignalSuppressed.messageName]
        let evaluation = answer.withAllBehind.first { kinds.contains($0.type) }
        guard let evaluation, evaluation.event != answer.event else { return "" }
        return "<section><h2>The arithmetic</h2><div class=\"card\"><h3>"
            + "\(MarkupText.escaped(evaluation.title)) <code>\(evaluation.event)</code></h3>"
            + WhyPage.body(of: evaluation) + "</div></section>"
    }

    private var chain: String {
        guard !answer.causes.isEmpty else { return "" }
        return "<section><h2>What stood behind it</h2>"
            + answer.causes.map { WhyPage.cause($0, isOpen: true) }.joined(separator: "\n")
            + "</section>"
    }
}

extension WhyNode {
    /// This answer and all behind it.
    var withAllBehind: [WhyNode] { [self] + causes.flatMap { $0.node.withAllBehind } }
}
