import Events
import FeedbackLoop
import Learning

extension PerformanceProjection {
    /// One row a feature.
    func measure(
        _ event: FeatureImportanceMeasured, _ projected: borrowing ProjectedEvent,
        _ rows: inout RowChanges
    ) throws {
        let (position, measure) = (projected.position, executed.measure)
        for measured in event.features {
            let number = Int(measured.feature)
            guard event.featureSchema <= FeatureCatalogue.schema, number < FeatureCatalogue.count
            else {
                throw ProjectionRefusal(
                    "its feature \(number) of schema \(event.featureSchema) is not known here")
            }
            rows.insert(1, .pair(Int64(position), Int64(number))) { row in
                row.integer(position)
                row.integer(number)
                row.day(event.day)
                row.integer(event.windowDays)
                row.text(FeatureCatalogue.features[number].name)
                row.real(measured.correlation)
                row.real(measured.pValue)
                row.real(measured.median)
                row.real(measured.averageHigh)
                row.real(measured.averageLow)
                row.real(measured.lift)
                row.integer(event.rows)
                row.integer(measured.high)
                row.integer(measured.low)
                row.real(measured.winRateHigh)
                row.real(measured.winRateLow)
                row.boolean(measured.useful)
                row.real(measured.recommendedWeight)
                row.text(measure)
                for _ in 0..<4 { row.null() }
            }
        }
    }
}
