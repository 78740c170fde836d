public import EventLog
import Events
import FeedbackLoop

/// Answers why something is as it is: the tree of causes of an event, down to filings as filed.
///
/// It reads the log itself; the lineage only says where to look. Numbers are those of the events,
/// or come from the loop's own functions under the settings that were recorded, and then say so.
/// What stands behind the moment that was asked for is told as later, and caused nothing.
public final class Why {
    let log: MergedLog
    let lineage: any Lineage
    /// How many events of the view had been read at the moment that is asked for.
    let through: UInt64
    /// Told when the run has to be folded for a number that was not recorded; nil to leave such
    /// numbers out.
    let recomputing: ((String) -> Void)?
    /// What the answer has told already.
    private var visited: [Reference: Bool] = [:]
    private var configurations: [Reference: LoopConfiguration?] = [:]
    /// Whether causes are told too.
    private var isDeep = true

    /// Answers about a view as of a position of it.
    ///
    /// - Parameters:
    ///   - position: as `MergedLog.position` gives it for a moment.
    ///   - recomputing: told, with what for, before a run is folded for a number that was not
    ///     recorded, which may take seconds; nil leaves such numbers out.
    public init(
        _ log: MergedLog, lineage: any Lineage, through position: MergedPosition,
        recomputing: ((String) -> Void)? = nil
    ) {
        (self.log, self.lineage, self.through) = (log, lineage, position.position)
        self.recomputing = recomputing
    }

    /// The answer to a question.
    ///
    /// - Throws: `WhyError` for what is not there; `LogError` and the lineage's errors.
    public func answer(_ question: WhyQuestion) throws -> WhyNode {
        visited = [:]
        if case .event(let event) = question.subject { try expectKnown(event) }
        switch (question.kind, question.subject) {
        case (.holding, .ticker(let ticker)): return try holding(of: ticker)
        case (.holding, .event(let event)): return try holding(openedOrNamedBy: event)
        case (.noSignal, .ticker(let ticker)): return try noSignal(of: ticker)
        case (.noSignal, .event(let event)): return try noSignal(event)
        case (let kind, .event(let event)):
            try expect(kind, event)
            return try node(event)
        case (let kind, .ticker(let ticker)):
            guard let event = try latest(kind.templates, of: ticker) else {
                throw WhyError.missing("there is no \(kind.rawValue) of \(ticker) by then")
            }
            return try node(event)
        case (let kind, .latest): return try standing(kind)
        }
    }

    /// What is in force, or what was configured where nothing has moved it yet.
    private func standing(_ kind: WhyQuestion.Kind) throws -> WhyNode {
        if kind == .model, let champion = try latest(Standing.kinds(of: .promotion), of: nil) {
            return try node(champion)
        }
        if let event = try latest(kind.templates, of: nil) { return try node(event) }
        guard kind != .setting,
            let event = try latest([ConfigurationChanged.templateID], of: nil)
        else { throw WhyError.missing("nothing is recorded of a \(kind.rawValue) by then") }
        var answer = try node(event)
        answer.sentences.insert(
            "Nothing was recorded of a \(kind.rawValue) by then: what the settings say holds.",
            at: 0)
        if let configuration = try configuration(event) {
            answer.figures += configuration.figures(of: kind.settings)
        }
        return answer
    }

    /// Refuses an event that came after the moment that was asked for.
    func expectKnown(_ event: Reference) throws {
        guard let position = try lineage.position(of: event), position > through else { return }
        throw WhyError.missing("\(event) was not there yet by then: it came later")
    }

    /// Refuses an event of another kind than was asked for.
    func expect(_ kind: WhyQuestion.Kind, _ event: Reference) throws {
        let template = try template(event)
        guard kind != .event, !kind.templates.contains(template) else { return }
        let name = EventSchema.message(id: template)?.name ?? "event of a later version"
        throw WhyError.missing(
            "\(event) is no \(kind.rawValue) but a \(name); recount why event \(event) tells of it")
    }
}

// MARK: Nodes

