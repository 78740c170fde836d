import Events

/// Follows what the loop sets for itself as it learns: the blend weight, the machine's thresholds
/// and the calibration. None may be used before the event that set it.
struct SettingsInForce {
    private let sessions: SessionCalendar
    /// Nil until something is said of it.
    private var tenths: UInt8?
    private var buy: UInt8?
    private var sell: UInt8?
    private var calibration = Reference.none
    /// Whether an event has moved the weight, and the thresholds: until then settings give them.
    private var (isWeightMoved, areThresholdsMoved) = (false, false)

    init(_ sessions: SessionCalendar) {
        self.sessions = sessions
    }

    /// What an evaluation was blended and classified with; 0 where it was not.
    mutating func used(
        tenths: UInt8, buy: UInt8, sell: UInt8, _ reference: Reference,
        _ report: inout Causality.Report
    ) {
        agree(tenths, &self.tenths, "a blend weight of", reference, &report)
        agree(buy, &self.buy, "a buy threshold of", reference, &report)
        agree(sell, &self.sell, "a sell threshold of", reference, &report)
    }

    /// A value that is used is the one in force.
    private func agree(
        _ used: UInt8, _ known: inout UInt8?, _ what: String, _ reference: Reference,
        _ report: inout Causality.Report
    ) {
        guard used != 0 else { return }
        if let known, known != used {
            report.add(reference, "uses \(what) \(used), where \(known) was in force")
        }
        known = known ?? used
    }

    /// Takes the next event of the run.
    mutating func inspect(
        _ message: RawSpan, _ reference: Reference, _ envelope: Envelope, champion: Reference,
        _ report: inout Causality.Report
    ) throws {
        switch try MessageHeader(message).templateID {
        case ConfigurationChanged.templateID:
            // A fork may begin with other values where none was moved.
            if !isWeightMoved { tenths = nil }
            if !areThresholdsMoved { (buy, sell) = (nil, nil) }
        case BlendWeightEvaluated.templateID:
            let view = try BlendWeightEvaluatedView(message)
            agree(view.previousTenths, &tenths, "a blend weight of", reference, &report)
            tenths = view.tenths
            isWeightMoved = true
            closed(view.throughDay, reference, envelope, &report)
        case ThresholdsEvaluated.templateID:
            let view = try ThresholdsEvaluatedView(message)
            agree(view.previousBuyHundredths, &buy, "a buy threshold of", reference, &report)
            agree(view.previousSellHundredths, &sell, "a sell threshold of", reference, &report)
            (buy, sell) = (view.buyHundredths, view.sellHundredths)
            areThresholdsMoved = true
        case CalibrationFitted.templateID:
            let view = try CalibrationFittedView(message)
            closed(view.throughDay, reference, envelope, &report)
            calibration = .none
            guard view.method != .none else { return }
            if view.model != champion {
                report.add(reference, "calibrates \(view.model), where \(champion) was champion")
            }
            calibration = reference
        case OrderSubmitted.templateID:
            let view = try OrderSubmittedView(message)
            if view.calibration != .none, view.calibration != calibration {
                report.add(
                    reference, "is sized by \(view.calibration), where \(calibration) was in force")
            }
        case ModelPerformanceEvaluated.templateID:
            let view = try ModelPerformanceEvaluatedView(message)
            closed(view.day, reference, envelope, &report)
        case FeatureImportanceMeasured.templateID:
            let view = try FeatureImportanceMeasuredView(message)
            if Instant(view.day) > envelope.knownAt {
                report.add(reference, "measures features on \(view.day), before that day")
            }
        default: break
        }
    }

    /// What was looked at had closed.
    private func closed(
        _ day: Day?, _ reference: Reference, _ envelope: Envelope,
        _ report: inout Causality.Report
    ) {
        guard let day, !sessions.closed(day, before: envelope.knownAt) else { return }
        report.add(reference, "looks at \(day), which had not closed")
    }
}
