extension Definitions {
    /// Words of the trade and of this program that a page uses without saying more.
    static let words: [Definition] = [
        ("Session", "A day on which the exchange trades."),
        (
            "Filing",
            "A report of their own trades that members of Congress must file; one row is one trade. "
                + "It counts from the day on which it was filed, never from that of the trade."
        ),
        (
            "Signal",
            "What the filings of a ticker, and the model, come to after a session: buy or sell, with "
                + "a confidence from 0 to 1. The next session's open is traded."
        ),
        (
            "Exits",
            "Stop: the price fell so far below the price paid. Trailing stop: below its highest "
                + "close. Take profit: it rose so far. Timeout: held as long as allowed. Opposite "
                + "signal: a signal to sell what is held."
        ),
        ("Basis point (bp)", "A hundredth of a per cent."),
        ("Champion", "The model that decides, until another one is promoted in its place."),
        (
            "Gate",
            "The rule that compares a new model with the champion, on results that neither has learnt "
                + "from, and promotes it or not."
        ),
        (
            "Blend weight",
            "The champion's share in a confidence; the filings alone have the rest."
        ),
        (
            "Threshold", "The probability from which the champion speaks for a purchase or a sale."
        ),
        (
            "Bootstrap",
            "An interval from drawing the sessions anew, with repetition, many times: in blocks, since "
                + "neighbouring sessions hang together, and the same ones for both sides."
        ),
        (
            "Deflated Sharpe ratio",
            "The chance that the true Sharpe ratio is above what the best of as many worthless "
                + "strategies as were tried would have shown."
        ),
        (
            "Seal, digest",
            "A fingerprint (SHA-256): equal inputs and decisions give equal ones, on any machine."
        ),
    ]

    /// Some definitions as a list, by their terms.
    static func html(_ definitions: [Definition]) -> String {
        let list = definitions.map {
            "<dt>\(Markup.escaped($0.term))</dt><dd>\(Markup.escaped($0.text))</dd>"
        }
        return "<div class=\"card\"><dl class=\"notes\">\(list.joined())</dl></div>"
    }
}