extension Why {
    /// The answer about an event, with its causes unless it was told before.
    func node(_ event: Reference) throws -> WhyNode {
        let template = try template(event)
        if isDeep { visited[event] = true }
        switch template {
        case DisclosureFiled.templateID, DisclosureAmended.templateID,
            DisclosureWithdrawn.templateID:
            return try filing(event, template)
        case SessionClosed.templateID: return try session(event, of: nil)
        case SignalGenerated.templateID, SignalSuppressed.templateID:
            return try evaluation(event, template)
        case SignalSkipped.templateID: return try skip(event)
        case OrderSubmitted.templateID: return try order(event)
        case OrderFilled.templateID: return try fill(event)
        case ExitTriggered.templateID: return try exit(event)
        case OutcomeRecorded.templateID: return try outcome(event)
        case ModelTrained.templateID: return try model(event)
        case TrainingRequested.templateID: return try request(event)
        case ModelCompared.templateID: return try comparison(event)
        case ModelPromoted.templateID: return try promotion(event)
        case BlendWeightEvaluated.templateID: return try weight(event)
        case ThresholdsEvaluated.templateID: return try thresholds(event)
        case RegimeChanged.templateID: return try regime(event)
        case ConfigurationChanged.templateID: return try setting(event)
        case CalibrationFitted.templateID: return try calibration(event)
        case ModelRolledBack.templateID: return try rollback(event)
        case JobStarted.templateID: return try job(event)
        case CorporateActionAnnounced.templateID: return try action(event)
        default: return try anyEvent(event, template)
        }
    }

    /// Adds a cause, told whole where it was not told before.
    func add(_ role: String, _ event: Reference, to node: inout WhyNode) throws {
        guard isDeep, event != .none else { return }
        if visited[event] != nil {
            node.causes.append(WhyCause(role, try alone(event), isNamedOnly: true))
        } else {
            node.causes.append(WhyCause(role, try self.node(event)))
        }
    }

    /// Adds a cause by name alone.
    func name(_ role: String, _ event: Reference, to node: inout WhyNode) throws {
        guard isDeep, event != .none else { return }
        node.causes.append(WhyCause(role, try alone(event), isNamedOnly: true))
    }

    /// Adds a session, with the bar of a ticker.
    func add(session edges: [LineageEdge], of ticker: Ticker?, to node: inout WhyNode) throws {
        guard isDeep, let event = edges.cause(.session) else { return }
        let isVisited = visited[event] != nil
        visited[event] = true
        node.causes.append(
            WhyCause("the session", try session(event, of: ticker), isNamedOnly: isVisited))
    }

    /// The answer about an event without its causes.
    func alone(_ event: Reference) throws -> WhyNode {
        let before = isDeep
        isDeep = false
        defer { isDeep = before }
        return try node(event)
    }
}

// MARK: Reading

extension Why {
    /// An event, decoded.
    func read<Event: EventMessage>(_ type: Event.Type, _ event: Reference) throws -> Event {
        var found: Event?
        let isThere = try log.event(event) { found = try Event(message: $0) }
        guard isThere, let found else { throw WhyError.missing("there is no \(event)") }
        return found
    }

    /// Which message an event is.
    func template(_ event: Reference) throws -> UInt16 {
        var found: UInt16?
        try log.event(event) { found = try MessageHeader($0).templateID }
        guard let found else {
            let end = try log.end()
            throw WhyError.missing(
                "there is no \(event): the log ends with r\(end.own)"
                    + (log.timeline == nil ? "" : ", having read t\(end.timeline)"))
        }
        return found
    }

    /// The last event of some kinds at the moment that was asked for.
    func latest(_ kinds: [UInt16], of ticker: Ticker?) throws -> Reference? {
        try lineage.latest(kinds, of: ticker, through: through)
    }

    /// The events of some kinds that an event stands behind, as of the moment that was asked for.
    func effects(of event: Reference, _ kinds: UInt16...) throws -> [LineageEdge] {
        try lineage.effects(of: event, kinds, through: through)
    }

    /// Whether an event stands within the moment that was asked for.
    func isKnown(_ event: Reference) throws -> Bool {
        try lineage.position(of: event).map { $0 <= through } ?? false
    }

    /// The loop's settings as a `ConfigurationChanged` recorded them; nil for a strategy that is no
    /// loop.
    func configuration(_ event: Reference) throws -> LoopConfiguration? {
        if let known = configurations[event] { return known }
        let text = try read(ConfigurationChanged.self, event).text
        let configuration = try LoopConfiguration.recorded(String(decoding: text, as: UTF8.self))
        configurations[event] = .some(configuration)
        return configuration
    }

    /// The settings that an event was decided under.
    func configuration(of edges: [LineageEdge]) throws -> LoopConfiguration? {
        try edges.cause(.configuration).flatMap { try configuration($0) }
    }
}

extension [LineageEdge] {
    /// The event that stands behind in a part; nil for none.
    func cause(_ relation: Relation) -> Reference? {
        first { $0.relation == relation }?.event
    }
}
