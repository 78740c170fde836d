public import Events
import Learning

/// How an evaluation as it was recorded came to what it came to, by the loop's own arithmetic.
public struct EvaluationAccount: Sendable {
    /// What adds up to the heuristic's confidence.
    public let terms: [ConfidenceTerm]
    /// The heuristic's confidence, hundredths: the sum of the terms.
    public let heuristicHundredths: Int
    /// How the champion had a say in it.
    public let step: MixtureStep
    /// The decided confidence, ten-thousandths.
    public let confidence: Int
    /// Each number beside its bound, up to the first that was missed.
    public let checks: [RuleCheck]
    /// Why nothing was emitted; nil when a signal was.
    public let suppressed: SuppressionReason?
    /// Whether all of this is what was recorded: it is not where another version decided.
    public let agrees: Bool

    /// The account of an evaluation under the settings that it was made with.
    ///
    /// - Parameter reason: why it emitted nothing, as recorded; nil when it emitted.
    public init(
        _ event: SignalGenerated, suppressed reason: SuppressionReason?,
        _ configuration: LoopConfiguration
    ) {
        var terms: [ConfidenceTerm] = []
        let score = HeuristicScore(Evidence(event), configuration) { terms.append($0) }
        let champion = event.predictions.first { $0.role == .champion }
        let machine = champion.map { MachinePrediction($0) }
        var step = MixtureStep.heuristicAlone
        let mixture = BlendWeightToSignal.mix(
            score, machine, tenths: Int(event.blendTenths), configuration
        ) { step = $0 }
        var checks: [RuleCheck] = []
        let suppressed = DisclosureToSignal.suppression(
            politicians: Int(event.politicians), transactions: Int(event.transactions),
            score.kind, mixture, configuration
        ) { checks.append($0) }
        self.terms = terms
        self.step = step
        self.checks = checks
        self.suppressed = suppressed
        heuristicHundredths = score.confidence
        confidence = mixture.confidence
        agrees =
            suppressed == reason && score.kind == event.heuristicKind
            && Double(score.confidence) / 100 == event.heuristicConfidence
            && Double(mixture.confidence) / 10_000 == event.confidence
    }
}

extension Evidence {
    /// As an evaluation recorded it: what the heuristic reads, and no more.
    init(_ event: SignalGenerated) {
        self.init()
        politicians = Int(event.politicians)
        transactions = Int(event.transactions)
        buys = Int(event.buys)
        sells = Int(event.sells)
        recent = Int(event.recent)
        netVolume = event.netVolume
        totalVolume = event.totalVolume
        isBipartisan = event.bipartisan
        newestTrade = event.newestTrade
    }
}

extension MachinePrediction {
    /// As an evaluation recorded it.
    init(_ prediction: SignalGenerated.Prediction) {
        let probabilities = TreeEnsemble.Probabilities(
            loss: prediction.loss, breakeven: prediction.breakeven, win: prediction.win)
        self.init(
            model: prediction.model, role: prediction.role, probabilities: probabilities,
            share: probabilities.winShare ?? 0.5, side: prediction.side,
            mapped: prediction.mapped)
    }
}

extension SignalGenerated {
    /// What a suppressed evaluation would have said, had it been emitted: the same contents.
    public init(_ event: SignalSuppressed) {
        self.init(
            envelope: event.envelope, netVolume: event.netVolume, totalVolume: event.totalVolume,
            buySellRatio: event.buySellRatio, confidence: event.confidence,
            heuristicConfidence: event.heuristicConfidence,
            mappedConfidence: event.mappedConfidence, closePrice: event.closePrice,
            newestFiling: event.newestFiling, champion: event.champion,
            machineProbability: event.machineProbability, newestTrade: event.newestTrade,
            day: event.day, ticker: event.ticker, politicians: event.politicians,
            transactions: event.transactions, buys: event.buys, sells: event.sells,
            recent: event.recent, featureSchema: event.featureSchema,
            blendTenths: event.blendTenths, buyHundredths: event.buyHundredths,
            sellHundredths: event.sellHundredths, bipartisan: event.bipartisan, kind: event.kind,
            heuristicKind: event.heuristicKind, machineSide: event.machineSide,
            regime: event.regime, trigger: event.trigger, arms: event.arms,
            filings: event.filings.map { Filing(filing: $0.filing) },
            features: event.features.map { Feature(value: $0.value) },
            predictions: event.predictions.map {
                Prediction(
                    model: $0.model, win: $0.win, loss: $0.loss, breakeven: $0.breakeven,
                    mapped: $0.mapped, confidence: $0.confidence, role: $0.role, side: $0.side)
            })
    }
}
