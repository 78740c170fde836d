import Events
import FeedbackLoop

/// A strategy that settings are being applied to.
struct StrategyDraft {
    private var name: String
    private var loop: LoopConfiguration?
    private var follow = DisclosureFollow()
    private var following: FollowedFilers?
    private let kind: String

    init(extending base: String, name: String) {
        self.name = name
        kind = ["disclosure-follow", "oracle"].contains(base) ? base : "feedback-loop"
        switch base {
        case "baseline": loop = .baseline
        case "feedback": loop = .feedback
        case "oracle":
            loop = .oracle
            following = FollowedFilers([])
        default: loop = nil
        }
    }

    /// Takes what a canonical text means where it has no line.
    mutating func takeUnwritten() { loop?.takeUnwritten() }

    mutating func set(_ key: String, _ value: String, place: String) throws(StrategyFileError) {
        switch key {
        case "name":
            guard !value.isEmpty, value.utf8.count <= 48,
                value.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
            else {
                throw StrategyFileError(
                    place: place, message: "name takes up to 48 characters without blanks")
            }
            name = value
            return
        case "strategy":
            guard value == kind else {
                throw StrategyFileError(
                    place: place,
                    message: "strategy: \(value) does not fit what is extended; "
                        + "write extends: feedback, baseline, disclosure-follow or oracle")
            }
            return
        case "filers":
            guard following != nil else {
                throw StrategyFileError(
                    place: place,
                    message: "filers are followed by an oracle only; use --strategy oracle, or "
                        + "write extends: oracle")
            }
            following = FollowedFilers(text: value)
            return
        case "fill" where loop == nil:
            guard value == "next_open" || value == "same_close" else {
                throw StrategyFileError(
                    place: place, message: "fill takes next_open or same_close")
            }
            follow.timing = value == "same_close" ? .sameClose : .nextOpen
            return
        default:
            try setField(key, value, place: place)
        }
    }

    private mutating func setField(_ key: String, _ value: String, place: String)
        throws(StrategyFileError)
    {
        if loop == nil {
            try set(follow: DisclosureFollow.fields, key, value, place: place)
            return
        }
        let keys = LoopConfiguration.fields.map(\.key)
        guard var configuration = loop,
            let field = LoopConfiguration.fields.first(where: { $0.key == key })
        else {
            throw StrategyFileError(
                place: place,
                message:
                    "\(key) is no setting\(StrategyDraft.question(key, keys)); recount strategy "
                    + "show lists them")
        }
        if let problem = field.set(&configuration, value) {
            throw StrategyFileError(
                place: place,
                message: "\(key): \(value) \(problem); it takes \(field.range) (\(field.summary))")
        }
        loop = configuration
    }

    private mutating func set(
        follow fields: [ConfigurationField<DisclosureFollow>], _ key: String, _ value: String,
        place: String
    ) throws(StrategyFileError) {
        guard let field = fields.first(where: { $0.key == key }) else {
            let keys = (["fill"] + fields.map(\.key)).joined(separator: ", ")
            throw StrategyFileError(
                place: place,
                message: "\(key) is no setting\(StrategyDraft.question(key, fields.map(\.key))); "
                    + "known are \(keys)")
        }
        if let problem = field.set(&follow, value) {
            throw StrategyFileError(
                place: place, message: "\(key): \(value) \(problem); it takes \(field.range)")
        }
    }

    /// The setting that may be meant: the nearest, else one of which it is a part.
    private static func question(_ key: String, _ keys: [String]) -> String {
        let question = Suggestion.question(key, keys)
        guard question.isEmpty, key.utf8.count > 2,
            let part = keys.first(where: { $0.contains(key) || key.contains($0) })
        else { return question }
        return "; did you mean \(part)?"
    }

    func built(place: String) throws(StrategyFileError) -> BuiltStrategy {
        guard let loop else { return .follow(follow) }
        if let contradiction = loop.contradictions.first {
            throw StrategyFileError(place: place, message: contradiction)
        }
        return .loop(LoopStrategy(name: name, configuration: loop, following: following))
    }
}
