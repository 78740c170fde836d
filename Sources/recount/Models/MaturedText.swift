import EventLog
import Events
import FeedbackLoop
import Learning
import Pipeline
import Projections
import XGBoost

/// The difference of two models on rows matured since both were trained, for people and programs.
struct MaturedText {
    private enum Answer {
        case known(MaturedDifference)
        case unknown(String)
    }

    private let answer: Answer

    /// Computes it for a comparison against a champion; nil where the majority class stood in.
    init?(
        _ comparison: RegistryRow, _ option: ModelsLogOption, asOf: AsOf
    ) throws {
        guard let challenger = comparison.text("new_model_id").flatMap(MaturedText.reference),
            let champion = comparison.text("current_model_id").flatMap(MaturedText.reference),
            let name = option.run
        else { return nil }
        let run = RunOption.parsed(data: option.data, run: name)
        let (opened, loop, _) = try run.openLoop()
        let configuration = loop.configuration
        do {
            answer = .known(
                try MaturedReading.difference(
                    of: opened.merged, configuration, asOf: asOf,
                    challenger: challenger, champion: champion
                ) { try XGBoostTrainer().load(try option.store.read($0)) })
        } catch let error as TrainerError {
            answer = .unknown(error.description)
        } catch let error as TrainingReplayError {
            answer = .unknown(error.description)
        }
    }

    private static func reference(_ text: String) -> Reference? {
        guard let position = UInt64(text.dropFirst()) else { return nil }
        return text.first == "t" ? .timeline(position) : .own(position)
    }

    /// A line or two.
    var text: String {
        switch answer {
        case .unknown(let why): return "matured since both were trained: not known, \(why)"
        case .known(let matured):
            let blocks = "whole blocks of \(matured.blockSessions) sessions"
            guard let mean = matured.mean else {
                return "matured since both were trained: no rows in \(blocks) yet"
            }
            let range =
                matured.interval.map {
                    "from \(ModelsText.fraction($0.low)) to \(ModelsText.fraction($0.high))"
                } ?? "no value is left, which chance does once in twenty at most"
            return """
                matured since both were trained: \(matured.rows) rows in \(matured.means.count) \
                \(blocks), accuracy difference \(ModelsText.fraction(mean)), \(range)
                  (95 % for all times together: look as often as you like)
                """
        }
    }

    /// The same as JSON.
    var json: String {
        var object = JSONObject()
        switch answer {
        case .unknown(let why): object.text("unknown", why)
        case .known(let matured):
            object.integer("block_sessions", matured.blockSessions)
            object.integer("blocks", matured.means.count)
            object.integer("rows", matured.rows)
            object.real("mean", matured.mean)
            object.real("low", matured.interval?.low)
            object.real("high", matured.interval?.high)
            object.real("error", MaturedDifference.error)
        }
        return object.text
    }
}
