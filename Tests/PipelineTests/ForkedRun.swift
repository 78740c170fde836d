import EventLog
import Events
import FeedbackLoop
import Foundation
import Learning
import Pipeline
import TestKit
import TestWorlds

/// A data folder with a run that learns, and forks of it.
struct ForkedRun {
    let folder: DataFolder
    let trainer = StumpTrainer()

    init(
        _ temporary: TemporaryFolder, settings: [String] = SmallWorld.learning + ["gate=always"],
        sessions: Int = 420
    ) throws {
        folder = try SmallWorld.data(
            SmallWorld(sessions: sessions).facts, at: "\(temporary.path)/data", settings: settings,
            trainer: trainer
        ).folder
    }

    /// Makes a fork of a run.
    @discardableResult
    func fork(
        _ name: String, of parent: String = "feedback", _ asOf: AsOf?, _ settings: [String] = [],
        facts: (timeline: EventLog, changes: FactChanges)? = nil
    ) throws -> Run.Result {
        let plan = try ForkPlan(
            of: try folder.openRun(parent), asOf: asOf,
            settings: try StrategyFile.pairs(settings), facts: facts)
        guard case .loop(let loop) = plan.strategy else { throw CancellationError() }
        return try Run.fork(
            loop, plan, who: "ann", at: try folder.newRun(name), trainer: trainer)
    }

    /// The loop that made a run, as it is recorded there.
    func loop(_ run: OpenedRun) throws -> (loop: LoopStrategy, window: ReplayWindow) {
        let origin = try RunOrigin.read(run.log)
        guard case .loop(let loop) = origin.strategy else { throw CancellationError() }
        return (loop, origin.window)
    }

    /// The own events of a run behind a position as JSON, told apart from those of a fork's parent
    /// by nothing but what they decide: numbers of own events behind the position are counted from
    /// it, less so many that the fork recorded about itself.
    func decisions(_ name: String, behind cut: UInt64, less own: UInt64) throws -> [String] {
        var texts: [String] = []
        try folder.openRun(name).merged.readOwn(after: cut + own) { _, message in
            texts.append(
                ForkedRun.renumbered(try EventJSON.string(message: message), cut, own))
            return .proceed
        }
        return texts
    }

    private static func renumbered(_ text: String, _ cut: UInt64, _ own: UInt64) -> String {
        var (result, rest) = ("", text[...])
        while let place = rest.range(of: "\"r") {
            result += rest[..<place.upperBound]
            rest = rest[place.upperBound...]
            let digits = rest.prefix { $0.isNumber }
            guard let number = UInt64(digits), rest.dropFirst(digits.count).first == "\"" else {
                continue
            }
            result += number > cut ? "+\(number - own - cut)" : String(digits)
            rest = rest.dropFirst(digits.count)
        }
        result += rest
        // How many events were recorded at an instant before is no decision.
        guard let start = result.range(of: "\"ordinal\":"),
            let end = result[start.upperBound...].firstIndex(of: ",")
        else { return result }
        result.removeSubrange(start.lowerBound...end)
        return result
    }
}
