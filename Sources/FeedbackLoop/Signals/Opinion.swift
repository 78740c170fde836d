public import Events
public import Learning
public import Market

/// What the loop says of a ticker as of the latest session, though nothing is due: the same
/// evidence, features, models and mixture as an evaluation, and nothing is recorded.
public struct Opinion: Sendable {
    /// Who answers.
    public enum Source: Sendable {
        /// The champion.
        case model(Champion)
        /// Prices alone: there is no champion, or an imported one that was not told.
        case momentum(Momentum)
        /// Nobody: no champion, and too few bars.
        case nobody
    }

    /// The champion's word.
    public struct Champion: Sendable {
        /// The model.
        public let model: Reference
        /// Its artefact; of an imported model the file that it came with.
        public let artefact: Digest
        /// Whether another tool trained it: there are no trees to explain.
        public let isImported: Bool
        /// The probabilities of the classes.
        public let probabilities: TreeEnsemble.Probabilities
        /// Its side probability on the heuristic's scale; nil for a model without a map.
        public let mapped: Float?
    }

    /// What the filings add up to, and what the heuristic says of them.
    public struct Filings: Sendable {
        /// Distinct filers.
        public let politicians: Int
        /// Purchases.
        public let buys: Int
        /// Sales.
        public let sells: Int
        /// Dollars bought less those sold.
        public let netVolume: Double
        /// The latest date traded on.
        public let newestTrade: Day?
        /// What the heuristic says.
        public let kind: SignalKind
        /// How sure it is, a fraction.
        public let confidence: Double
    }

    /// The ticker.
    public let ticker: Ticker
    /// The session.
    public let day: Day
    /// Who answers.
    public let source: Source
    /// The answer: buy is long, sell is short.
    public let side: MachineSide
    /// P(win) / (P(win) + P(loss)) of the long side, or what momentum gives; nil without an answer.
    public let probability: Double?
    /// With a champion that of the loop's mixture; else momentum's.
    public let confidence: Double
    /// The index's regime.
    public let regime: Regime
    /// What was filed.
    public let filings: Filings
    /// The champion's weight in the mixture, tenths.
    public let blendTenths: Int
    /// When a model says buy or sell.
    public let thresholds: MachineThresholds
    /// Why an evaluation would emit no signal; nil when it would.
    public let suppressed: SuppressionReason?
    /// Features in catalogue order; empty when the loop has none.
    public let features: [Float]
}

extension LoopStrategy {
    /// Every ticker that was filed on and may still count, in the order in which it was first.
    public var filedTickers: [Ticker] { state.disclosures.entries.map(\.ticker) }

    /// What the loop says of a ticker as of the latest session; nil before the first.
    ///
    /// - Throws: `LoopError.artefactLost` when the champion's trees cannot be lent.
    public func opinion(
        of ticker: Ticker, _ world: borrowing World, artefacts: any ArtefactStore = NoArtefacts()
    ) throws(LoopError) -> Opinion? {
        guard let day = world.day else { return nil }
        var memo = self.memo
        let assessed = try DisclosureToSignal.assess(ticker, day, state, &memo, world, artefacts)
        let judgement = assessed.judgement
        let (source, side, probability, confidence) = answer(ticker, judgement, state, world)
        return Opinion(
            ticker: ticker, day: day, source: source, side: side, probability: probability,
            confidence: confidence, regime: state.regime,
            filings: Opinion.Filings(
                politicians: assessed.evidence.politicians, buys: assessed.evidence.buys,
                sells: assessed.evidence.sells, netVolume: assessed.evidence.netVolume,
                newestTrade: assessed.evidence.newestTrade, kind: judgement.score.kind,
                confidence: Double(judgement.score.confidence) / 100),
            blendTenths: state.configuration.blend ? state.blendTenths : 0,
            thresholds: state.thresholds,
            suppressed: DisclosureToSignal.suppression(
                assessed.evidence, judgement, state.configuration),
            features: assessed.features)
    }

    private func answer(
        _ ticker: Ticker, _ judgement: Judgement, _ state: borrowing LoopState,
        _ world: borrowing World
    ) -> (Opinion.Source, MachineSide, Double?, Double) {
        if let prediction = judgement.champion, let champion = state.models.champion {
            let source = Opinion.Champion(
                model: champion.reference, artefact: champion.artefact,
                isImported: champion.isImported,
                probabilities: prediction.probabilities, mapped: prediction.mapped)
            let confidence = Double(judgement.decided.confidence) / 10_000
            return (.model(source), prediction.side, prediction.share, confidence)
        }
        let window = world.prices.slot(of: ticker)
            .map { PriceWindow(world.prices, slot: $0, bars: Momentum.bars) }
        guard let momentum = Momentum(window ?? PriceWindow()) else {
            return (.nobody, .neutral, nil, 0)
        }
        return (
            .momentum(momentum), MachineSide(momentum.probability, state.thresholds),
            momentum.probability, momentum.confidence
        )
    }
}
