import EventLog
import Events
import FeedbackLoop
import Foundation
import Market
import Testing

@testable import Projections

/// What projections and deciders say of the events that they act on.
@Suite("Consumed events")
struct ConsumptionTests {
    /// Templates that the states which deciders read are folded from.
    private static let states = [
        World.consumedEvents, JobJournal.consumedEvents, LoopState.consumedEvents,
        DisclosureFollow.State.consumedEvents,
    ]

    /// Events that no projection and no state of the loop declares, and who reads them, or why
    /// nobody does.
    private static let elsewhere: [(event: any EventMessage.Type, reader: String)] = [
        (TrialStarted.self, "the list of trials, over a log of its own"),
        (TrialFinished.self, "the list of trials, over a log of its own"),
        (PricesRejected.self, "people alone, with recount events"),
        (OrderExpired.self, "the driver, which answers it by an event of the run"),
        (TimeReached.self, "the driver, which looks at the holding's stop"),
        (InstantBegun.self, "whoever takes up a live run or decides it again"),
        (InstantsMissed.self, "people alone, with recount events"),
        (SessionMissed.self, "the driver, which cancels what was to be bought"),
        (DecisionsDiffered.self, "people alone, with recount events"),
        (ApprovalsRequired.self, "the operator's ledger: how many people an act needs"),
        (ApprovalRequested.self, "the operator's ledger, and recount approvals"),
        (ApprovalCommented.self, "people, with recount approvals"),
        (ApprovalGranted.self, "the operator's ledger; the act is a fact of its own"),
        (ApprovalRefused.self, "the operator's ledger, and recount approvals"),
        (AlertDelivered.self, "the service's alerts, which send none twice"),
    ]

    @Test("every event is consumed, or stands in the list of those that need not be")
    func nobody() {
        let projected = ProjectionCatalogue.all.flatMap { $0.consumed.map { $0.templateID } }
        let consumed = projected + Self.states.flatMap { $0 }
        let listed = Self.elsewhere.map { $0.event.messageName }
        for message in EventSchema.messages {
            #expect(
                consumed.contains(message.id) != listed.contains(message.name),
                "\(message.name) is consumed, or listed, and not both")
        }
        #expect(Set(listed).count == listed.count)
    }

    @Test("no consumer names an event twice")
    func twice() {
        let projections = ProjectionCatalogue.all.map { $0.consumed.map { $0.templateID } }
        for templates in projections + Self.states {
            #expect(Set(templates).count == templates.count, "\(templates)")
        }
    }

    @Test("a projection acts on the events that it names, and on no other")
    func truth() throws {
        let view = try EveryEvent()
        for type in ProjectionCatalogue.all { try check(type, view) }
    }

    private func check<P: Projection>(_ type: P.Type, _ view: EveryEvent) throws {
        let consumed = type.consumed.map { $0.templateID }
        let whole = try Fold<P>(view.events) { _ in false }
        #expect(whole.failure == nil, "\(P.name)")
        #expect(
            try Fold<P>(view.events) { !consumed.contains($0) } == whole,
            "\(P.name) acts on an event that it does not name")
        for event in EventSchema.messageTypes {
            let id = event.templateID
            guard let events = try view.events(with: event) else {
                // Neither the run nor the list has one.
                #expect(!consumed.contains(id), "no run of this test has \(event.messageName)")
                continue
            }
            let isInRun = events.count == view.events.count
            if isInRun, !consumed.contains(id) { continue }
            let shown = try isInRun ? whole : Fold<P>(events) { _ in false }
            #expect(
                try (Fold<P>(events) { $0 == id } != shown) == consumed.contains(id),
                "\(P.name) acts on \(event.messageName) if and only if it names it")
        }
    }
}

/// The events of a run that learns, merged with its timeline's, and one of each kind that it lacks.
private struct EveryEvent {
    typealias Event = (reference: Reference, message: [UInt8])

    let events: [Event]

    init() throws {
        let run = try RunFixture.learning()
        var feed = EventFeed(try run.view(), after: .start)
        var events: [Event] = []
        while let chunk = try feed.next() {
            for entry in chunk.entries {
                events.append((entry.reference, Array(chunk.bytes[entry.start..<entry.end])))
            }
        }
        self.events = events
    }

    /// The run's events when one is of this kind; else those up to a submitted order, and then one
    /// of those that the run lacks, if it is among them.
    func events(with type: any EventMessage.Type) throws -> [Event]? {
        func first(_ type: any EventMessage.Type) throws -> Int? {
            try events.firstIndex {
                try MessageHeader($0.message.span.bytes).templateID == type.templateID
            }
        }
        if try first(type) != nil { return events }
        let index = try #require(try first(OrderSubmitted.self))
        let order = events[index]
        let envelope = try Envelope(message: order.message.span.bytes)
        guard
            let extra = Self.lacking(envelope, order.reference)
                .first(where: { Swift.type(of: $0) == type })
        else { return nil }
        let reference = Reference.own(order.reference.position + 1)
        return Array(events[...index]) + [(reference, extra.encoded())]
    }

