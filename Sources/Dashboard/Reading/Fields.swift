import Foundation

/// The texts of a flat JSON object.
struct Fields {
    private let object: [String: Any]

    init(_ json: String) {
        object =
            (try? JSONSerialization.jsonObject(with: Data(json.utf8))) as? [String: Any] ?? [:]
    }

    subscript(name: String) -> String? { object[name] as? String }

    /// Its numbers, in order of their names.
    var numbers: [(name: String, value: Double)] {
        object.compactMap { name, value in
            (value as? NSNumber).map { (name, $0.doubleValue) }
        }.sorted { $0.name < $1.name }
    }
}
