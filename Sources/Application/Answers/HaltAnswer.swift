public import EventLog
public import Events
import Market
public import Pipeline

/// What halts the entries of a live run, and what it is in custody for.
public struct HaltAnswer: Sendable {
    /// The halts that stand.
    public let halts: StandingHalts
    /// What the data log has of its account.
    public let account: AccountHistory

    /// Of a live run over a data log.
    ///
    /// - Throws: `LiveRunError.notLive` for a backtest.
    public init(_ run: OpenedRun, data: EventLog) throws {
        guard let live = run.manifest?.live else { throw LiveRunError.notLive(run.name) }
        halts = try StandingHalts(run, data: data)
        account = try AccountHistory(live, data)
    }

    /// The names of the causes.
    public static var causes: [String] {
        (0..<UInt8.max).map { HaltCause(wire: $0) }.filter { $0 != .unrecognised }.map { "\($0)" }
    }

    /// A cause by its name.
    ///
    /// - Throws: `ApplicationError.invalid` for none.
    public static func cause(_ text: String) throws(ApplicationError) -> HaltCause {
        let causes = (0..<UInt8.max).map { HaltCause(wire: $0) }.filter { $0 != .unrecognised }
        guard let cause = causes.first(where: { "\($0)" == text }) else {
            throw .invalid(
                fields: ["cause"],
                "{cause} \(text): is none of \(causes.map { "\($0)" }.joined(separator: ", "))")
        }
        return cause
    }

    /// As a JSON object; `position` is that of an act just recorded, `approval` the request that
    /// waits in its place.
    public func json(
        position: UInt64? = nil, isNew: Bool = false, approval: String? = nil
    ) -> String {
        let standing = halts.book.standing.map { halt -> String in
            var object = JSONObject()
            object.text("cause", "\(halt.cause)")
            object.text("since", "\(halt.since)")
            object.text("who", halt.who)
            object.text("reason", halt.text)
            object.boolean("exits_too", halt.stopsExits)
            object.boolean("ends_by_itself", halt.cause.endsByItself)
            return object.text
        }
        var object = JSONObject()
        object.boolean("halted", halts.book.isHalted)
        object.json("halts", JSONObject.list(standing))
        let custody = account.custody.standing.map { entry -> String in
            var object = JSONObject()
            object.text("cause", "\(entry.cause)")
            object.text("since", "\(entry.since)")
            object.text("reason", entry.text)
            object.text("remedy", entry.cause.remedy)
            return object.text
        }
        object.json("custody", JSONObject.list(custody))
        object.integer("waiting", halts.waiting.count)
        object.integer("position", position)
        object.boolean("recorded", isNew)
        object.text("approval", approval)
        return object.text
    }
}
