import Events
import Learning
import Market

/// Disclosure → Signal: evaluates the tickers that are due, in order of ticker.
///
/// Due is a ticker with a filing that no evaluation has read, or in the weekly pass one with a
/// trade in the look-back. Each evaluation is an event, emitted or suppressed; its natural key is
/// (session, ticker), so a second call in one session adds nothing.
enum DisclosureToSignal {
    static func decide(
        _ state: inout LoopState, _ memo: inout LoopMemo, _ desk: inout Desk,
        trigger: EvaluationTrigger
    ) throws(LoopError) {
        guard let day = desk.world.day else { return }
        let first = day - state.configuration.lookbackDays
        let due =
            trigger == .weekly
            ? state.disclosures.traded(after: first) : state.disclosures.withNewFiling()
        let numbers = due.filter { state.disclosures.entries[$0].evaluatedOn != day }
        // All are assessed before any is recorded, so that a model is asked once for all of them.
        // No evaluation reads what one before it in the same call has left.
        let entries = numbers.map { state.disclosures.entries[$0] }
        for assessed in try assess(entries, day, state, &memo, desk.world, desk.artefacts) {
            evaluate(assessed, day, trigger, &state, &desk)
        }
    }

    private static func evaluate(
        _ assessed: Assessment, _ day: Day, _ trigger: EvaluationTrigger,
        _ state: inout LoopState, _ desk: inout Desk
    ) {
        let event = evaluation(assessed, day, trigger, state, desk.world, desk.recorder)
        if let reason = suppression(assessed.evidence, assessed.judgement, state.configuration) {
            desk.record(SignalSuppressed(event, reason: reason), &state)
        } else {
            desk.record(event, &state)
        }
    }

    /// What is to be said of a ticker, before anything is recorded.
    struct Assessment {
        let entry: DisclosureBook.Entry
        let evidence: Evidence
        let features: [Float]
        let judgement: Judgement
    }

    private static func assess(
        _ entries: [DisclosureBook.Entry], _ day: Day, _ state: borrowing LoopState,
        _ memo: inout LoopMemo, _ world: borrowing World, _ store: any ArtefactStore
    ) throws(LoopError) -> [Assessment] {
        var evidence: [Evidence] = []
        var evaluated: [Evaluated] = []
        for entry in entries {
            let known = Evidence(
                entry, filers: state.disclosures.filers, day: day,
                configuration: state.configuration)
            let features =
                state.hasFeatures
                ? memo.features.features(
                    entry, known, day: day, filers: state.disclosures.filers, state.desk, world,
                    state.configuration) : []
            evidence.append(known)
            evaluated.append(Evaluated(ticker: entry.ticker, features: features))
        }
        let predictions = try memo.predictions(evaluated, day, state, store)
        var assessed: [Assessment] = []
        for index in entries.indices {
            let score = HeuristicScore(evidence[index], state.configuration)
            assessed.append(
                Assessment(
                    entry: entries[index], evidence: evidence[index],
                    features: evaluated[index].features,
                    judgement: Judgement(score, predictions[index], state)))
        }
        return assessed
    }

    /// The same of a ticker that need not have been filed on.
    static func assess(
        _ ticker: Ticker, _ day: Day, _ state: borrowing LoopState, _ memo: inout LoopMemo,
        _ world: borrowing World, _ store: any ArtefactStore
    ) throws(LoopError) -> Assessment {
        let entry = state.disclosures.entry(of: ticker) ?? DisclosureBook.Entry(ticker: ticker)
        return try assess([entry], day, state, &memo, world, store)[0]
    }

    /// Why an evaluation emits nothing, nil when it emits; `check` is lent each number beside its
    /// bound, up to the first that is missed.
    static func suppression(
        _ evidence: Evidence, _ judgement: Judgement, _ configuration: LoopConfiguration
    ) -> SuppressionReason? {
        suppression(
            politicians: evidence.politicians, transactions: evidence.transactions,
            judgement.score.kind, judgement.decided, configuration)
    }

    /// The same of an evaluation as it was recorded.
    static func suppression(
        politicians: Int, transactions: Int, _ kind: SignalKind,
        _ decided: BlendWeightToSignal.Mixture, _ configuration: LoopConfiguration,
        check: (RuleCheck) -> Void = { _ in }
    ) -> SuppressionReason? {
        func misses(_ rule: RuleCheck) -> Bool {
            check(rule)
            return !rule.isMet
        }
        if misses(
            RuleCheck(
                .politicians, politicians, .atLeast, configuration.minimumPoliticians,
                "min_politicians"))
        {
            return .tooFewPoliticians
        }
        if misses(
            RuleCheck(
                .transactions, transactions, .atLeast, configuration.minimumTransactions,
                "min_transactions"))
        {
            return .tooFewTransactions
        }
        if misses(RuleCheck(.direction, kind == .hold ? 0 : 1, .atLeast, 1)) { return .hold }
        let isOpposed = decided.isOpposed && configuration.opposition == .suppress
        if misses(RuleCheck(.opposition, isOpposed ? 1 : 0, .below, 1, "opposition")) {
            return .oppositeDirections
        }
        let isEmitted = RuleCheck(
            .emission, Double(decided.confidence) / 10_000, .atLeast,
            Double(configuration.emitThreshold) / 100, "emit_threshold")
        return misses(isEmitted) ? .belowEmitThreshold : nil
    }

