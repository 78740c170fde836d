/// A replay beside a strategy's own, to see what a comparison hangs on; none of them can be chosen.
public enum Counterfactual: Hashable, Sendable {
    /// With other slippage, basis points a side.
    case slippage(Int)
    /// With filings used so many days after they became known.
    case delay(Int)
    /// With filings known when they were traded. Nobody can trade on it.
    case knownWhenTraded

    /// Those that a comparison measures.
    public static let all: [Counterfactual] = [
        .slippage(0), .slippage(10), .slippage(20), .delay(1), .delay(3), .knownWhenTraded,
    ]

    /// What a reader sees.
    public var title: String {
        switch self {
        case .slippage(let points): "slippage \(points) bp a side"
        case .delay(let days): "filings used \(days) \(days == 1 ? "day" : "days") later"
        case .knownWhenTraded: "NOT TRADABLE: filings known on their trade dates"
        }
    }

    /// The name that its trial and its JSON have.
    public var key: String {
        switch self {
        case .slippage(let points): "slippage_\(points)"
        case .delay(let days): "delay_\(days)"
        case .knownWhenTraded: "known_when_traded"
        }
    }

    /// The setting that it changes; nil for one that changes the facts.
    public var setting: String? {
        switch self {
        case .slippage(let points): "slippage_bp=\(points)"
        case .delay(let days): "publication_delay_days=\(days)"
        case .knownWhenTraded: nil
        }
    }
}
