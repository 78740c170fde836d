import ArgumentParser
import EventLog
import Events
import FeedbackLoop
import Foundation
import Learning
import Pipeline

/// `recount training-set`
struct TrainingSetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "training-set",
        abstract: "Show or export what a run's training would learn from, as of any moment.",
        discussion: """
            The set is computed again from the run's own events and its timeline, with the labels \
            that were mature then; no model is read. At the instant of a training that the run did, \
            the rows' digest is that of its ModelTrained.

            Example: recount training-set show --data DIR --run first --as-of 2018-06-30
                     recount training-set export --data DIR --run first --as-of r9 --format csv
                     recount training-set check --data DIR --run first
            """,
        subcommands: [Show.self, Export.self, Check.self])

    /// The run, the moment and the job.
    struct Moment: ParsableArguments {
        @OptionGroup var option: RunOption
        @Option(
            name: .long,
            help: ArgumentHelp(
                "A date (after its cycle, 05:30 of the next), an instant like "
                    + "2018-07-01T03:00:00Z, or an event like r1234.", valueName: "moment"),
            transform: { try AsOf($0) })
        var asOf: AsOf
        @Option(
            name: .long,
            help: ArgumentHelp(
                "training (market rows only) or feedback (outcome rows too); without it that of "
                    + "the training at the moment, or feedback.", valueName: "job"))
        var job: Job?

        enum Job: String, ExpressibleByArgument, CaseIterable {
            case training
            case feedback
        }

        func set() throws -> TrainingReplay.Recomputed {
            let (run, loop, _) = try option.openLoop()
            var configuration = loop.configuration
            // Of a fork's past what was in force then.
            let origin = try RunOrigin.read(run, at: try run.merged.position(asOf))
            if case .loop(let before) = origin.strategy { configuration = before.configuration }
            return try Progress.working("folding \(run.name)") {
                try TrainingReplay.set(
                    of: run.merged, configuration, asOf: asOf,
                    job: job.map { $0 == .training ? .training : .feedbackRetraining })
            }
        }
    }

    /// `recount training-set show`
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Count the rows of a set, used and not used, with the reasons.",
            discussion:
                "Example: recount training-set show --data DIR --run first --as-of 2018-06-30")

        @OptionGroup var moment: Moment
        @Flag(name: .long, help: "Print the counts as JSON.") var json = false

        func run() throws {
            let recomputed = try moment.set()
            let text = TrainingSetSummary(recomputed, run: moment.option.run)
            print(json ? text.json : text.text)
        }
    }

    /// `recount training-set export`
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the rows of a set as CSV or in the format of libsvm.",
            discussion: """
                A CSV has a header; what is unknown is empty. A line of libsvm is the class (0 \
                loss, 1 breakeven, 2 win) and the features that are known, numbered from 1 in the \
                catalogue's order; it has no place for weights.

                Example: recount training-set export --data DIR --run first --as-of 2018-06-30 \
                           --format csv --out rows.csv
                """)

        @OptionGroup var moment: Moment
        @Option(
            name: .long, help: ArgumentHelp("csv or libsvm.", valueName: "format"),
            transform: { try named($0) })
        var format: TrainingSetText.Format
        @Option(
            name: .long,
            help: ArgumentHelp("training, early-stopping, holdout or all.", valueName: "part"),
            transform: { try named($0) })
        var part = TrainingSetText.Part.all
        @Option(
            name: .long,
            help: ArgumentHelp("Write to a file, not to standard output.", valueName: "file"))
        var out: String?
        @Flag(name: .long, help: "Then print the counts as JSON; needs --out.") var json = false

        private var folder: DataFolder { moment.option.data.folder }

        func validate() throws {
            if json, out == nil {
                throw ValidationError("--json needs --out: the rows take standard output")
            }
        }

        func run() throws {
            if let out { try OutputFile.check(out, option: "--out", inputs: [], data: folder) }
            let recomputed = try moment.set()
            let text = TrainingSetText(format)
            guard let out else {
                var output = Output()
                text.write(recomputed.set, part) { output.write($0) }
                output.flush()
                return
            }
            let file = try OutputFile(out, option: "--out", inputs: [], data: folder)
            var content = ""
            text.write(recomputed.set, part) { content += $0 }
            try file.write(content)
            try file.commit()
            let summary = TrainingSetSummary(recomputed, run: moment.option.run)
            print(json ? summary.json : summary.text)
        }
    }

    /// `recount training-set check`
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compute the set of every training of a run again and compare its digest.",
            discussion: """
                Of a fork those of its own are checked; those that it shares are its parent's.

                Example: recount training-set check --data DIR --run first
                """)

        @OptionGroup var option: RunOption
        @Flag(name: .long, help: "Print the result as JSON.") var json = false

        func run() throws {
            let (run, loop, _) = try option.openLoop()
            let configuration = loop.configuration
            var (equal, failed) = (0, 0)
            var different: [Reference] = []
            let shared = run.merged.sharedOwn
            try TrainingReplay.each(of: run.merged, configuration) { recomputed in
                if let training = recomputed.training, training.reference.position <= shared {
                    return
                }
                guard let model = recomputed.training?.model else {
                    failed += 1
                    return
                }
                if model.trainingSet == recomputed.digest {
                    equal += 1
                } else {
                    different.append(model.reference)
                }
            }
            if json {
                var object = JSONObject()
                object.integer("equal", equal)
                object.json(
                    "different", JSONObject.list(different.map { JSONText.quoted("\($0)") }))
                object.integer("withoutModel", failed)
                print(object.text)
            } else {
                print(
                    "\(equal) training sets equal those that were trained on; "
                        + "\(failed) trainings gave no model")
                for reference in different { print("DIFFERENT: \(reference)") }
            }
            if !different.isEmpty { throw ExitCode(65) }
        }
    }
}

/// The case that a word names.
private func named<Value: RawRepresentable<String> & CaseIterable>(_ word: String) throws -> Value {
    guard let value = Value(rawValue: word) else {
        let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("\(word) is none of \(known)")
    }
    return value
}

extension RunOption {
    /// Opens a run of the loop, with the loop and the window that made it.
    func openLoop() throws -> (run: OpenedRun, loop: LoopStrategy, window: ReplayWindow) {
        let (run, origin) = try open()
        guard case .loop(let loop) = origin.strategy else {
            throw ValidationError(
                "run \(run.name) is of \(origin.strategy.strategy.name), which learns nothing; "
                    + "name a run of feedback")
        }
        return (run, loop, origin.window)
    }
}
