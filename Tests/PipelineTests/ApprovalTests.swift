import EventLog
import Events
import Pipeline
import TestKit
import Testing

@Suite("An act that needs a second person")
struct ApprovalTests {
    private let log = MemoryLog(
        identity: LogIdentity(kind: .data, logID: .zero, schemaVersion: EventSchema.version))
    private let now = Instant(Day("2022-01-05")!, hour: 9)
    private let artefact = Digest(w0: 1, w1: 0, w2: 0, w3: 0)

    private var promotion: ProposedAct { .promotion(artefact, model: "r7", run: "live") }

    /// What somebody does after some hours.
    private func ledger<Result>(
        _ body: (inout OperatorLedger) throws -> Result
    ) throws -> Result {
        var ledger = OperatorLedger()
        try ledger.read(log)
        return try body(&ledger)
    }

    private func later(_ hours: Int) -> Instant { now.adding(seconds: Int64(hours) * 3_600) }

    private func ask(_ act: ProposedAct, who: String = "ann", _ hours: Int = 0) throws
        -> OperatorLedger.Recorded
    {
        try ledger {
            try $0.record(act, who: who, reason: "it is better", in: log, now: later(hours))
        }
    }

    private func approve(_ id: UInt64, _ act: ProposedAct, who: String, _ hours: Int = 1) throws
        -> OperatorLedger.Recorded
    {
        try ledger {
            try $0.approve(id, act, who: who, reason: "seen", in: log, now: later(hours))
        }
    }

    private func templates() throws -> [UInt16] {
        var found: [UInt16] = []
        try log.read { record in
            found.append(try MessageHeader(record.message).templateID)
            return .proceed
        }
        return found
    }

    private func event<Event: EventMessage>(_ type: Event.Type, at position: UInt64) throws -> Event
    {
        var event: Event?
        try log.read(from: position, through: position, check: .checksum) { record in
            event = try Event(message: record.message)
            return .proceed
        }
        return try #require(event)
    }

    /// Two people are needed from position 1 on.
    private func needTwo() throws {
        #expect(try ask(.requirement(2), who: "ann").approval == nil)
        #expect(try ledger { $0.approvals.people } == 2)
    }

    @Test("without the requirement an act is recorded at once, and nothing is asked for")
    func alone() throws {
        let recorded = try ask(promotion)
        #expect(recorded.isNew && recorded.approval == nil)
        #expect(try templates() == [ModelPromoted.templateID])
    }

