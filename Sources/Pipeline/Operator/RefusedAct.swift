public import EventLog
public import Events
import FeedbackLoop

/// What a person asked for and a run could not do.
public struct RefusedAct: Hashable, Sendable {
    /// The fact that asked.
    public let fact: Reference
    /// Why it could not be done.
    public let reason: String

    /// Every one of a run, in order.
    public static func all(of run: MergedLog) throws -> [RefusedAct] {
        var refused: [RefusedAct] = []
        try run.readOwn { _, message in
            guard try MessageHeader(message).templateID == JobFailed.templateID else {
                return .proceed
            }
            let event = try JobFailed(message: message)
            if event.start.isTimeline {
                refused.append(
                    RefusedAct(
                        fact: event.start, reason: String(decoding: event.text, as: UTF8.self)))
            }
            return .proceed
        }
        return refused
    }

    /// How many promotions and rollbacks by a person a run has read.
    public static func changesSeen(by run: MergedLog) throws -> Int {
        var count = 0
        try run.readFacts { reference, message in
            if try ChampionHistory.isRequest(message, reference) { count += 1 }
            return .proceed
        }
        return count
    }
}
