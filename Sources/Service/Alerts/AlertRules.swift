import EventLog
import Events
import Pipeline

/// Which events are alerts, and what is said of them. Each is of the one log where it is recorded
/// first: a copy in a live run's timeline, and a run's answer to a broker's fact, say it again.
struct AlertRules {
    /// The live run.
    let run: String
    /// Whether a broker of the world fills: its facts are told, not the run's answers.
    let hasBroker: Bool

    /// The alert that an event is; nil for most.
    func alert(_ message: RawSpan, _ source: AlertSource, at position: UInt64) throws -> Alert? {
        let template = try MessageHeader(message).templateID
        let found: (kind: AlertKind, text: String)? =
            switch source {
            case .data: try data(message, template, at: position)
            case .run: try own(message, template)
            case .timeline: try timeline(message, template)
            case .service, .unrecognised: nil
            }
        guard let found else { return nil }
        return Alert(
            kind: found.kind, source: source, position: position,
            at: try Envelope(message: message).knownAt, run: run, text: found.text)
    }

    typealias Found = (kind: AlertKind, text: String)

    private func data(_ message: RawSpan, _ template: UInt16, at position: UInt64) throws
        -> Found?
    {
        switch template {
        case OrderFilled.templateID: try fill(message)
        case OrderRejected.templateID: try refusal(message)
        case EntriesHalted.templateID, EntriesResumed.templateID: try halt(message, template)
        case ReconciliationDiffered.templateID: try difference(message)
        case CustodyBegan.templateID, CustodyEnded.templateID, TakenOver.templateID:
            try custody(message, template)
        case PositionAdopted.templateID: try adoption(message)
        case TradingModeChanged.templateID: try mode(message)
        case ApprovalRequested.templateID, ApprovalRefused.templateID,
            ApprovalsRequired.templateID:
            try approval(message, template, at: position)
        case DecisionsDiffered.templateID: try decisions(message)
        default: nil
        }
    }

    private func own(_ message: RawSpan, _ template: UInt16) throws -> Found? {
        switch template {
        case OrderFilled.templateID: hasBroker ? nil : try fill(message)
        case OrderRejected.templateID: hasBroker ? nil : try refusal(message)
        case EntriesHalted.templateID, EntriesResumed.templateID: try halt(message, template)
        case ModelPromoted.templateID, ModelRolledBack.templateID:
            try promotion(message, template)
        case JobFailed.templateID, TrainingFailed.templateID: try failure(message, template)
        case DecisionsDiffered.templateID: try decisions(message)
        default: nil
        }
    }

    private func timeline(_ message: RawSpan, _ template: UInt16) throws -> Found? {
        switch template {
        case SessionMissed.templateID:
            let event = try SessionMissed(message: message)
            return (
                .lag,
                "the session of \(event.day) is missed: bars of \(event.tickers) of "
                    + "\(event.expected) tickers had come"
                    + (event.lacksIndex ? ", and the index had not" : "")
                    + "; nothing of it is filled or marked, and entries are halted until a session "
                    + "closes"
            )
        case InstantsMissed.templateID:
            let event = try InstantsMissed(message: message)
            return (
                .lag,
                "nobody ran the instants from \(event.missedFrom) to \(event.missedThrough); they "
                    + "are run now, each on what was known by it"
            )
        default: return nil
        }
    }

    // MARK: What is said of each

    private func fill(_ message: RawSpan) throws -> Found {
        let fill = try OrderFilled(message: message)
        return (
            .fill,
            "\(fill.side == .buy ? "bought" : "sold") \(fill.quantity.shares) \(fill.ticker) at "
                + "\((fill.price * 10_000).rounded() / 10_000) (\(fill.leg))"
                + (fill.remaining.shares > 0 ? ", \(fill.remaining.shares) are open" : "")
        )
    }

    private func refusal(_ message: RawSpan) throws -> Found {
        let event = try OrderRejected(message: message)
        let order = event.clientOrderID.map { "\($0)" } ?? "\(event.order)"
        return (
            .refusal, "order \(order) was refused: \(event.reason)" + words(event.text)
        )
    }

