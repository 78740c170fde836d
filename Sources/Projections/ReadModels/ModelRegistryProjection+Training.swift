import Events

extension ModelRegistryProjection {
    private static func trains(_ kind: JobKind) -> Bool {
        kind == .training || kind == .feedbackRetraining
    }

    mutating func start(
        _ job: JobStarted, _ event: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) {
        guard Self.trains(job.job), let kind = try? Word.job(job.job) else { return }
        if let earlier = open(job.job, job.scheduledAt) {
            running[earlier] = nil
            rows.patch(
                Self.jobs, .text("\(earlier)"),
                TrainingJobRow.ended(
                    event.position, job.envelope.knownAt, "failed",
                    error: "it did not end; attempt \(job.attempt) follows"))
        }
        running[event.reference] = Job(kind: job.job, scheduledAt: job.scheduledAt)
        let by = job.who ?? (try? Word.jobTrigger(job.trigger)) ?? "scheduled"
        let (reference, position) = (event.reference, event.position)
        rows.insert(Self.jobs, .text("\(reference)")) {
            TrainingJobRow.encode(
                reference, position, kind: kind, at: job.envelope.knownAt, by: by, into: &$0)
        }
    }

    /// The latest job of a kind and instant that has not ended.
    private func open(_ kind: JobKind, _ scheduledAt: Instant) -> Reference? {
        running.entries.last { $0.value.kind == kind && $0.value.scheduledAt == scheduledAt }?.key
    }

    mutating func ask(
        _ request: TrainingRequested, _ event: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) throws {
        let (reference, position) = (event.reference, event.position)
        let at = request.envelope.knownAt
        let row = RetrainingRow(
            oldModel: champion, oldMetrics: known[champion]?.metrics ?? "",
            triggerType: try RetrainingRow.triggerType(request.trigger),
            triggerReason: "\(try Word.job(request.job)) due \(request.scheduledAt)"
                + (request.trigger == .caughtUp ? ", caught up" : ""))
        asked[reference] = Asked(
            at: at, row: row, job: request.job, scheduledAt: request.scheduledAt)
        let model = ModelRow(
            request: reference, id: reference, position: position, startedAt: at,
            status: "training", reason: row.triggerReason,
            hyperparameters: String(decoding: request.config, as: UTF8.self))
        rows.insert(Self.models, .text("\(reference)")) { model.encode(into: &$0) }
        rows.insert(Self.retrainings, .text("\(reference)")) {
            row.encode(reference, position, into: &$0)
        }
        guard let job = open(request.job, request.scheduledAt) else { return }
        rows.patch(
            Self.jobs, .text("\(job)"),
            TrainingJobRow.asked(position, TrainingJobRow.config(request)))
    }

    private mutating func answer(_ request: Reference) throws -> Asked {
        guard let asked = asked[request] else {
            throw ProjectionRefusal("it answers request \(request), which is not open in the log")
        }
        self.asked[request] = nil
        return asked
    }

    mutating func take(
        _ event: ModelTrained, _ projected: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) throws {
        var asked = try answer(event.request)
        let (reference, position) = (projected.reference, projected.position)
        let metrics = try ModelText.metrics(event)
        let job = open(asked.job, asked.scheduledAt)
        known[reference] = Model(
            request: event.request, metrics: metrics, isTrained: true, job: job ?? .none)
        var row = ModelRow(
            request: event.request, id: reference, position: position, startedAt: asked.at,
            status: "candidate", reason: "trained; the gate has not compared it",
            hyperparameters: String(decoding: event.config, as: UTF8.self))
        row.trained = ModelRow.Trained(
            name: event.modelName, version: known.count, type: ModelText.type(event.library),
            completedAt: event.envelope.knownAt, metrics: metrics,
            importances: try ModelText.importances(event), artefact: event.artefact,
            trainingSet: event.trainingSet, samples: event.trainRows,
            validation: event.earlyStopRows)
        rows.put(Self.models, .text("\(event.request)")) { row.encode(into: &$0) }
        asked.row.take(event, reference, metrics: metrics)
        rows.put(Self.retrainings, .text("\(event.request)")) {
            asked.row.encode(event.request, position, into: &$0)
        }
        guard let job else { return }
        running[job]?.model = reference
        rows.patch(Self.jobs, .text("\(job)"), TrainingJobRow.trained(position, reference))
    }

    mutating func take(
        _ event: ModelImported, _ projected: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) {
        let (reference, position) = (projected.reference, projected.position)
        known[reference] = Model(request: reference, metrics: "", isTrained: false)
        var row = ModelRow(
            request: reference, id: reference, position: position, startedAt: nil,
            status: "candidate", reason: "imported: another tool trained it", hyperparameters: "{}")
        row.trained = ModelRow.Trained(
            name: event.modelName, version: known.count, type: "imported",
            completedAt: event.envelope.knownAt, metrics: "", importances: "{}",
            artefact: event.source, trainingSet: nil, samples: 0, validation: 0)
        rows.insert(Self.models, .text("\(reference)")) { row.encode(into: &$0) }
    }

    mutating func fail(
        _ event: TrainingFailed, _ projected: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) throws {
        var asked = try answer(event.request)
        let position = projected.position
        let reason = try Word.trainingFailure(event.reason)
        let error = "\(reason): \(String(decoding: event.text, as: UTF8.self))"
        let metrics = try ModelText.metrics(event)
        rows.patch(
            Self.models, .text("\(event.request)"),
            ModelRow.failed(position, event, metrics: metrics, error: error, reason: reason))
        asked.row.fail(event, reason: reason)
        rows.put(Self.retrainings, .text("\(event.request)")) {
            asked.row.encode(event.request, position, into: &$0)
        }
        guard let job = open(asked.job, asked.scheduledAt) else { return }
        running[job]?.failure = error
        running[job]?.isCancelled = event.reason == .cancelled
    }

    mutating func finish(
        _ event: JobFinished, _ projected: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) throws {
        guard Self.trains(event.job) else { return }
        let job = try close(event.start)
        var decision = known[job.model]?.decision ?? TrainingDecision()
        decision.end(event)
        known[job.model]?.decision = decision
        rows.patch(
            Self.jobs, .text("\(event.start)"),
            TrainingJobRow.ended(
                projected.position, event.envelope.knownAt, "completed", summary: decision.json))
    }

    mutating func fail(
        _ event: JobFailed, _ projected: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) throws {
        guard Self.trains(event.job) else { return }
        let job = try close(event.start)
        rows.patch(
            Self.jobs, .text("\(event.start)"),
            TrainingJobRow.ended(
                projected.position, event.envelope.knownAt,
                job.isCancelled ? "cancelled" : "failed",
                error: job.failure ?? String(decoding: event.text, as: UTF8.self)))
    }

    @discardableResult
    private mutating func close(_ start: Reference) throws(ProjectionRefusal) -> Job {
        guard let job = running[start] else {
            throw ProjectionRefusal("it ends job \(start), which is not open in the log")
        }
        running[start] = nil
        return job
    }
}
