import Learning

/// Names of fields as people know them.
enum FieldName {
    /// A field's path, with the name of the feature where it is one.
    static func of(_ path: String) -> String {
        guard path.hasPrefix("features["), path.hasSuffix("].value"),
            let number = Int(path.dropFirst(9).dropLast(7)),
            FeatureCatalogue.features.indices.contains(number)
        else { return path }
        return "features.\(FeatureCatalogue.features[number].name)"
    }
}
