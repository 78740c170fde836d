/// One reader of foreign bytes, and what must hold whatever the bytes are.
public struct FuzzTarget: Sendable, CustomStringConvertible {
    /// Its name on the command line, and of its folder of seeds.
    public let name: String
    /// Reads an input; throws a `Finding` when a promise is broken.
    public let read: @Sendable ([UInt8]) throws -> Void

    /// Its name.
    public var description: String { name }

    /// Every target.
    public static let all: [FuzzTarget] =
        [RecordTarget.target, SchemaTarget.target, SchemaTarget.evolution]
        + DisclosureTarget.targets
        + [
            TableTarget.prices, TableTarget.index, TableTarget.reference,
            TableTarget.exclusions, CompressionTarget.target, LogImportTarget.target,
            StrategyTarget.target,
            StrategyTarget.truth, FactsTarget.target,
        ]

    /// The target of a name.
    public static func named(_ name: String) -> FuzzTarget? {
        all.first { $0.name == name }
    }
}

/// A promise that an input broke.
public struct Finding: Error, CustomStringConvertible {
    /// What should have held.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Demands that a promise holds.
func demand(_ holds: Bool, _ promise: @autoclosure () -> String) throws(Finding) {
    guard holds else { throw Finding(promise()) }
}
