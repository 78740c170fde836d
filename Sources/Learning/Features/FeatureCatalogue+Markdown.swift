extension FeatureCatalogue {
    /// The catalogue as a page: what `Documentation/features.md` holds.
    public static var markdown: String {
        let rows = features.map { feature in
            "| `\(feature.name)` | \(escaped(feature.formula)) | \(escaped(feature.unit)) | "
                + "\(sources(feature.source)) | \(feature.isHindsight ? "yes" : "") |\n"
        }
        return introduction + rows.joined() + walkthrough
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { $0 += $1 == "|" ? "\\|" : String($1) }
    }

    private static func sources(_ source: Feature.Source) -> String {
        switch source {
        case .filings: "the filings that counted"
        case .prices: "the ticker's bars"
        case .market: "other tickers' bars"
        case .index: "an index"
        case .labels: "mature labels"
        case .none: "none: always unknown"
        }
    }

    private static let introduction = """
        # Features

        Written by `recount strategy features --markdown`; do not edit. Schema \(schema),
        \(count) features.

        Each is computed once, when a ticker is evaluated, from what was known then, rounded to
        Float32 and stored with the evaluation; models are trained on what was stored. What is not
        known is NaN (null in JSON), never a made-up number. A price feature reads a fixed number
        of bars and does not change when all of the ticker's prices are multiplied by a constant.
        *Hindsight* marks what reads a fact whose true knowledge date is unknown: parties and
        sectors as they are known today.

        | feature | formula | unit | from | hindsight |
        |---|---|---|---|---|

        """

    private static let walkthrough = """

        ## Adding a feature

        Say, the return over 120 bars.

        1. In `Sources/Learning/Features/FeatureCatalogue.swift` put it **at the end** of the list,
           since events store values by place; raise `schema`, and append the new number of
           features to `counts`:

           ```swift
           public static let schema: UInt16 = 4
           public static let features: [Feature] = filings + market + history + prices + later + latest + added
           private static let counts = [0, 31, 32, 33, 34]

           private static let added: [Feature] = [
               Feature("return_120", "close over the close 120 bars ago − 1", unit: "fraction",
                   .prices) { $0.prices.simpleReturn(120) }
           ]
           ```

           A value that it cannot give is `.nan`. What it reads comes as an argument,
           `FeatureInputs`; what is not there yet is gathered in
           `Sources/FeedbackLoop/Learning/FeatureDesk.swift`.
        2. `Tests/LearningTests/CatalogueTests.swift` pins names and order of each schema: add
           those of the new one. A price feature also gets its formula in pandas, in
           `Tools/check-features.py`, and its column in `Tests/LearningTests/PandasTests.swift`.
        3. `recount strategy features --markdown > Documentation/features.md`; a test compares
           the page with the catalogue.
        4. `recount check-lookahead` on a run: what it reads must not change when the future does.

        Nothing else changes: no event has a field for a feature, read models take the names from
        the catalogue, and values of an earlier schema are the beginning of the list. Rows of an
        earlier schema are not trained on together with those of a later one: a training counts
        them as `noFeatures`.

        """
}