    /// One of each kind that the run lacks.
    private static func lacking(_ envelope: Envelope, _ order: Reference) -> [any EventMessage] {
        let day = Day(year: 2020, month: 3, day: 2)!
        let ticker = Ticker("AAPL")!
        return [
            DisclosureAmended(
                envelope: envelope, rowDigest: .zero, occurrence: 0, filedOn: day, tradedOn: day,
                ticker: ticker, side: .buy, transaction: .purchase, owner: .filer,
                format: .normalizedCSV, filer: "Ann", filingID: "B", amends: "A"),
            DisclosureWithdrawn(
                envelope: envelope, rowDigest: .zero, occurrence: 0, filedOn: day,
                format: .normalizedCSV, filingID: "A"),
            DisclosureRejected(
                envelope: envelope, rowDigest: .zero, source: .zero, line: 2, occurrence: 0,
                reason: .badDate, format: .normalizedCSV),
            PoliticianDescribed(
                envelope: envelope, validFrom: nil, chamber: .senate, party: .democrat,
                bioguide: nil, office: nil, name: "Ann"),
            CommitteeAssigned(
                envelope: envelope, validFrom: day, validThrough: nil, sectors: nil,
                chamber: .senate, bioguide: nil, committee: "SSAF", name: "Ann"),
            InstrumentClassified(
                envelope: envelope, ticker: ticker, sector: "Technology", name: "Apple"),
            CorporateActionAnnounced(
                envelope: envelope, ratio: 2, exDay: day + 3_000, ticker: ticker, kind: .split,
                source: .zero),
            OrderCancelled(
                envelope: envelope, order: order, quantity: Quantity(shares: 1), day: day,
                ticker: ticker, reason: .noBar),
            OrderRejected(envelope: envelope, order: order, code: 1, reason: .marketClosed),
            OrderAccepted(
                envelope: envelope, order: order, acceptedAt: envelope.knownAt,
                brokerOrderID: "A"),
            TradeRecorded(
                envelope: envelope, quantity: Quantity(shares: 1), entryPrice: 1, exitPrice: 2,
                ticker: ticker, direction: .long, occurrence: 0),
            PredictionsImported(
                envelope: envelope, source: .zero, model: .own(1), decidedAt: envelope.knownAt,
                part: 0),
            EntriesResumed(envelope: envelope, halt: .own(1)),
            CashMoved(
                envelope: envelope, amount: Money(dollars: 5), day: day, kind: .deposit,
                activityID: "1"),
            PositionAdopted(
                envelope: envelope, quantity: Quantity(shares: 3), before: .zero, averagePrice: 5,
                close: 6, day: day, timeoutDays: 0, ticker: Ticker("ADPT")!),
            CalibrationFitted(
                envelope: envelope, model: .own(1), rows: 1, scheduledAt: envelope.knownAt,
                method: .isotonic),
            TradingModeChanged(
                envelope: envelope, follows: .none, previous: .simulated, mode: .live, who: "ann"),
            ModelImported(
                envelope: envelope, source: .zero, trainedThrough: day, featureSchema: 0,
                modelName: "mine"),
            ModelHeldAsCandidate(
                envelope: envelope, model: .own(1), comparison: .none, holdoutRows: 1,
                reason: .gateRefused),
            ModelRolledBack(
                envelope: envelope, model: .own(1), replaced: .own(2), follows: .none, who: "ann"),
        ]
    }
}

/// What a projection makes of events: its state, its rows, or why it stopped.
private struct Fold<P: Projection>: Equatable {
    var state: [UInt8] = []
    var rows: [String] = []
    var failure: String?

    /// Folds events; of those whose template is hidden only the envelope and the place are shown.
    init(
        _ events: [(reference: Reference, message: [UInt8])], hiding isHidden: (UInt16) -> Bool
    ) throws {
        var projection = P()
        var changes = RowChanges(tables: P.tables)
        for (index, event) in events.enumerated() {
            var message = event.message
            if isHidden(try MessageHeader(message.span.bytes).templateID) {
                (message[2], message[3]) = (0xFF, 0xFE)
            }
            do {
                try projection.evolve(
                    ProjectedEvent(
                        position: UInt64(index + 1), reference: event.reference,
                        message: message.span.bytes), &changes)
            } catch {
                failure = "\(error)"
                return
            }
        }
        var writer = SnapshotWriter()
        projection.snapshot(&writer)
        state = writer.bytes
        rows = changes.withRows { bytes in
            changes.changes.map { change in
                let row = Array(bytes[change.row])
                return "\(change.table) \(change.key) \(change.kind) \(row) \(change.patches)"
            }
        }
    }
}
