import Events
import FeedbackLoop

extension WhyQuestion.Kind {
    /// The events that it asks for.
    var templates: [UInt16] {
        switch self {
        case .holding, .order: [OrderSubmitted.templateID]
        case .signal, .noSignal: [SignalGenerated.templateID, SignalSuppressed.templateID]
        case .skip: [SignalSkipped.templateID]
        case .exit: [ExitTriggered.templateID]
        case .outcome: [OutcomeRecorded.templateID]
        case .model: Standing.kinds(of: .promotion) + [ModelTrained.templateID]
        case .weight: [BlendWeightEvaluated.templateID]
        case .thresholds: [ThresholdsEvaluated.templateID]
        case .regime: [RegimeChanged.templateID]
        case .setting: [ConfigurationChanged.templateID]
        case .filing:
            [
                DisclosureFiled.templateID, DisclosureAmended.templateID,
                DisclosureWithdrawn.templateID,
            ]
        case .event: []
        }
    }

    /// The settings that hold where nothing moved it yet.
    var settings: [String] {
        switch self {
        case .weight: ["blend", "ml_blend_weight", "adaptive_blend"]
        case .thresholds: ["buy_threshold", "sell_threshold", "adaptive_thresholds"]
        case .regime: ["use_regime"]
        case .model: ["train", "gate"]
        default: []
        }
    }
}

extension LoopConfiguration {
    /// Settings with their values and meanings.
    func figures(of keys: [String]) -> [WhyFigure] {
        keys.compactMap { key in
            guard let field = LoopConfiguration.fields.first(where: { $0.key == key }) else {
                return nil
            }
            let text = field.text(self)
            return WhyFigure(key, Double(text), text, rule: field.summary)
        }
    }

    /// The value of a setting as it is written.
    func text(_ key: String) -> String {
        LoopConfiguration.fields.first { $0.key == key }?.text(self) ?? ""
    }
}
