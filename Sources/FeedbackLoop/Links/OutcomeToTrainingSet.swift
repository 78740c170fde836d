import Events
import Learning
import Market

/// Outcome → TrainingSet: cuts the rows of a training from what is mature now.
enum OutcomeToTrainingSet {
    /// What a training job takes after the latest session; its start has pruned the rows.
    static func decide(
        _ state: borrowing LoopState, session: Int, _ terms: TrainingTerms, _ job: JobKind
    ) -> TrainingSet {
        cut(
            state.rows, state.labels, terms.rules(job, state.configuration), session: session)
    }

    /// The set after a session, from the rows whose labels are mature and those whose are not.
    static func cut(
        _ rows: inout RowArchive, _ labels: borrowing LabelBook,
        _ configuration: borrowing LoopConfiguration, session: Int, _ terms: TrainingTerms,
        _ job: JobKind
    ) -> TrainingSet {
        // What is kept is the strategy's, whatever one request asks for.
        rows.prune(
            configuration.trainingRules, labelSessions: configuration.labelSessions,
            session: session)
        return cut(rows, labels, terms.rules(job, configuration), session: session)
    }

    private static func cut(
        _ rows: borrowing RowArchive, _ labels: borrowing LabelBook, _ rules: TrainingRules,
        session: Int
    ) -> TrainingSet {
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
