import Events
import Market

extension Driver {
    /// Runs a stage as far as it can be run now; a training that it waits for is returned.
    ///
    /// Run again, it records what is due and absent.
    mutating func run(_ due: Due) throws(LoopError) -> TrainingOrder? {
        begin(due)
        let isScheduled = firstImmediate == immediate.count
        // Outside of the window the instant passes and nothing is decided.
        if isScheduled, !isInWindow { return nil }
        // Acts that are answered at the end are answered where the run stands.
        let through = ending?.step == 1 ? desk.recorder.through : read
        desk.recorder.advance(to: due.instant, through: through)
        let order = try decide(due.stage)
        if let refusal = desk.world.refusal { throw .portfolio(refusal) }
        return order
    }

    /// Whether nothing is decided but what guards exits, and what a person asks for.
    private var isInCustody: Bool { desk.world.custody.isInCustody }

    private mutating func decide(_ stage: Stage) throws(LoopError) -> TrainingOrder? {
        switch stage {
        case .act(let fact):
            return try answer(fact)
        case .halted(let fact):
            HaltDecider.cancelEntries(fact, &strategy.state, &desk)
        case .guarded(let fact):
            for holding in desk.world.portfolio.holdings {
                BrokerRequests.protect(holding.id, cause: fact, &strategy.state, &desk)
            }
        case .answered(let fact):
            guard let event = facts.first(where: { $0.fact == fact })?.event else { return nil }
            if case .adopted(let position) = event {
                Adoption.decide(position, at: fact, strategy.exitTerms, &strategy.state, &desk)
            } else {
                BrokerAnswers.answer(event, at: fact, &strategy.state, &desk)
            }
        case .requests(let session):
            BrokerRequests.request(session, &strategy.state, &desk)
        case .close:
            // With a broker of the world only its facts fill anything.
            if desk.world.broker == nil {
                market.open(desk.world)
                trade()
            } else if let day = desk.world.day {
                BrokerRequests.close(day, &strategy.state, &desk)
            }
            mark()
            HaltDecider.close(strategy.entryPlan, &strategy.state, &desk)
            guard !isInCustody else { return nil }
            let before = desk.recorder.ends.count
            _ = try strategy.decide(.close, &desk)
            assert(
                desk.recorder.templates(behind: before).allSatisfy(S.closingEvents.contains),
                "what a strategy records at a close stands in its closingEvents")
        case .missed(let day):
            if desk.world.broker == nil {
                market.miss(day, desk.world)
                trade()
            }
            HaltDecider.miss(day, &strategy.state, &desk)
        case .outcomes where isInCustody, .cycle where isInCustody, .weekly where isInCustody,
            .job where isInCustody:
            return nil
        case .outcomes:
            return try within(JobCall(.signalOutcome)) { driver, begun throws(LoopError) in
                driver.recordOutcomes()
                return StageAnswer(examined: begun.map { driver.produced(behind: $0.start) } ?? 0)
            }
        case .cycle:
            return try within(JobCall(.cycle)) { driver, _ throws(LoopError) in
                HaltDecider.beforeCycle(&driver.strategy.state, &driver.desk)
                _ = try driver.strategy.decide(.cycle, &driver.desk)
                HaltDecider.afterCycle(
                    driver.strategy.entryPlan, &driver.strategy.state, &driver.desk)
                if driver.desk.world.broker == nil {
                    driver.market.closeAtDecision(driver.desk.world)
                    driver.trade()
                }
                return StageAnswer(examined: driver.factsOfCycle)
            }
        case .weekly:
            _ = try strategy.decide(.weekly, &desk)
        case .job(let call):
            return try job(call)
        }
        return nil
    }

    /// Records the market's answers, one at a time.
    private mutating func trade() {
        while let answer = market.next(desk.world, desk.recorder) {
            desk.record(answer, &strategy.state)
        }
    }

    /// Records the outcomes that are due and absent.
    mutating func recordOutcomes() {
        FillToOutcome.decide(&strategy, &desk, breakeven: strategy.breakeven)
    }

    /// Answers what a person asked for, once.
    private mutating func answer(_ fact: Reference) throws(LoopError) -> TrainingOrder? {
        // The acts of one instant are answered in order.
        guard let act = acts.first(where: { $0.fact == fact })?.act,
            desk.journal.latestAct <= fact
        else { return nil }
        if case .retrain(let request) = act {
            // Its job is over once another has begun, if only one of the schedule and this instant.
            let isOver =
                desk.journal.latestAct == fact && desk.journal.latest?.fact != fact
            return isOver ? nil : try job(JobCall(request, fact: fact))
        }
        try strategy.act(act, fact, isAnswered: desk.journal.latestAct == fact, &desk)
        return nil
    }

    private mutating func job(_ call: JobCall) throws(LoopError) -> TrainingOrder? {
        try within(call, isRecorded: true) { driver, _ throws(LoopError) in
            guard driver.jobs.contains(call.kind) else {
                return StageAnswer(failure: "this strategy trains no models; train: true lets it")
            }
            return try driver.strategy.decide(.job(call), &driver.desk)
        }
    }

    /// Runs the body of a job between its JobStarted and its end, if the strategy runs it as one; a
    /// job that is over is not run again.
    private mutating func within(
        _ call: JobCall, isRecorded: Bool = false,
        _ body: (inout Driver, JobJournal.Begun?) throws(LoopError) -> StageAnswer
    ) throws(LoopError) -> TrainingOrder? {
        guard isRecorded || jobs.contains(call.kind) else {
            _ = try body(&self, nil)
            return nil
        }
        if desk.journal.begun(call, at: desk.now) == nil {
            desk.record(
                JobStarted(
                    envelope: desk.envelope(causation: call.fact), scheduledAt: desk.now,
                    job: call.kind, attempt: 0, trigger: call.trigger, who: call.who
                )
                .asking(for: call.terms),
                &strategy.state)
        }
        guard let begun = desk.journal.begun(call, at: desk.now), !begun.isOver else { return nil }
        let answer = try body(&self, begun)
        if let order = answer.order { return order }
        let envelope = desk.envelope(causation: begun.start)
        if let failure = answer.failure {
            desk.record(
                JobFailed(
                    envelope: envelope, start: begun.start, scheduledAt: begun.scheduledAt,
                    job: call.kind, text: Array(failure.utf8)), &strategy.state)
        } else {
            desk.record(
                JobFinished(
                    envelope: envelope, start: begun.start, scheduledAt: begun.scheduledAt,
                    produced: UInt32(produced(behind: begun.start)),
                    examined: UInt32(answer.examined),
                    job: call.kind), &strategy.state)
        }
        return nil
    }
}
