import Events
import Learning

/// The snake_case words of an enum of the schema, made once.
struct Words<Value: RawRepresentable<UInt8> & CaseIterable & Sendable>: Sendable {
    private let words: [String]

    init() {
        var words = [String](repeating: "", count: 256)
        for value in Value.allCases { words[Int(value.rawValue)] = Words.snake("\(value)") }
        self.words = words
    }

    /// The word of a value.
    ///
    /// - Throws: a refusal for a value that this program does not know.
    func callAsFunction(_ value: Value) throws(ProjectionRefusal) -> String {
        let word = words[Int(value.rawValue)]
        guard !word.isEmpty else {
            throw ProjectionRefusal(
                "it has a value of \(Value.self) that this program does not know")
        }
        return word
    }

    /// The word of a value, or nil.
    func optional(_ value: Value?) throws(ProjectionRefusal) -> String? {
        guard let value else { return nil }
        return try self(value)
    }

    /// The value of a word; nil for another word.
    func value(_ word: String) -> Value? {
        words.firstIndex { !$0.isEmpty && $0 == word }.flatMap { Value(rawValue: UInt8($0)) }
    }

    private static func snake(_ name: String) -> String {
        var text = ""
        var wasLower = false
        for character in name {
            if character.isUppercase, wasLower { text += "_" }
            wasLower = character.isLowercase
            text += character.lowercased()
        }
        return text
    }
}

/// The words of the schema's enums, as read models print them.
enum Word {
    /// Why what a rehearsal had open is not open any more.
    static let rehearsalEnded = "rehearsal_ended"
    /// Why what was held at an account that the run left is not held any more.
    static let leftBehind = "left_behind"
    /// Why what a person said is not there is not held any more.
    static let adoptedAway = "adopted_away"
    static let signalKind = Words<SignalKind>()
    static let regime = Words<Regime>()
    static let trigger = Words<EvaluationTrigger>()
    static let suppression = Words<SuppressionReason>()
    static let skip = Words<SkipReason>()
    static let cancellation = Words<CancellationReason>()
    static let rejection = Words<OrderRejectionReason>()
    static let exit = Words<ExitReason>()
    static let outcome = Words<OutcomeClass>()
    static let outcomeSource = Words<OutcomeSource>()
    static let role = Words<ModelRole>()
    static let machineSide = Words<MachineSide>()
    static let scope = Words<ConfigurationScope>()
    static let mode = Words<TradingMode>()
    static let side = Words<TradeSide>()
    static let orderSide = Words<OrderSide>()
    static let leg = Words<OrderLeg>()
    static let transaction = Words<TransactionKind>()
    static let chamber = Words<Chamber>()
    static let party = Words<Party>()
    static let owner = Words<Owner>()
    static let format = Words<SourceFormat>()
    static let unused = Words<UnusedRowReason>()
    static let job = Words<JobKind>()
    static let jobTrigger = Words<JobTrigger>()
    static let trainingFailure = Words<TrainingFailureReason>()
    static let verdict = Words<GateVerdict>()
    static let gateMode = Words<GateMode>()
    static let gateReason = Words<GateReason>()
    static let promotion = Words<PromotionCause>()
    static let hold = Words<HoldReason>()
    static let retirement = Words<RetirementReason>()
    static let weight = Words<WeightReason>()
    static let threshold = Words<ThresholdReason>()
    static let rowRejection = Words<RejectionReason>()
}

extension RowEncoder {
    /// The JSON of features as they were stored: schema names and values, null where unknown; `{}`
    /// for none.
    mutating func features(_ values: [Float]) {
        guard !values.isEmpty else { return text("{}") }
        let start = beginText()
        for (name, value) in zip(FeatureNames.prefixes, values) {
            piece(name)
            if value.isFinite { piece(value.description) } else { piece("null") }
        }
        piece("}")
        endText(start)
    }
}

/// Names of the catalogue as JSON keys, each with what comes before it in the object.
private enum FeatureNames {
    static let prefixes = FeatureCatalogue.features.enumerated().map { index, feature in
        "\(index == 0 ? "{" : ",")\"\(feature.name)\":"
    }
}

/// Refuses features whose catalogue this program does not know.
func requireKnownFeatures(_ schema: UInt16, _ count: Int) throws(ProjectionRefusal) {
    guard let known = FeatureCatalogue.count(ofSchema: schema) else {
        throw ProjectionRefusal("its features are of schema \(schema), which is not known here")
    }
    guard count == known else {
        throw ProjectionRefusal("it has \(count) features, schema \(schema) has another number")
    }
}
