public import Events
import Learning

/// The features that an evaluation stored, by their names in the catalogue.
public enum NamedFeatures {
    /// An object of them, null for what was not known; nil for an event that is no evaluation, or
    /// one that stored none.
    public static func json(of message: RawSpan, _ header: MessageHeader) throws -> String? {
        let values: [Float]
        switch header.templateID {
        case SignalGenerated.templateID:
            values = try SignalGenerated(message: message).features.map(\.value)
        case SignalSuppressed.templateID:
            values = try SignalSuppressed(message: message).features.map(\.value)
        default: return nil
        }
        guard !values.isEmpty else { return nil }
        var object = JSONObject()
        // The catalogue only grows, at its end: older events have its first names.
        for (feature, value) in zip(FeatureCatalogue.features, values) {
            object.json(feature.name, value.isFinite ? "\(value)" : "null")
        }
        return object.text
    }
}
