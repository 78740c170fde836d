import Events
import Learning
import Market

/// Outcome → TrainingSet: cuts the rows of a training from what is mature now.
enum OutcomeToTrainingSet {
    static func decide(
        _ state: inout LoopState, _ world: borrowing World, useOutcomes: Bool
    ) -> TrainingSet {
        cut(
            &state.rows, state.labels, state.configuration, session: world.session,
            useOutcomes: useOutcomes)
    }

    /// The set after a session, from the rows whose labels are mature and those whose are not.
    static func cut(
        _ rows: inout RowArchive, _ labels: borrowing LabelBook,
        _ configuration: borrowing LoopConfiguration, session: Int, useOutcomes: Bool
    ) -> TrainingSet {
        var rules = configuration.trainingRules
        rules.useOutcomes = useOutcomes
        if !configuration.useOutcomes { rules.useOutcomes = false }
        rows.prune(rules, labelSessions: configuration.labelSessions, session: session)
        let labelRules = labels.rules
        return TrainingSet.prepareOutcomeTrainingData(
            TrainingSet.Supply(
                mature: rows.mature, immature: labels.immature.count, traded: rows.traded,
                latestMatureSession: labels.latestMatureSession(decidedThrough: session),
                columns: FeatureCatalogue.count, forgotten: rows.forgotten,
                unjoined: rows.unjoined),
            rules, outcome: { labelRules.outcome($0) })
    }
}
