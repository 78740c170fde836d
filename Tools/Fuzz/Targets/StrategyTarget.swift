import FeedbackLoop
import Pipeline

/// Strategy files.
enum StrategyTarget {
    static let target = FuzzTarget(name: "strategy") { bytes in
        guard let built = try load(bytes) else { return }
        switch built {
        case .loop(let strategy):
            let shown = LoopConfiguration.fields.map {
                "\($0.key): \($0.text(strategy.configuration))\n"
            }
            let again = try load(Array(("extends: feedback\n" + shown.joined()).utf8))
            guard case .loop(let second)? = again else {
                throw Finding("what is shown is taken: \(shown)")
            }
            try demand(
                second.configuration.contradictions.isEmpty, "no contradiction is accepted")
            try demand(
                LoopConfiguration.fields.allSatisfy {
                    $0.text(second.configuration) == $0.text(strategy.configuration)
                }, "what is shown is kept: \(shown)")
        case .follow(let strategy):
            for field in DisclosureFollow.fields {
                var copy = strategy
                let shown = field.text(strategy)
                try demand(field.set(&copy, shown) == nil, "\(field.key): \(shown) is taken")
                try demand(field.text(copy) == shown, "\(field.key): \(shown) is kept")
            }
        }
    }

    private static func load(_ bytes: [UInt8]) throws -> BuiltStrategy? {
        let file = InputInMemory(bytes)
        let path = file.path
        defer { withExtendedLifetime(file) {} }
        do throws(StrategyFileError) {
            return try StrategyFile.load(path)
        } catch {
            try demand(!error.message.isEmpty && !error.place.isEmpty, "a refusal says why")
            return nil
        }
    }
}
