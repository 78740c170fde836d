import Events
import Learning
import Market

/// Measures, weekly, how each feature went with the labels that are mature by then.
enum FeatureAnalysisDecider {
    /// Calendar days of decisions that are looked at.
    static let windowDays = 90

    /// Records the measurement of the job's day; gives the number of labels that it looked at.
    static func decide(_ state: inout LoopState, _ desk: inout Desk) -> Int {
        let day = desk.now.day
        let mature = state.rows.mature.rows
        let places = mature.indices.filter {
            mature[$0].decidedOn > day - windowDays && mature[$0].label != nil
        }
        guard state.analysedOn != day,
            let analysis = FeatureAnalysis(mature, at: places, columns: FeatureCatalogue.count)
        else { return places.count }
        desk.record(
            analysis.message(envelope: desk.envelope(), day: day, windowDays: windowDays), &state)
        return places.count
    }
}
