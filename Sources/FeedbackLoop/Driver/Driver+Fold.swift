public import Events
import Market

extension Driver {
    /// Another fact has come, known at an instant, and all that was recorded before it was folded
    /// in: what was due before it is over. Nothing is decided.
    @_specialize(where S == LoopStrategy)
    @_specialize(where S == DisclosureFollow)
    public mutating func pass(before instant: Instant) {
        while firstImmediate < immediate.count { passImmediate() }
        passStages(before: instant)
    }

    /// The flags of the run's first event: what every event of the run is flagged with.
    public mutating func follow(world flags: EventFlags) {
        desk.recorder.flags.formUnion(flags.intersection(.simulated))
    }

    /// The model that was trained at a position of the run's log will be asked of later.
    public mutating func recall(trainedAt position: UInt64) {
        strategy.recall(trainedAt: position)
    }

    /// What the latest model was made from is what the same past, folded under the settings that
    /// made it, has kept of it.
    public mutating func recall(_ other: S) {
        strategy.recall(other)
    }

    /// Folds in the next event of the run's own log: state becomes what it was when that event had
    /// been recorded, and nothing is decided, trained or filled.
    ///
    /// The facts that it was recorded behind must have been given, and no others. `next()` goes on
    /// deciding from here: it records what the event's instant leaves due and absent. Behind
    /// `RunFinished` nothing is due any more.
    ///
    /// - Throws: `DecodingError`; `LoopError.portfolio` for an event that no portfolio takes.
    @_specialize(where S == LoopStrategy)
    @_specialize(where S == DisclosureFollow)
    public mutating func follow(_ message: RawSpan) throws {
        let header = try MessageHeader(message)
        let envelope = try Envelope(message: message)
        // Settings are recorded between what is due, and begin and end nothing.
        if header.templateID == ConfigurationChanged.templateID {
            try desk.follow(
                message, templateID: header.templateID, envelope, consumed, &strategy.state)
            changes.append(desk.recorder.position)
            if try ConfigurationChanged(message: message).endsRehearsal {
                marks = []
                while firstImmediate < immediate.count { passImmediate() }
                passStages(before: envelope.recordedAt.adding(nanoseconds: 1))
            }
            return
        }
        let instant = envelope.recordedAt
        while firstImmediate < immediate.count, immediate[firstImmediate].instant < instant {
            passImmediate()
        }
        passStages(before: instant)
        let isOfAct = isOfAct(header.templateID, envelope)
        // Behind an act of a person other facts of the same instant may come, and all of them come
        // before what the schedule has at that instant.
        let awaitsFacts = isOfAct && awaitsAct
        bound = bound.map { max($0, awaitsFacts ? instant.adding(nanoseconds: -1) : instant) }
        if let due = schedule.stages.first, due.instant == instant {
            if !isOfAct {
                while firstImmediate < immediate.count { passImmediate() }
            }
            if firstImmediate == immediate.count { begin(due) }
        }
        if !isMarked, isBehindMark(header.templateID) { mark() }
        try desk.follow(message, templateID: header.templateID, envelope, consumed, &strategy.state)
        if let refusal = desk.world.refusal { throw LoopError.portfolio(refusal) }
        if header.templateID == RunFinished.templateID { passToEnd() }
    }

    /// Whether an event is recorded at a session's close, behind its mark.
    private func isBehindMark(_ templateID: UInt16) -> Bool {
        S.closingEvents.contains(templateID) || templateID == EntriesHalted.templateID
            || templateID == EntriesResumed.templateID
    }

    /// Whether the stage of the latest fact that is not over is an act, or answers a halt.
    private var awaitsAct: Bool {
        guard firstImmediate < immediate.count else { return false }
        return switch immediate[firstImmediate].stage {
        case .act, .answered, .guarded, .halted: true
        default: false
        }
    }

    /// Whether an event may be what became of a person's act, and not a stage's of that instant.
    private func isOfAct(_ templateID: UInt16, _ envelope: Envelope) -> Bool {
        switch templateID {
        case JobStarted.templateID: envelope.causation != .none
        case OrderCancelled.templateID, OrderRequested.templateID, CancelRequested.templateID,
            ReplaceRequested.templateID:
            envelope.causation.isTimeline
        case OrderAccepted.templateID, OrderFilled.templateID, OrderRejected.templateID,
            ExitTriggered.templateID, StopEnded.templateID:
            envelope.actor == .broker
        case ModelPromoted.templateID, ModelRolledBack.templateID, ModelRetired.templateID,
            JobFinished.templateID, JobFailed.templateID, TrainingRequested.templateID,
            ModelTrained.templateID, TrainingFailed.templateID, ModelCompared.templateID,
            ModelHeldAsCandidate.templateID, OutcomeRecorded.templateID,
            PositionAdopted.templateID:
            true
        default: false
        }
    }

    /// A stage of the latest fact is over.
    private mutating func passImmediate() {
        let due = immediate[firstImmediate]
        if due.stage == .close { mark() }
        end(due)
    }

    /// The run is over, and with it all that the schedule still had.
    private mutating func passToEnd() {
        while firstImmediate < immediate.count { passImmediate() }
        while let due = schedule.next(
            through: nil, jobs: jobs, latest: isInWindow ? desk.world.day : nil)
        {
            begin(due)
            end(due)
        }
        bound = nil
    }

    private mutating func passStages(before instant: Instant) {
        while let due = schedule.next(
            through: instant, jobs: jobs, latest: isInWindow ? desk.world.day : nil),
            due.instant < instant
        {
            begin(due)
            end(due)
        }
    }
}
