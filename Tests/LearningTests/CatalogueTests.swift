import Events
import Foundation
import Learning
import Market
import TestKit
import Testing

@Suite("Features")
struct CatalogueTests {
    /// The order in which schema 1 stores them: frozen, since logs hold it.
    static let schemaOne = """
        politician_count buy_sell_ratio recent_activity_30d bipartisan net_volume volume_magnitude \
        party_alignment disclosure_delay committee_relevance market_momentum sector_performance \
        vix_level market_return_20d market_breadth clustering_count disclosure_recency_days \
        politician_trailing_score return_5 return_20 return_60 return_252 volatility_20 rsi_14 macd \
        bollinger_position volume_ratio drawdown_from_high regime_bull regime_bear regime_volatile \
        regime_sideways
        """

    /// What schema 2 adds.
    static let schemaTwo = "skilled_net_buying"

    /// What schema 3 adds.
    static let schemaThree = "skilled_flow"

    @Test("the schemas have these features in this order, each with a formula and a unit")
    func order() {
        let names = FeatureCatalogue.features.map(\.name)
        let promised = "\(Self.schemaOne) \(Self.schemaTwo) \(Self.schemaThree)"
            .split(separator: " ").map(String.init)
        #expect(names == promised)
        #expect(FeatureCatalogue.count(ofSchema: 1) == 31)
        #expect(FeatureCatalogue.count(ofSchema: 2) == 32)
        #expect(FeatureCatalogue.count(ofSchema: 0) == 0)
        #expect(FeatureCatalogue.count(ofSchema: FeatureCatalogue.schema) == names.count)
        #expect(FeatureCatalogue.count(ofSchema: FeatureCatalogue.schema + 1) == nil)
        #expect(Set(names).count == names.count)
        #expect(names[FeatureCatalogue.skilledFlow] == "skilled_flow")
        #expect(FeatureCatalogue.features.allSatisfy { !$0.formula.isEmpty && !$0.unit.isEmpty })
    }

    @Test("Documentation/features.md is what recount strategy features --markdown prints")
    func documented() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Documentation/features.md")
        #expect(try String(contentsOf: file, encoding: .utf8) == FeatureCatalogue.markdown)
        let rows = FeatureCatalogue.markdown.split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(rows.count == FeatureCatalogue.count)
        for (row, feature) in zip(rows, FeatureCatalogue.features) {
            #expect(row.hasPrefix("| `\(feature.name)` |"))
            #expect(row.replacing("\\|", with: "").count { $0 == "|" } == 6, "five cells")
        }
    }

    private func inputs(_ prices: PriceWindow = PriceWindow()) -> FeatureInputs {
        FeatureInputs(
            filings: FeatureInputs.Filings(), market: FeatureInputs.Market(), prices: prices,
            tickerRegime: .unknown, trailingScore: .nan, skilledNetBuying: .nan,
            skilledFlow: .nan)
    }

    @Test("what is not known is NaN, never a number that was made up")
    func unknown() {
        let values = FeatureCatalogue.values(inputs())
        for (feature, value) in zip(FeatureCatalogue.features, values) {
            switch feature.name {
            case "politician_count", "recent_activity_30d", "bipartisan", "net_volume",
                "volume_magnitude", "clustering_count":
                #expect(value == 0, "\(feature.name): nothing was filed")
            default: #expect(value.isNaN, "\(feature.name)")
            }
        }
    }

    @Test(
        "no price feature changes when every price is multiplied by a constant",
        arguments: [2.0, 0.1, 1 / 3.0, 137.25])
    func scale(factor: Double) {
        var generator = SeededGenerator(seed: 4)
        var price = 80.0
        let closes = (0..<253).map { _ in
            price *= 1 + Double.random(in: -0.03...0.03, using: &generator)
            return price
        }
        let volumes = closes.map { _ in Double(Int.random(in: 1...1_000, using: &generator)) }
        let plain = FeatureCatalogue.values(inputs(PriceWindow(closes: closes, volumes: volumes)))
        let scaled = FeatureCatalogue.values(
            inputs(PriceWindow(closes: closes.map { $0 * factor }, volumes: volumes)))
        for (feature, (one, other)) in zip(FeatureCatalogue.features, zip(plain, scaled)) {
            #expect(one.isNaN == other.isNaN, "\(feature.name)")
            if !one.isNaN { #expect(abs(one - other) <= abs(one) * 2e-7, "\(feature.name)") }
        }
    }

    @Test("a price that never moved gives a middle and no division by zero")
    func flat() {
        let flat = PriceWindow(
            closes: Array(repeating: 10, count: 60), volumes: Array(repeating: 0, count: 60))
        #expect(flat.relativeStrength(14) == 50)
        #expect(flat.bandPosition(20) == 0)
        #expect(flat.volumeRatio(20).isNaN)
        #expect(flat.drawdown(252) == 0)
        #expect(flat.convergence(12, 26) == 0)
    }
}
