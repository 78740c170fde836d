import Events
import Learning
import Market

/// Outcome → TrainingSet: cuts the rows of a training from what is mature now.
enum OutcomeToTrainingSet {
    static func decide(
        _ state: inout LoopState, _ world: borrowing World, useOutcomes: Bool
    ) -> TrainingSet {
        var rules = state.configuration.trainingRules
        rules.useOutcomes = useOutcomes
        state.rows.prune(
            rules, ripening: state.configuration.labelSessions, session: world.session)
        let labels = state.labels.rules
        return TrainingSet.prepareOutcomeTrainingData(
            TrainingSet.Supply(
                ripe: state.rows.ripe, immature: state.labels.growing.count,
                traded: state.rows.traded,
                latestRipeSession: state.labels.latestRipeSession(decidedThrough: world.session),
                columns: FeatureCatalogue.count, forgotten: state.rows.forgotten),
            rules, outcome: { labels.outcome($0) })
    }
}