    private static func evaluation(
        _ assessed: Assessment, _ day: Day, _ trigger: EvaluationTrigger,
        _ state: borrowing LoopState, _ world: borrowing World, _ recorder: borrowing Recorder
    ) -> SignalGenerated {
        let (entry, evidence, features) = (assessed.entry, assessed.evidence, assessed.features)
        let judgement = assessed.judgement
        let cause = entry.newest
        let slot = world.prices.slot(of: entry.ticker)
        let score = judgement.score
        let champion = judgement.champion
        let isBlended = state.configuration.blend && champion != nil
        return SignalGenerated(
            envelope: recorder.envelope(causation: cause, correlation: cause),
            netVolume: evidence.netVolume, totalVolume: evidence.totalVolume,
            buySellRatio: evidence.ratio(cap: state.configuration.ratioCap),
            confidence: Double(judgement.decided.confidence) / 10_000,
            heuristicConfidence: Double(score.confidence) / 100,
            mappedConfidence: champion?.mapped.map(Double.init),
            closePrice: slot.map { world.prices.latestBar($0).close }, newestFiling: cause,
            champion: champion?.model ?? .none,
            machineProbability: champion.map { Float($0.share) }, newestTrade: evidence.newestTrade,
            day: day, ticker: entry.ticker,
            politicians: UInt16(clamping: evidence.politicians),
            transactions: UInt16(clamping: evidence.transactions),
            buys: UInt16(clamping: evidence.buys), sells: UInt16(clamping: evidence.sells),
            recent: UInt16(clamping: evidence.recent),
            featureSchema: features.isEmpty ? 0 : FeatureCatalogue.schema,
            blendTenths: isBlended ? UInt8(clamping: state.blendTenths) : 0,
            buyHundredths: judgement.machine.isEmpty
                ? 0 : UInt8(clamping: state.thresholds.buyHundredths),
            sellHundredths: judgement.machine.isEmpty
                ? 0 : UInt8(clamping: state.thresholds.sellHundredths),
            bipartisan: evidence.isBipartisan, kind: score.kind, heuristicKind: score.kind,
            machineSide: champion?.side, regime: state.regime, trigger: trigger,
            arms: arms(score, champion, state.configuration),
            // The newest of so many that a message cannot name them all; all of them counted.
            filings: evidence.filings.suffix(EventSchema.largestGroup).map {
                SignalGenerated.Filing(filing: $0)
            },
            features: features.map { SignalGenerated.Feature(value: $0) },
            predictions: judgement.machine.map { $0.prediction.prediction($0.mixture) })
    }

    /// The heuristic arm enters on a buy at the queue threshold, the machine's on a buy of the
    /// champion.
    private static func arms(
        _ score: HeuristicScore, _ champion: MachinePrediction?,
        _ configuration: LoopConfiguration
    ) -> ShadowArms {
        var arms: ShadowArms = []
        if score.isBuy, score.confidence >= configuration.queueThreshold { arms.insert(.heuristic) }
        if champion?.side == .buy { arms.insert(.machine) }
        return arms
    }
}

extension SignalSuppressed {
    /// An evaluation that emits nothing, for `reason`.
    init(_ evaluation: SignalGenerated, reason: SuppressionReason) {
        self.init(
            envelope: evaluation.envelope, netVolume: evaluation.netVolume,
            totalVolume: evaluation.totalVolume, buySellRatio: evaluation.buySellRatio,
            confidence: evaluation.confidence, heuristicConfidence: evaluation.heuristicConfidence,
            mappedConfidence: evaluation.mappedConfidence,
            closePrice: evaluation.closePrice, newestFiling: evaluation.newestFiling,
            champion: evaluation.champion, machineProbability: evaluation.machineProbability,
            newestTrade: evaluation.newestTrade, day: evaluation.day, ticker: evaluation.ticker,
            politicians: evaluation.politicians, transactions: evaluation.transactions,
            buys: evaluation.buys, sells: evaluation.sells, recent: evaluation.recent,
            featureSchema: evaluation.featureSchema, blendTenths: evaluation.blendTenths,
            buyHundredths: evaluation.buyHundredths, sellHundredths: evaluation.sellHundredths,
            bipartisan: evaluation.bipartisan, kind: evaluation.kind,
            heuristicKind: evaluation.heuristicKind, machineSide: evaluation.machineSide,
            regime: evaluation.regime, trigger: evaluation.trigger, arms: evaluation.arms,
            reason: reason, filings: evaluation.filings.map { Filing(filing: $0.filing) },
            features: evaluation.features.map { Feature(value: $0.value) },
            predictions: evaluation.predictions.map {
                Prediction(
                    model: $0.model, win: $0.win, loss: $0.loss, breakeven: $0.breakeven,
                    mapped: $0.mapped, confidence: $0.confidence, role: $0.role, side: $0.side)
            })
    }
}
