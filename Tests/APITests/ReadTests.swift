import Application
import EventLog
import Events
import Testing

@testable import API

@Suite("What is read", .serialized)
struct ReadTests {
    private let world = APIWorld.shared

    /// Every row of a table, page by page.
    private func all(_ target: String, limit: Int) -> [JSONFields] {
        var (rows, cursor) = ([JSONFields](), "")
        for _ in 0..<1_000 {
            let mark = target.contains("?") ? "&" : "?"
            let page = world.ask("GET", "\(target)\(mark)limit=\(limit)\(cursor)")
            rows += page.rows("rows")
            guard case .text(let next)? = page["next"] else { break }
            cursor = "&cursor=\(next)"
        }
        return rows
    }

    @Test(
        "pages give each row once, in one order, whatever their size",
        arguments: [
            "trading_signals", "signal_outcomes", "reference_portfolio_snapshots",
            "reference_portfolio_positions", "predictions", "training_rows", "disclosures",
        ])
    func pages(table: String) {
        let whole = world.ask("GET", "/api/v1/tables/\(table)?limit=1000").rows("rows")
        #expect(
            all("/api/v1/tables/\(table)", limit: 7) == whole.prefix(1_000).map { $0 }
                || whole.count == 1_000)
        let back = all("/api/v1/tables/\(table)?order=desc", limit: 11)
        if whole.count < 1_000 { #expect(back == whole.reversed()) }
    }

    @Test("a table is asked as of a moment, by column, and is not sent twice")
    func tables() throws {
        let now = world.ask("GET", "/api/v1/returns?limit=1000")
        let rows = now.rows("rows")
        #expect(rows.count > 20)
        guard case .text(let day)? = rows[9]["snapshot_date"] else {
            Issue.record("no date")
            return
        }
        let then = world.ask("GET", "/api/v1/returns?as_of=\(day)&limit=1000").rows("rows")
        #expect(then == Array(rows.prefix(10)))
        let one = world.ask(
            "GET", "/api/v1/tables/reference_portfolio_snapshots?snapshot_date=\(day)")
        #expect(one.rows("rows") == [rows[9]])
        let tag = try #require(now.field("etag"))
        let again = world.ask(
            "GET", "/api/v1/returns?limit=1000", fields: [("if-none-match", tag)])
        #expect(again.status == 304 && again.text.isEmpty)
        let csv = world.ask("GET", "/api/v1/returns?format=csv")
        #expect(csv.field("content-type")?.hasPrefix("text/csv") == true)
        #expect(csv.text.split(separator: "\r\n").count == rows.count + 1)
    }

    @Test("events come page by page, and behind the position that a follower has")
    func events() throws {
        let run = try world.data.openRun("live")
        let end = try run.merged.end().own
        var (positions, after) = ([UInt64](), UInt64(0))
        while true {
            let page = world.ask("GET", "/api/v1/events?limit=100&after=\(after)")
            for event in page.rows("events") {
                if case .number(let position)? = event["position"] {
                    positions.append(UInt64(position))
                }
            }
            guard page["more"] == .boolean(true), case .number(let looked)? = page["looked"]
            else { break }
            after = UInt64(looked)
        }
        let shared = run.manifest?.parent?.position.own ?? 0
        #expect(positions == Array(shared + 1...end))
        let fills = world.ask("GET", "/api/v1/events?type=OrderFilled&limit=1000").rows("events")
        #expect(!fills.isEmpty)
        #expect(fills.allSatisfy { $0["type"] == .text("OrderFilled") })
        let follow = world.ask(
            "GET", "/api/v1/events",
            fields: [("accept", "text/event-stream"), ("last-event-id", "\(end - 3)")])
        guard case .events(let stream) = follow.response.body else {
            Issue.record("\(follow.text)")
            return
        }
        let text = String(decoding: try stream.next() ?? [], as: UTF8.self)
        #expect(text.hasPrefix("id: \(end - 2)\n") && text.contains("\nid: \(end)\n"))
        #expect(try stream.next() == nil)
    }

    @Test("why is told of what is held, and of what nobody holds")
    func why() throws {
        let held = world.ask("GET", "/api/v1/tables/reference_portfolio_positions?is_open=1")
        let row = try #require(held.rows("rows").first)
        guard case .text(let ticker)? = row["ticker"] else { return }
        let answer = world.ask("GET", "/api/v1/why/holding/\(ticker)")
        #expect(answer.status == 200 && answer.text.contains("SignalGenerated"))
        #expect(world.ask("GET", "/api/v1/why/holding/ZZZZ").status == 404)
        #expect(world.ask("GET", "/api/v1/why/whatever/x").status == 400)
    }

    @Test("until the logs may be opened what needs them waits, and the contract does not")
    func starting() {
        let api = APIService(.init(world.data), isReady: { false })
        func status(_ target: String) -> Int {
            api.answer(
                APIRequest(
                    method: "GET", target: target, fields: [("host", "localhost")],
                    peer: .init(address: "127.0.0.1"))
            ).status
        }
        #expect(status("/api/v1/events") == 503 && status("/ml/stats") == 503)
        #expect(status("/") == 200 && status("/api/v1/openapi.yaml") == 200)
    }

    @Test("what there is not is told as such")
    func missing() {
        #expect(world.ask("GET", "/api/v1/tables/ml_modles").text.contains("did you mean"))
        #expect(world.ask("GET", "/api/v1/returns?run=nope").status == 404)
        #expect(world.ask("GET", "/ml/models/active").status == 404)
        #expect(world.ask("GET", "/ml/train/d1").status == 404)
        #expect(world.ask("GET", "/ml/train/x").status == 404)
        #expect(world.ask("GET", "/ml/signal/ZZZZ").status == 404)
    }
}
