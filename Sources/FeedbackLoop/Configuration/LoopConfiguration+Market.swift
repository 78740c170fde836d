import Events
public import Learning
public import Market

extension LoopConfiguration {
    /// The rules by which the market fills this configuration's orders.
    public var marketRules: MarketRules {
        var costs = Costs(
            slippageBasisPoints: slippageBasisPoints, commissionBasisPoints: commissionBasisPoints)
        costs.commissionPerShare = commissionPerShare
        costs.commissionPerOrder = commissionPerOrder
        costs.regulatoryFees = regulatoryFees
        return MarketRules(
            costs: costs, noPriceSessions: noPriceSessions, delistingHaircut: delistingHaircut,
            fractionalShares: fractionalShares, cashRate: cashRate)
    }

    /// The rules of this configuration's hypothetical trades.
    public var labelRules: LabelRules {
        var rules = LabelRules(
            costs: marketRules.costs, stopMultiple: stopMultiple,
            trailingFraction: trailingFraction, takeProfitFraction: takeProfitFraction,
            timeoutDays: timeoutDays, noPriceSessions: noPriceSessions,
            delistingHaircut: delistingHaircut, breakeven: breakevenFraction)
        rules.kind = marketLabel
        rules.measure = labelReturn
        return rules
    }

    /// The rules of a trade that nothing ends but the timeout, in excess of the index, at no cost.
    var heldRules: LabelRules {
        var rules = labelRules
        (rules.kind, rules.measure) = (.exits, .excess)
        (rules.stopMultiple, rules.trailingFraction, rules.takeProfitFraction) = (0, 0, 0)
        rules.costs = Costs(slippageBasisPoints: 0, commissionBasisPoints: 0)
        return rules
    }

    /// Whether it asks for models.
    public var learns: Bool { train }

    /// Whether the champion's weight moves by what both shadow arms earn.
    var weighsArms: Bool { blend && adaptiveBlend }

    /// Bars of the average true range that sets a stop.
    public var rangeSessions: Int { atrSessions }

    /// How this configuration's training sets are cut.
    public var trainingRules: TrainingRules {
        var rules = TrainingRules()
        rules.outcomeWeight = outcomeWeight
        rules.outcomeWindowDays = outcomeWindowDays
        rules.lookbackSessions = trainingLookbackSessions
        rules.holdoutSessions = holdoutSessions
        rules.earlyStoppingSessions = earlyStoppingSessions
        rules.profitWeight = profitWeight
        return rules
    }

    /// When a model says buy or sell at the start.
    public var startThresholds: MachineThresholds {
        MachineThresholds(buyHundredths: buyThreshold, sellHundredths: sellThreshold)
    }

    /// The champion's weight at the start, tenths; 0 where nothing is blended.
    public var startBlendTenths: Int { blend ? blendTenths : 0 }

    /// What this configuration's trainer is told.
    public var trainingParameters: TrainingParameters {
        var parameters = TrainingParameters()
        (parameters.depth, parameters.rounds, parameters.bins) = (treeDepth, treeRounds, treeBins)
        let skill = FeatureCatalogue.skilledFlow
        parameters.minimumGain = splitGain
        if skillPrior > 0 {
            parameters.prior = TrainingParameters.Prior(column: skill, slope: skillPrior)
        }
        if skillRises {
            parameters.risingColumns = Array(repeating: 0, count: FeatureCatalogue.count)
            parameters.risingColumns[skill] = 1
        }
        return parameters
    }

    /// Sessions that a label looks ahead at most, holidays aside: 5 of 7 days, the entry and the
    /// exit.
    public var labelSessions: Int {
        marketLabel == .horizon
            ? LabelRules.horizonSessions + 1 : (timeoutDays * 5 + 6) / 7 + 2
    }

    /// Whether entries are risked less in `regime`.
    func isRisky(_ regime: Regime) -> Bool {
        useRegime && (regime == .volatile || regime == .bear)
    }

    /// The factor on an entry's size in `regime`.
    func sizeFactor(_ regime: Regime) -> Double {
        isRisky(regime) ? riskyRegimeSize : 1
    }

    /// The confidence that an entry needs in `regime`, hundredths.
    func entryThreshold(_ regime: Regime) -> Int {
        queueThreshold + (isRisky(regime) ? riskyRegimeThreshold : 0)
    }
}
