import EventLog
public import Events
public import Pipeline

/// What waits for a second person, what became of other requests, and the candidates of a run that
/// await a person.
public struct ApprovalAnswer: Sendable {
    /// What the data log has of approvals.
    public let book: ApprovalBook
    /// Models of a run that await a person; nil without a run.
    public let candidates: AwaitedCandidates?
    /// As of when.
    public let now: Instant
    private let isOfAll: Bool

    /// Of a data log, and of a run where one is named. Without `all` only what waits is told.
    public init(
        _ book: ApprovalBook, run: String?, all: Bool, in workspace: Workspace
    ) throws {
        let now = workspace.instant
        (self.book, self.now, isOfAll) = (book, now, all)
        candidates = try run.map {
            try AwaitedCandidates(try workspace.folder.openRun($0), book, now: now)
        }
    }

    /// The requests that are told, in order.
    public var requests: [Approval] {
        book.requests.filter { isOfAll || $0.status(at: now) == .pending }
    }

    /// The candidates that are told, in order.
    public var awaited: [AwaitedCandidates.Candidate] {
        (candidates?.all ?? []).filter { isOfAll || $0.status == .held }
    }

    /// As a JSON object.
    public var json: String {
        var object = JSONObject()
        object.integer("people", book.people)
        object.json("requests", JSONObject.list(requests.map { $0.json(at: now) }))
        object.json("candidates", JSONObject.list(awaited.map(\.json)))
        return object.text
    }
}

extension OperatorLedger.Recorded {
    /// What a person said of approvals, as a JSON object.
    public func json(_ book: ApprovalBook) -> JSONObject {
        var object = JSONObject()
        object.integer("position", position)
        object.boolean("recorded", isNew)
        object.text("approval", approval)
        object.integer("people", book.people)
        return object
    }
}

extension Approval {
    /// Who decided, when and why; nil before, and where nobody did in time.
    public var decided: (who: String, at: Instant, reason: String)? {
        switch decision {
        case .granted(_, let event):
            (event.who, event.envelope.knownAt, String(decoding: event.text, as: UTF8.self))
        case .refused(_, let event):
            (event.who, event.envelope.knownAt, String(decoding: event.text, as: UTF8.self))
        case nil: nil
        }
    }

    /// As a JSON object.
    public func json(at now: Instant) -> String {
        var object = JSONObject()
        object.text("id", id)
        object.integer("position", position)
        object.text("act", "\(request.act)")
        object.text("text", words)
        object.text("status", status(at: now).rawValue)
        object.text("who", request.who)
        object.text("reason", String(decoding: request.text, as: UTF8.self))
        object.text("asked_at", "\(request.envelope.knownAt)")
        object.text("expires_at", "\(request.expiresAt)")
        object.text("run", request.run)
        object.text("model_id", request.model)
        object.text("artifact_sha256", request.artefact.map { "\($0)" })
        object.text("cause", request.cause.map { "\($0)" })
        object.text("mode", request.mode.map { "\($0)" })
        object.text("account", request.account)
        object.real("equity", request.equity?.dollars)
        object.integer("people", request.people)
        let remarks = comments.map { comment -> String in
            var object = JSONObject()
            object.integer("position", comment.position)
            object.text("who", comment.event.who)
            object.text("at", "\(comment.event.envelope.knownAt)")
            object.text("text", String(decoding: comment.event.text, as: UTF8.self))
            return object.text
        }
        object.json("comments", JSONObject.list(remarks))
        object.text("decided_by", decided?.who)
        object.text("decided_at", decided.map { "\($0.at)" })
        object.text("decision_reason", decided?.reason)
        var act: UInt64?
        if case .granted(let position, _) = decision { act = position + 1 }
        object.integer("act_position", act)
        return object.text
    }
}

extension AwaitedCandidates.Candidate {
    /// As a JSON object.
    public var json: String {
        var object = JSONObject()
        object.reference("model_id", model)
        object.text("artifact_sha256", "\(artefact)")
        object.text("held_at", "\(heldAt)")
        object.text("held", "\(held)")
        object.text("status", status.rawValue)
        object.text("reason", reason)
        object.text("until", "\(until)")
        object.text("request", request)
        object.integer("holdout_rows", comparison?.rows)
        object.real("new_accuracy", comparison?.accuracyNew)
        object.real("current_accuracy", comparison?.accuracyOld)
        object.real("new_f1", comparison?.f1New)
        object.real("current_f1", comparison?.f1Old)
        object.text("rule_verdict", comparison.map { "\($0.ruleVerdict)" })
        object.text("evidence_verdict", comparison.map { "\($0.evidenceVerdict)" })
        return object.text
    }
}