    @Test("it is asked for, and recorded once another person approved, with both names")
    func approved() throws {
        try needTwo()
        let asked = try ask(promotion)
        #expect(asked.isNew && asked.position == 2 && asked.approval == "d2")
        let request = try event(ApprovalRequested.self, at: 2)
        #expect(request.act == .promotion && request.artefact == artefact)
        #expect(request.who == "ann" && request.run == "live" && request.model == "r7")
        #expect(request.expiresAt == now.adding(seconds: 7 * 86_400))
        #expect(try ledger { $0.changes }.isEmpty, "nothing is done yet")
        let again = try ask(promotion, who: "cyd", 1)
        #expect(!again.isNew && again.approval == "d2", "what waits is not asked for twice")

        let approved = try approve(2, promotion, who: "bob")
        #expect(approved.position == 4 && approved.approval == nil)
        let granted = try event(ApprovalGranted.self, at: 3)
        #expect(granted.request == .own(2) && granted.who == "bob")
        let promoted = try event(ModelPromoted.self, at: 4)
        #expect(promoted.artefact == artefact && promoted.who == "ann")
        #expect(promoted.cause == .person && promoted.envelope.causation == .own(3))
        #expect(promoted.envelope.knownAt == later(1))
        #expect(
            String(decoding: promoted.text, as: UTF8.self) == "it is better; approved by bob: seen")
        let (book, changes) = try ledger { ($0.approvals, $0.changes.map(\.position)) }
        #expect(book.requests[0].status(at: later(1_000)) == .approved && changes == [4])
        #expect(throws: OperatorRefusal.self) { _ = try approve(2, promotion, who: "cyd") }
    }

    @Test(
        "whoever asked cannot approve, however the name is written",
        arguments: ["ann", "Ann", " ANN ", "a nn"])
    func own(who: String) throws {
        try needTwo()
        _ = try ask(promotion)
        #expect(throws: OperatorRefusal.self) { _ = try approve(2, promotion, who: who) }
        #expect(try log.head().position == 2 && ledger { $0.changes }.isEmpty)
    }

    @Test("what was refused, taken back or expired never acts, and may be asked for again")
    func refused() throws {
        try needTwo()
        _ = try ask(promotion)
        _ = try ledger { ledger in
            try ledger.refuse(2, who: "bob", reason: "too few rows", in: log, now: later(1))
        }
        #expect(try event(ApprovalRefused.self, at: 3).cause == .person)
        #expect(throws: OperatorRefusal.self) { _ = try approve(2, promotion, who: "cyd", 2) }
        #expect(try ask(promotion, 2).position == 4)
        _ = try ledger { ledger in
            try ledger.refuse(4, who: "ann", reason: "a mistake", in: log, now: later(3))
        }
        #expect(try event(ApprovalRefused.self, at: 5).cause == .withdrawn)
        #expect(try ask(promotion, 4).position == 6)
        let expired = 4 + 7 * 24
        let refusal = #expect(throws: OperatorRefusal.self) {
            _ = try approve(6, promotion, who: "bob", expired)
        }
        #expect(refusal?.description.contains("d6 expired on 2022-01-12") == true)
        let book = try ledger { $0.approvals }
        let status = book.requests.map { $0.status(at: later(expired)) }
        #expect(status == [.refused, .refused, .expired])
        #expect(book.requests[2].status(at: later(expired - 1)) == .pending)
        #expect(try !templates().contains(ModelPromoted.templateID))
        #expect(try ask(promotion, expired).position == 7)
    }

    @Test("comments name the request and who, and decide nothing")
    func comments() throws {
        try needTwo()
        _ = try ask(promotion)
        _ = try ledger { ledger in
            try ledger.comment(
                on: 2, who: "cyd", text: "the holdout is short", in: log, now: later(1))
        }
        let comment = try event(ApprovalCommented.self, at: 3)
        #expect(comment.request == .own(2) && comment.who == "cyd")
        #expect(comment.envelope.causation == .own(2))
        let request = try #require(try ledger { $0.approvals.request(at: 2) })
        #expect(request.comments.map(\.position) == [3])
        #expect(request.status(at: later(2)) == .pending)
        #expect(throws: OperatorRefusal.self) {
            _ = try ledger { ledger in
                try ledger.comment(on: 1, who: "cyd", text: "x", in: log, now: later(1))
            }
        }
    }

    @Test("to need fewer is asked for like any act; to need more is not")
    func requirement() throws {
        try needTwo()
        let lower = ProposedAct.requirement(1)
        #expect(try ask(lower).approval == "d2")
        #expect(try ledger { $0.approvals.people } == 2)
        #expect(throws: OperatorRefusal.self) { _ = try approve(2, lower, who: "ann") }
        _ = try approve(2, lower, who: "bob")
        #expect(try ledger { $0.approvals.people } == 1)
        let required = try event(ApprovalsRequired.self, at: 4)
        #expect(required.people == 1 && required.previous == 2 && required.who == "ann")
        #expect(try ask(promotion, 2).approval == nil)
    }

    @Test("a resume and the end of a custody wait too, each as it was asked for")
    func others() throws {
        try needTwo()
        let acts: [ProposedAct] = [
            .resume(.drawdown, run: "live"), .resume(nil, run: "live"),
            .custodyEnd([.otherEquity, .decidedOtherwise], run: "live"),
            .rollback(artefact, model: "r7", run: "live", seen: 0),
        ]
        for (index, act) in acts.enumerated() {
            #expect(try ask(act).approval == "d\(index + 2)")
        }
        for index in acts.indices {
            _ = try approve(UInt64(index + 2), acts[index], who: "bob")
        }
        #expect(
            try templates().suffix(9) == [
                ApprovalGranted.templateID, EntriesResumed.templateID,
                ApprovalGranted.templateID, EntriesResumed.templateID,
                ApprovalGranted.templateID, CustodyEnded.templateID, CustodyEnded.templateID,
                ApprovalGranted.templateID, ModelRolledBack.templateID,
            ])
        #expect(try event(EntriesResumed.self, at: 7).cause == .drawdown)
        #expect(try event(EntriesResumed.self, at: 9).cause == nil)
        #expect(try event(EntriesResumed.self, at: 9).who == "ann")
    }

    @Test("an approval whose act stands there already is refused, and nothing is recorded")
    func stale() throws {
        try needTwo()
        let elsewhere = ProposedAct.promotion(artefact, model: "r9", run: "first")
        #expect(try ask(promotion).approval == "d2" && ask(elsewhere).approval == "d3")
        _ = try approve(2, promotion, who: "bob")
        #expect(throws: OperatorRefusal.self) { _ = try approve(3, elsewhere, who: "bob") }
        #expect(log.head().position == 5)
        let again = try ask(promotion, 2)
        #expect(!again.isNew && again.position == 5 && again.approval == nil)
        #expect(try ledger { $0.changes.map(\.position) } == [5])
    }

    @Test("another act than was asked for is not recorded by an approval")
    func other() throws {
        try needTwo()
        _ = try ask(promotion)
        for act in [
            ProposedAct.promotion(.zero, model: "r7", run: "live"), .requirement(1),
            .promotion(artefact, model: "r7", run: "first"), .resume(nil, run: "live"),
        ] {
            #expect(throws: OperatorRefusal.self) { _ = try approve(2, act, who: "bob") }
        }
        #expect(log.head().position == 2)
    }

    @Test("read in two goes a ledger knows what one that read at once knows")
    func fold() throws {
        var slow = OperatorLedger()
        try needTwo()
        try slow.read(log)
        _ = try ask(promotion)
        try slow.read(log)
        _ = try approve(2, promotion, who: "bob")
        try slow.read(log)
        let quick = try ledger { $0 }
        #expect(slow.approvals.people == quick.approvals.people)
        #expect(
            slow.approvals.requests.map { "\($0.id) \($0.status(at: now))" }
                == quick.approvals.requests.map { "\($0.id) \($0.status(at: now))" })
    }
}
