/// In what part an event stands behind another: the name of the field that names it or, of what was
/// in force and is named by no field, what it is.
///
/// The numbers stand in read models: cases are only ever appended, by the next number.
public enum Relation: UInt8, CaseIterable, Hashable, Sendable {
    // Of the envelope.
    case causation = 1
    case correlation = 2
    // Of fields, as the schema names them.
    case filing = 3
    case newestFiling = 4
    case champion = 5
    case model = 6
    case signal = 7
    case order = 8
    case holding = 9
    case trigger = 10
    case entryOrder = 11
    case exitFill = 12
    case calibration = 13
    case request = 14
    case challenger = 15
    case comparison = 16
    case previous = 17
    case follows = 18
    case replaced = 19
    case successor = 20
    case ended = 21
    case start = 22
    case halt = 23
    case trial = 24
    case forkedAt = 25
    // In force, and named by no field: no edge is kept of them.
    case configuration = 40
    case session = 41
    case regime = 42
    case promotion = 43
    case blendWeight = 44
    case thresholds = 45
    case job = 46

    /// The relation of a field's name; nil for a name that is none.
    init?(field name: String) {
        guard
            let relation = Relation.allCases.first(where: {
                $0.rawValue < Relation.configuration.rawValue && "\($0)" == name
            })
        else { return nil }
        self = relation
    }
}
