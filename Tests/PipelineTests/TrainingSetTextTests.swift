import EventLog
import Events
import Learning
import Pipeline
import TestKit
import Testing

@Suite("Training sets as text")
struct TrainingSetTextTests {
    private let folder = TemporaryFolder()

    private func lines(_ set: TrainingSet, _ format: TrainingSetText.Format, _ part: String)
        throws -> [Substring]
    {
        var text = ""
        let part = try #require(TrainingSetText.Part(rawValue: part))
        TrainingSetText(format).write(set, part) { text += $0 }
        #expect(text.hasSuffix("\n"))
        return text.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
    }

    private func matrix(_ rows: [(features: [Float], outcome: OutcomeClass, weight: Float)])
        -> TrainingMatrix
    {
        var matrix = TrainingMatrix(columns: FeatureCatalogue.count)
        for row in rows { matrix.append(row.features, row.outcome, weight: row.weight) }
        return matrix
    }

    @Test("what is exported as CSV, read back, has the digest that was trained on")
    func csv() throws {
        let set = try LearningRun(folder).set(AsOf(.day(Day("2021-06-30")!)), job: .training)
        func read(_ part: String) throws -> TrainingMatrix {
            let lines = try lines(set.set, .csv, part)
            let header = try #require(lines.first).split(separator: ",").map(String.init)
            #expect(
                header == [
                    "signal", "ticker", "decided_on", "part", "source", "weight", "label", "return",
                ] + FeatureCatalogue.features.map(\.name))
            return matrix(
                try lines.dropFirst().map { line in
                    let fields = line.split(separator: ",", omittingEmptySubsequences: false)
                    #expect(fields.count == header.count && fields[3] == part)
                    let outcome = OutcomeClass.allCases.first { "\($0)" == fields[6] }
                    return (
                        fields.dropFirst(8).map { $0.isEmpty ? Float.nan : Float($0) ?? .infinity },
                        try #require(outcome), try #require(Float(fields[5]))
                    )
                })
        }
        let (training, early) = (try read("training"), try read("early-stopping"))
        #expect(training.rows > 100 && early.rows > 10)
        #expect(TrainingPerformer.digest(training, early) == set.digest)
        let all = try lines(set.set, .csv, "all").count - 1
        #expect(all == set.set.part.count + set.set.holdout.count && all > 200)
    }

    @Test("a line of libsvm is the class and the known features, to the bit")
    func libsvm() throws {
        let set = try LearningRun(folder).set(AsOf(.day(Day("2021-06-30")!))).set
        let lines = try lines(set, .libsvm, "holdout")
        #expect(lines.count == set.holdout.count && lines.count > 20)
        for (line, used) in zip(lines, set.holdout) {
            let fields = line.split(separator: " ")
            #expect(fields.first.map { "\($0)" } == "\(used.outcome.rawValue)")
            var features = [Float](repeating: .nan, count: FeatureCatalogue.count)
            for field in fields.dropFirst() {
                let pair = field.split(separator: ":")
                let index = try #require(Int(pair[0]))
                features[index - 1] = try #require(Float(pair[1]))
            }
            #expect(features.map(\.bitPattern) == used.row.features.map(\.bitPattern))
            #expect(fields.count < features.count, "committee_relevance is never known")
        }
    }
}
