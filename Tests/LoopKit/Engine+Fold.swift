import Digests
import Events
import FeedbackLoop
import Learning
import Pipeline

extension Scenario {
    /// Folds a run's own events up to one of them, behind the facts that they were recorded behind,
    /// and goes on deciding from there: gives what is recorded after it.
    ///
    /// `recorded` is all that the run recorded, `cut` the number of its events that are folded.
    public func resumed(_ recorded: [Recorded], at cut: Int, through session: Int) throws
        -> [Recorded]
    {
        try Engine.resume(
            opened, recorded, at: cut, timeline: timeline(through: session), window: days,
            trainer: trainer)
    }
}

extension Engine {
    /// The driver at a cut, and all that it records from there on.
    static func resume(
        _ strategy: BuiltStrategy, _ recorded: [Recorded], at cut: Int, timeline: [[UInt8]],
        window: ReplayWindow, trainer: (any Trainer)?
    ) throws -> [Recorded] {
        switch strategy {
        case .loop(let loop): try resume(loop, recorded, cut, timeline, window, trainer)
        case .follow(let follow): try resume(follow, recorded, cut, timeline, window, trainer)
        }
    }

    private static func resume(
        _ strategy: some Strategy, _ recorded: [Recorded], _ cut: Int, _ timeline: [[UInt8]],
        _ window: ReplayWindow, _ trainer: (any Trainer)?
    ) throws -> [Recorded] {
        let performer = TrainingPerformer(trainer)
        var driver = Driver(
            strategy, window: window, artefacts: performer, digest: { SHA256.hash($0) })
        if let trained = recorded[..<cut].last(where: { $0.templateID == ModelTrained.templateID })
        {
            driver.recall(trainedAt: trained.position)
        }
        driver.follow(world: recorded.first?.envelope.flags ?? [])
        for event in recorded[..<cut] {
            while driver.read < event.envelope.through {
                let message = timeline[Int(driver.read)]
                driver.pass(before: try Envelope(message: message.span.bytes).knownAt)
                _ = try driver.fact(message.span.bytes, at: driver.read + 1)
            }
            try driver.follow(event.bytes.span.bytes)
        }
        return try finish(&driver, Array(timeline[Int(driver.read)...]), performer, behind: cut)
    }

    /// Goes on deciding, as a replay does.
    private static func finish(
        _ driver: inout Driver<some Strategy>, _ facts: [[UInt8]], _ performer: TrainingPerformer,
        behind cut: Int
    ) throws -> [Recorded] {
        var found: [Recorded] = []
        func perform(_ driver: inout Driver<some Strategy>) throws {
            while let action = try driver.next() {
                switch action {
                case .commit:
                    try driver.lend { recorder in
                        found += try Engine.taken(recorder, behind: cut + found.count)
                        recorder.drain()
                    }
                case .train(let order): driver.reply(performer.perform(order))
                }
            }
        }
        try perform(&driver)
        for message in facts {
            driver.tick(try Envelope(message: message.span.bytes).knownAt.adding(nanoseconds: -1))
            try perform(&driver)
            guard try driver.fact(message.span.bytes, at: driver.read + 1) else { break }
            try perform(&driver)
        }
        driver.finish(timeline: nil)
        try perform(&driver)
        return found
    }

    /// The events of a recorder, numbered behind others.
    static func taken(_ recorder: borrowing Recorder, behind position: Int) throws -> [Recorded] {
        var found: [Recorded] = []
        var start = 0
        for end in recorder.ends {
            let message = recorder.arena.bytes.extracting(start..<end)
            found.append(
                try Recorded(
                    position: UInt64(position + found.count + 1),
                    bytes: message.withUnsafeBytes { Array($0) }))
            start = end
        }
        return found
    }
}
