import FeedbackLoop
import Market
import Testing

@testable import Pipeline

@Suite("A recorded configuration")
struct RecordedConfigurationTests {
    private func loop(_ name: String, _ settings: [String] = []) throws -> LoopStrategy? {
        guard case .loop(let loop) = try StrategyFile.load(name, settings: settings) else {
            return nil
        }
        return loop
    }

    private func text(_ configuration: LoopConfiguration) -> String {
        LoopStrategy(name: "x", configuration: configuration).canonicalText
    }

    @Test("is read as the strategy file reads it, for every built-in loop")
    func builtIn() throws {
        for name in ["feedback", "baseline", "oracle"] {
            let loop = try #require(try loop(name))
            let read = try #require(try LoopConfiguration.recorded(loop.canonicalText))
            #expect(text(read) == text(loop.configuration), "\(name)")
        }
        let followed = LoopStrategy(
            name: "oracle", configuration: .oracle, following: FollowedFilers(["Ann O'Hara: MP"]))
        let read = try #require(try LoopConfiguration.recorded(followed.canonicalText))
        #expect(text(read) == text(.oracle))
    }

    @Test("keeps every setting that was changed, whichever")
    func everySetting() throws {
        let plain = try #require(try loop("feedback")).configuration
        for field in LoopConfiguration.fields {
            var changed = plain
            let values = ["true", "false", "3", "0.5", "1", "0", "20", "HSAG"] + field.words
            let isChanged = values.contains {
                field.set(&changed, $0) == nil && text(changed) != text(plain)
            }
            #expect(isChanged, "\(field.key) can be changed")
            let read = try #require(try LoopConfiguration.recorded(text(changed)))
            #expect(text(read) == text(changed), "\(field.key)")
        }
    }

    @Test("of before a setting was there means what was done then")
    func unwritten() throws {
        let old = "strategy: feedback-loop\nstart_cash: 5000.0\n"
        #expect(
            try LoopConfiguration.recorded(old)?.marketRules.costs.regulatoryFees
                == RegulatoryFees.none)
        let file = try StrategyFile.parse(old, file: "old.yaml").built(place: "old.yaml")
        #expect(file.strategy.rules.costs.regulatoryFees == RegulatoryFees.none)
        let extended = try StrategyFile.parse("extends: feedback\n", file: "new.yaml")
            .built(place: "new.yaml")
        #expect(extended.strategy.rules.costs.regulatoryFees == .us)
        for key in ["regulatory_fees", "commission_per_share", "commission_per_order"] {
            let baseline = try #require(try loop("baseline")).canonicalText
            #expect(!baseline.contains(key), "\(key) would change the seals of earlier runs")
        }
        for name in StrategyFile.builtIn {
            let text = try StrategyFile.load(name).strategy.canonicalText
            #expect(!text.contains("follow_"), "\(name) would have other seals")
        }
        let feedback = try #require(try loop("feedback")).canonicalText
        #expect(feedback.contains("\nregulatory_fees: us\n"))
    }

    @Test("of a strategy that is no loop is none; a setting that was not there yet has its default")
    func others() throws {
        let follow = try StrategyFile.load("disclosure-follow").strategy
        #expect(try LoopConfiguration.recorded(follow.canonicalText) == nil)
        let old = "strategy: feedback-loop\nstart_cash: 5000.0\n"
        let read = try #require(try LoopConfiguration.recorded(old))
        let plain = text(try #require(try loop("feedback")).configuration)
        #expect(plain.contains("\nstart_cash: 100000.0\n"))
        let expected = plain.replacing(
            "\nstart_cash: 100000.0\n", with: "\nstart_cash: 5000.0\n"
        ).replacing("\nregulatory_fees: us\n", with: "\n")
        #expect(text(read) == expected)
    }

    @Test("that no program of this version recorded is refused at its line")
    func refused() throws {
        for (line, problem) in [
            ("start_cash: lots", "is not a number"), ("start_cash: -1", "is outside"),
            ("starting_cash: 5", "is no setting"), ("start_cash", "is no key: value"),
        ] {
            let error = #expect(throws: RecordedConfigurationError.self) {
                try LoopConfiguration.recorded("strategy: feedback-loop\n\(line)\n")
            }
            let found = try #require(error)
            #expect(found.line == line && found.problem.hasPrefix(problem), "\(found)")
        }
    }
}
