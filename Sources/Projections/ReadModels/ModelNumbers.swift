import Events

/// The models of a log, counted from 1 in the order in which they came: their `model_version`.
struct ModelNumbers: Sendable {
    private var numbers = SortedMap<Reference, Int>()

    init() {}

    /// Counts a model, if the event is one.
    mutating func take(_ event: borrowing ProjectedEvent) {
        guard
            event.templateID == ModelTrained.templateID
                || event.templateID == ModelImported.templateID
        else { return }
        numbers[event.reference] = numbers.count + 1
    }

    /// The number of a model; nil when there is none of that reference.
    subscript(model: Reference) -> Int? { numbers[model] }

    func write(_ writer: inout SnapshotWriter) {
        writer.list(numbers.entries) {
            $0.word($1.key.rawValue)
            $0.integer($1.value)
        }
    }

    init(_ reader: inout SnapshotReader) throws(SnapshotError) {
        numbers = SortedMap(
            try reader.list { reader throws(SnapshotError) in
                (Reference(rawValue: try reader.word()), try reader.integer())
            })
    }
}
