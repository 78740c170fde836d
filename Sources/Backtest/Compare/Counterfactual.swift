/// What a strategy comes to under another assumption, to see what a comparison hangs on; none of
/// them can be chosen.
public enum Counterfactual: Hashable, Sendable {
    /// Its own decisions with other slippage, basis points a side.
    case priced(Int)
    /// Decided anew with other slippage, basis points a side.
    case slippage(Int)
    /// Decided anew with filings used so many days after they became known.
    case delay(Int)
    /// Decided anew with filings known when they were traded. Nobody can trade on it.
    case knownWhenTraded

    /// Those that need no replay.
    public static let pricings: [Counterfactual] = [.priced(0), .priced(10), .priced(20)]

    /// Those that are replays of their own.
    public static let replays: [Counterfactual] = [
        .slippage(0), .slippage(10), .slippage(20), .delay(1), .delay(3), .knownWhenTraded,
    ]

    /// What a reader sees.
    public var title: String {
        switch self {
        case .priced(let points): "same decisions, slippage \(points) bp a side"
        case .slippage(let points): "decided anew, slippage \(points) bp a side"
        case .delay(let days):
            "decided anew, filings used \(days) \(days == 1 ? "day" : "days") later"
        case .knownWhenTraded: "NOT TRADABLE: filings known on their trade dates"
        }
    }

    /// The name that its trial and its JSON have.
    public var key: String {
        switch self {
        case .priced(let points): "priced_\(points)"
        case .slippage(let points): "slippage_\(points)"
        case .delay(let days): "delay_\(days)"
        case .knownWhenTraded: "known_when_traded"
        }
    }

    /// The setting that it changes; nil for one that changes no setting.
    public var setting: String? {
        switch self {
        case .slippage(let points): "slippage_bp=\(points)"
        case .delay(let days): "publication_delay_days=\(days)"
        case .priced, .knownWhenTraded: nil
        }
    }
}
