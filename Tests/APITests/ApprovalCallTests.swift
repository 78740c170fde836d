import Application
import EventLog
import Events
import Pipeline
import Testing

@testable import API

@Suite("A second person's say over HTTP", .serialized)
struct ApprovalCallTests {
    private let world: APIWorld
    private let second: String

    init() throws {
        world = try APIWorld()
        var book = try TokenBook(world.data)
        second = try book.create(
            name: "the-second", role: .admin,
            at: EventLog.open(at: world.data.log).head().recordedAt
        ).secret
    }

    /// Asks as the second admin.
    private func other(_ target: String, _ body: String) -> APIWorld.Answer {
        world.ask(
            "POST", target, body: body, fields: [("authorization", "Bearer \(second)")])
    }

    private func post(_ target: String, _ body: String, as role: Role = .admin) -> APIWorld.Answer {
        world.ask("POST", target, as: role, body: body)
    }

    private func id(_ answer: APIWorld.Answer) throws -> String {
        guard case .text(let id)? = answer["approval"] else {
            Issue.record("\(answer.text)")
            throw CancellationError()
        }
        return id
    }

    private let why = #"{"reason":"because"}"#

    @Test("a resume waits for another admin, and ends the halt only then")
    func resume() throws {
        let required = post(
            "/api/v1/approvals/require", #"{"people":2,"reason":"money from Monday on"}"#)
        #expect(required.status == 200 && required["people"] == .number(2), "\(required.text)")
        #expect(post("/api/v1/halts", #"{"reason":"odd fills"}"#).status == 200)
        let asked = post("/api/v1/halts/resume", why)
        #expect(asked.status == 202 && asked["halted"] == .boolean(true), "\(asked.text)")
        let request = try id(asked)
        #expect(try id(post("/api/v1/halts/resume", why)) == request)

        let list = world.ask("GET", "/api/v1/approvals")
        #expect(list["people"] == .number(2))
        let waiting = list.rows("requests")
        #expect(waiting.count == 1 && waiting[0]["id"] == .text(request), "\(list.text)")
        #expect(waiting[0]["status"] == .text("pending") && waiting[0]["act"] == .text("resume"))
        #expect(waiting[0]["who"] == .text("the-admin"))
        let path = "/api/v1/approvals/\(request)"
        let remark = post("\(path)/comment", #"{"text":"which fills?"}"#, as: .operator)
        #expect(remark.status == 200, "\(remark.text)")
        #expect(post("\(path)/approve", why, as: .operator).status == 403)
        let own = post("\(path)/approve", why)
        #expect(own.status == 409 && own.text.contains("cannot approve"), "\(own.text)")
        let approved = other("\(path)/approve", why)
        #expect(approved.status == 200 && approved["recorded"] == .boolean(true))
        #expect(world.ask("GET", "/api/v1/halts")["halted"] == .boolean(false))
        #expect(other("\(path)/approve", why).status == 409)
        let all = world.ask("GET", "/api/v1/approvals?all=true").rows("requests")
        #expect(
            all[0]["status"] == .text("approved") && all[0]["decided_by"] == .text("the-second"))
        #expect(world.ask("GET", "/api/v1/approvals").rows("requests").isEmpty)

        // A halt that came since is not ended by an approval that has not seen it.
        #expect(post("/api/v1/halts", #"{"reason":"again"}"#).status == 200)
        let later = try id(post("/api/v1/halts/resume", why))
        #expect(post("/api/v1/halts", #"{"exits":true,"reason":"worse"}"#).status == 200)
        let stale = other("/api/v1/approvals/\(later)/approve", why)
        #expect(stale.status == 409 && stale.text.contains("halted since"), "\(stale.text)")
        #expect(other("/api/v1/approvals/\(later)/refuse", why).status == 200)
        #expect(world.ask("GET", "/api/v1/halts")["halted"] == .boolean(true))

        let lower = post("/api/v1/approvals/require", #"{"people":1,"reason":"x"}"#)
        #expect(lower.status == 202, "\(lower.text)")
        #expect(try other("/api/v1/approvals/\(id(lower))/approve", why).status == 200)
        #expect(world.ask("GET", "/api/v1/approvals")["people"] == .number(1))
        #expect(post("/api/v1/halts/resume", why).status == 200)
        #expect(world.ask("GET", "/api/v1/halts")["halted"] == .boolean(false))
    }

    @Test("what is no request, no candidate, no reason or no right is told so")
    func refusals() throws {
        #expect(other("/api/v1/approvals/d999999/approve", why).status == 409)
        #expect(other("/api/v1/approvals/x1/approve", why).status == 422)
        #expect(other("/api/v1/approvals/d1/approve", #"{"reason":" "}"#).status == 400)
        #expect(other("/api/v1/models/r1/refuse", why).status == 404)
        #expect(
            world.ask("POST", "/api/v1/approvals/d1/refuse", body: why).status == 401,
            "a token is needed on this machine too")
        let people = post("/api/v1/approvals/require", #"{"people":3,"reason":"x"}"#)
        #expect(people.status == 400 && people.text.contains("people"))
        #expect(post("/api/v1/approvals/require", #"{"people":1,"reason":"x"}"#).status == 409)
    }
}