    private func halt(_ message: RawSpan, _ template: UInt16) throws -> Found {
        if template == EntriesHalted.templateID {
            let event = try EntriesHalted(message: message)
            return (
                event.cause == .unprotected ? .unprotected : .halt,
                "entries are halted: \(event.cause.words)" + by(event.who) + words(event.text)
                    + (event.exits == true ? "; no new exits are asked for either" : "")
            )
        }
        let event = try EntriesResumed(message: message)
        return (
            event.cause == .unprotected ? .unprotected : .halt,
            (event.cause.map { "a halt is over: \($0.words)" } ?? "halts are over")
                + by(event.who) + words(event.text)
        )
    }

    private func difference(_ message: RawSpan) throws -> Found? {
        let event = try ReconciliationDiffered(message: message)
        if event.leftAlone == false {
            guard event.brokerQuantity < event.expectedQuantity else { return nil }
            return (
                .difference,
                "less is sold than the log has" + words(event.text)
            )
        }
        let what =
            event.ticker.map {
                "\($0): \(event.expectedQuantity.shares) shares by the log, "
                    + "\(event.brokerQuantity.shares) by the broker"
            }
            ?? "cash: \(event.expectedCash.map { "\($0.dollars)" } ?? "?") dollars by the log, "
            + "\(event.brokerCash.map { "\($0.dollars)" } ?? "?") by the broker"
        return (
            .difference, "the account differs, \(what)" + words(event.text)
        )
    }

    private func custody(_ message: RawSpan, _ template: UInt16) throws -> Found {
        switch template {
        case CustodyBegan.templateID:
            let event = try CustodyBegan(message: message)
            return (
                .custody, "the run is in custody: \(event.cause)" + words(event.text)
            )
        case CustodyEnded.templateID:
            let event = try CustodyEnded(message: message)
            return (
                .custody,
                "custody is over: \(event.cause)" + by(event.who) + words(event.text)
            )
        default:
            let event = try TakenOver(message: message)
            return (.custody, "the account is taken over" + by(event.who) + words(event.text))
        }
    }

    private func adoption(_ message: RawSpan) throws -> Found {
        let event = try PositionAdopted(message: message)
        return (
            .difference,
            "\(event.quantity.shares) \(event.ticker) are taken over from the account, "
                + "\(event.before.shares) by the log before" + by(event.who) + words(event.text)
        )
    }

    private func mode(_ message: RawSpan) throws -> Found {
        let event = try TradingModeChanged(message: message)
        return (
            .mode,
            "the trading mode is \(event.mode), it was \(event.previous), by \(event.who)"
                + words(event.text)
        )
    }

    private func decisions(_ message: RawSpan) throws -> Found {
        let event = try DecisionsDiffered(message: message)
        return (
            .error,
            "\(event.program) decided event \(event.position) of run \(event.run) otherwise than "
                + "it is recorded" + words(event.text)
        )
    }

    private func promotion(_ message: RawSpan, _ template: UInt16) throws -> Found {
        guard template == ModelPromoted.templateID else {
            let event = try ModelRolledBack(message: message)
            return (
                .promotion,
                "the model \(event.model) is the champion again, by \(event.who)"
                    + words(event.text)
            )
        }
        let event = try ModelPromoted(message: message)
        return (
            .promotion,
            "model \("\(event.artefact)".prefix(12)) is the champion, by "
                + (event.cause == .person ? "a person" : "the gate") + by(event.who)
                + words(event.text)
        )
    }

    private func failure(_ message: RawSpan, _ template: UInt16) throws -> Found {
        guard template == JobFailed.templateID else {
            let event = try TrainingFailed(message: message)
            return (
                .error,
                "a training gave no model: \(event.reason); the champion stays"
                    + words(event.text)
            )
        }
        let event = try JobFailed(message: message)
        return (
            .error, "job \(event.job) of \(event.scheduledAt) failed" + words(event.text)
        )
    }

    func by(_ who: String?) -> String { who.map { " (\($0))" } ?? "" }

    func words(_ text: [UInt8]) -> String {
        text.isEmpty ? "" : ": \(String(decoding: text, as: UTF8.self))"
    }
}
