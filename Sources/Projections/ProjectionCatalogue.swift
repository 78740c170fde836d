import Events

/// Every projection of this program.
public enum ProjectionCatalogue {
    static let all: [any Projection.Type] = [
        BlendWeightProjection.self, DisclosuresProjection.self, LineageProjection.self,
        ModelRegistryProjection.self, PerformanceProjection.self, PortfolioProjection.self,
        SignalsProjection.self, TrainingSetProjection.self, TrainingSetRowsProjection.self,
    ]

    /// Their names, in order.
    public static var names: [String] { all.map { $0.name } }

    /// The names of those that `all` stands for.
    public static var namesOfAll: [String] { all.filter { $0.isOfAll }.map { $0.name } }

    /// The version of a projection, nil when there is none of that name.
    public static func version(of name: String) -> Int? {
        all.first { $0.name == name }.map { $0.version }
    }

    /// That there is no projection of a name, and which one may be meant.
    public static func unknown(_ name: String, known: [String] = names) -> String {
        "there is no projection \(name)\(Suggestion.question(name, known)); known are "
            + known.joined(separator: ", ")
    }

    /// The projection of a name.
    static func type(named name: String) throws -> any Projection.Type {
        guard let type = all.first(where: { $0.name == name }) else {
            throw ReadModelQueryError(description: unknown(name))
        }
        return type
    }

    static func projector(_ name: String, _ view: LogView, rebuild: Bool) throws
        -> any ProjectorTask
    {
        func make<P: Projection>(_ type: P.Type) throws -> any ProjectorTask {
            try Projector<P>(view, rebuild: rebuild)
        }
        guard let type = all.first(where: { $0.name == name }) else {
            preconditionFailure("\(name) is the name of a projection")
        }
        return try make(type)
    }
}
