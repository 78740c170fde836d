import Application
import EventLog
import Events
import Foundation
import Projections
import Synchronization
import Testing

@testable import API
@testable import Audit
@testable import Dashboard

@Suite("The pages", .serialized)
struct PageTests {
    private let world = APIWorld.shared

    /// A path of every page: those that need a name get one that the run has.
    private func paths() throws -> [String] {
        let signal = try #require(
            world.ask("GET", "/api/v1/tables/trading_signals?limit=1&order=desc").rows("rows").first
        )
        guard case .text(let id)? = signal["id"], case .text(let ticker)? = signal["ticker"] else {
            throw Problem(500, "test", "the run has no signal")
        }
        let filing = try #require(
            world.ask("GET", "/api/v1/tables/disclosures?limit=1").rows("rows").first)
        guard case .text(let filed)? = filing["id"] else {
            throw Problem(500, "test", "the run has no filing")
        }
        let named = Dashboard.kinds.filter { $0.parameters == 0 }.map(\.path)
        return named + [
            "/why/signal/\(id)", "/why/event/\(filed)", "/led-to/\(filed)", "/tickers/\(ticker)",
            "/signals?show=all", "/disclosures?ticker=\(ticker)", "/events?log=timeline",
            "/events?log=data", "/changes?since=1",
        ]
    }

    @Test("each page is answered now and as of any moment, small, and asks no other host")
    func pages() throws {
        let end = try world.data.openRun("live").merged.end().position
        for path in try paths() {
            for moment in ["", "0", "1", "\(end / 3)", "\(end / 2)", "\(end)"] {
                let mark = path.contains("?") ? "&" : "?"
                let target = moment.isEmpty ? path : "\(path)\(mark)at=\(moment)"
                let answer = world.browse(target)
                // Of what was not there yet a page says so.
                let isThere = answer.status == 200 || (answer.status == 404 && moment != "")
                #expect(isThere, "\(target): \(answer.status) \(answer.text.suffix(400))")
                #expect(answer.text.utf8.count < 300_000, "\(target)")
                #expect(!answer.text.contains("http://") && !answer.text.contains("https://"))
                #expect(!answer.text.contains("<script>"), "a script within the page")
                #expect(!answer.text.contains(" style="), "a style within the page")
                #expect(!answer.text.contains(" on" + "click"), "\(target)")
            }
        }
    }

    @Test("the past says that it is, offers nothing to do, and shows nothing of what came later")
    func past() throws {
        let (cookie, _) = world.logIn(.admin)
        let opened = try world.data.openRun("live")
        let end = try opened.merged.end().position
        for path in ["/", "/jobs", "/settings", "/models", "/holdings"] {
            let now = world.browse(path, cookie: cookie).text
            #expect(now.contains("<body class=\"present\" data-follow=\"yes\""))
            let then = world.browse("\(path)?at=\(end / 2)", cookie: cookie).text
            #expect(then.contains("<body class=\"past\" data-follow=\"no\""), "\(path)")
            #expect(then.contains("Nothing can be done here"))
            #expect(!then.contains("action=\"/act/"), "\(path)")
        }
        #expect(world.browse("/jobs", cookie: cookie).text.contains("action=\"/act/train\""))
        // The days of the past's curve are those of its own rows.
        let place = try #require(try opened.merged.position(end / 2))
        let event = try opened.merged.event(at: place)
        let knownAt = try #require(try Viewing.time(of: event, opened.merged))
        let page = world.browse("/?at=\(end / 2)").text
        let days = page.matches(of: /\["(\d{4}-\d\d-\d\d)",/).map { String($0.output.1) }
        #expect(!days.isEmpty)
        #expect(days.allSatisfy { $0 <= "\(knownAt.day)" })
        let last = world.browse("/").text.matches(of: /\["(\d{4}-\d\d-\d\d)",/).last
        #expect(last.map { String($0.output.1) } ?? "" > days.last ?? "")
    }

    @Test("no link of any page leads nowhere, now or in the past")
    func links() throws {
        let end = try world.data.openRun("live").merged.end().position
        for moment in ["", "\(end / 2)"] {
            var (seen, next) = ([String](), try paths())
            if !moment.isEmpty {
                next = Dashboard.kinds.filter { $0.parameters == 0 }.map {
                    "\($0.path)?at=\(moment)"
                }
            }
            while let target = next.popLast(), seen.count < 500 {
                guard !seen.contains(target) else { continue }
                seen.append(target)
                let answer = world.browse(target)
                #expect(
                    answer.status == 200 || answer.status == 303,
                    "\(target): \(answer.status) \(answer.text.suffix(600))")
                // What is three steps away is of a kind that was seen.
                guard seen.count < 200 else { continue }
                for match in answer.text.matches(of: /href="([^"]*)"/) {
                    let link = match.output.1.replacing("&amp;", with: "&")
                        .replacing("&#39;", with: "'")
                    guard link.hasPrefix("/"), !link.hasPrefix("/api") else { continue }
                    // A page leads by each kind of link a few times.
                    let kind = link.prefix { $0 != "?" }.split(separator: "/").prefix(2)
                    let alike = (seen + next).count {
                        $0.prefix { $0 != "?" }.split(separator: "/").prefix(2) == kind
                    }
                    if alike < 12 { next.append(String(link)) }
                }
            }
            #expect(seen.count > 60, "\(seen.count)")
        }
    }

    @Test("an event that came later is none of the past, by whatever page it is asked for")
    func later() throws {
        let opened = try world.data.openRun("live")
        let end = try opened.merged.end()
        let last = try opened.merged.event(at: end)
        let before = end.position / 2
        for path in ["/why/event/\(last)", "/led-to/\(last)"] {
            #expect(world.browse(path).status == 200, "\(path)")
            let answer = world.browse("\(path)?at=\(before)")
            #expect(answer.status == 404 && answer.text.contains("came later"), "\(path)")
        }
        let api = world.ask("GET", "/api/v1/why/event/\(last)?as_of=\(before)")
        #expect(api.status == 404)
        let events = world.browse("/events?at=\(before)").text
        #expect(!events.contains(">\(last)<") && events.contains("<code>") == true)
    }

    @Test("a live run's own figures begin where it went live, and its events where it began")
    func ownStart() throws {
        let opened = try world.data.openRun("live")
        #expect(opened.manifest?.live != nil)
        let events = world.browse("/events?after=0").text
        #expect(events.contains(">r1<"))
        #expect(!events.contains(">earlier<"))
    }

    @Test("what a page shows of a moment is what the read models had then")
    func figures() throws {
        let end = try world.data.openRun("live").merged.end().position
        for position in [end / 2, end * 2 / 3, end - 1] {
            let rows = world.ask(
                "GET", "/api/v1/tables/reference_portfolio_state?as_of=\(position)"
            ).rows("rows")
            guard case .number(let value)? = rows.first?["portfolio_value"] else { continue }
            #expect(
                world.browse("/?at=\(position)").text.contains(
                    "<dt>Value</dt><dd>\(Format.money(value))"), "\(position)")
        }
    }

    @Test("the slider snaps to events that change the page, and a step goes to the next of them")
    func snaps() throws {
        let history = try History(world.data, run: "live")
        let end = try history.view.merged.end().position
        try history.ensure(["portfolio", "performance"], through: end)
        for wanted in [0, end / 4, end / 2, end] {
            let answer = world.ask("GET", "/api/v1/runs")
            #expect(answer.status == 200)
            let moment = world.browse("/moment?page=/holdings&position=\(wanted)")
            #expect(moment.status == 200)
            let found =
                try ["portfolio", "performance"].compactMap {
                    try history.previous($0, before: wanted + 1)
                }.max() ?? 0
            #expect(moment["position"] == .number(Double(found)), "\(wanted)")
        }
        let next = try #require(
            try ["portfolio", "performance"].compactMap { try history.next($0, after: end / 3) }
                .min())
        let step = world.browse("/step?page=/holdings&at=\(end / 3)&to=next&ticker=A")
        #expect(step.status == 303)
        #expect(step.field("location") == "/holdings?ticker=A&at=\(next)")
        #expect(
            world.browse("/step?page=/holdings&at=\(end)&to=next").field("location") == "/holdings")
    }

    @Test("many look at once at a past that is still being made, and nobody fails")
    func crowd() async throws {
        let world = try APIWorld()
        let end = try world.data.openRun("live").merged.end().position
        let paths = ["/", "/holdings", "/models", "/signals?show=all", "/changes", "/disclosures"]
        let answers = await withTaskGroup(of: [Int].self) { group in
            for visitor in 0..<6 {
                group.addTask {
                    (1...6).map { step in
                        let path = paths[(visitor + step) % paths.count]
                        let mark = path.contains("?") ? "&" : "?"
                        return world.browse("\(path)\(mark)at=\(end * UInt64(step) / 7)").status
                    }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(answers.count == 36)
        // 503: it is still being made, and asks again.
        #expect(answers.allSatisfy { $0 == 200 || $0 == 503 }, "\(answers)")
        #expect(world.lines.withLock { $0 } == [])
    }

    @Test("a moment that is none, a ticker that is none, and a page that is none say so in words")
    func refusals() {
        for (target, status, text) in [
            ("/?at=yesterday", 422, "yesterday"), ("/tickers/%20%20", 404, "no ticker"),
            ("/nothing", 404, "no such"), ("/models/r999999999", 404, "r999999999"),
            ("/events?type=Nonsense", 422, "Nonsense"), ("/?run=nobody", 404, "nobody"),
            ("/runs?with=nobody", 404, "nobody"), ("/runs?with=live", 422, "itself"),
            ("/signals?date=2014-02-30", 422, "2014-02-30"), ("/signals?show=x", 422, "show"),
            ("/disclosures?before=x", 422, "before"), ("/events?after=x", 422, "after"),
            ("/moment?position=-1", 422, "position"),
        ] {
            let answer = world.browse(target)
            #expect(answer.status == status, "\(target): \(answer.status)")
            #expect(answer.text.contains(text), "\(target)")
            #expect(answer.text.hasPrefix("<!doctype html>"), "\(target)")
        }
        #expect(world.lines.withLock { $0 }.isEmpty)
    }

    @Test("live mode is a banner on every page that nothing on it takes away")
    func banner() throws {
        let target = APIRequest(
            method: "GET", target: "/", fields: [("host", "localhost")],
            peer: .init(address: "127.0.0.1"))
        let call = SiteCall(
            service: world.site, method: "GET", path: [], query: [], form: [],
            visitor: .init(name: nil, role: .reader, formKey: nil), isReady: true, request: target,
            caller: Caller(name: nil, role: .reader))
        let viewing = try Viewing(call)
        #expect(viewing.mode == "simulated")
        for kind in Dashboard.kinds {
            let page = Page(heading: "x")
            let live = Frame.html(page, kind, viewing, mode: "live")
            let banner = try #require(
                live.firstRange(of: "<div class=\"live-banner\" role=\"alert\">"))
            let rest = live[banner.upperBound...].prefix { $0 != "/" }
            #expect(!rest.contains("button") && rest.contains("real money"))
            #expect(live.contains("mode-live"))
            #expect(!Frame.html(page, kind, viewing, mode: "paper").contains("live-banner"))
        }
    }
}

@Suite("What a form may do", .serialized)
struct FormTests {
    private let world = APIWorld.shared

    @Test("a login is a cookie that no script reads and no other site sends; it reads from afar")
    func login() throws {
        let answer = world.browse("/login", form: [("token", world.secrets[.operator] ?? "")])
        #expect(answer.status == 303 && answer.field("location") == "/")
        let cookie = try #require(answer.field("set-cookie"))
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
        let pair = String(cookie.prefix { $0 != ";" })
        #expect(world.browse("/jobs", cookie: pair).text.contains("the-operator (operator)"))
        let refused = world.browse("/jobs", peer: "192.0.2.20")
        #expect(refused.status == 401 && refused.text.contains("href=\"/login\""))
        #expect(world.browse("/login", peer: "192.0.2.20").status == 200)
        #expect(world.browse("/assets/dashboard.css", peer: "192.0.2.20").status == 200)
        #expect(world.browse("/jobs", cookie: pair, peer: "192.0.2.20").status == 200)
        // No secret of it is the token, and nothing else than its own value is taken.
        #expect(!cookie.contains(world.secrets[.operator] ?? "?"))
        #expect(world.browse("/jobs", cookie: pair + "x", peer: "192.0.2.20").status == 401)
        let key = world.browse("/jobs", cookie: pair).text
            .split(separator: "name=\"key\" value=\"")[1].prefix { $0 != "\"" }
        let out = world.browse("/logout", cookie: pair, form: [("key", String(key))])
        #expect(out.field("set-cookie")?.contains("Max-Age=0") == true)
        #expect(world.browse("/jobs", cookie: pair, peer: "192.0.2.20").status == 401)
    }

    @Test("wrong tokens are refused, and an address that tries many is not listened to")
    func guesses() {
        for _ in 0..<9 {
            let answer = world.browse("/login", form: [("token", "rct_x")], peer: "192.0.2.30")
            #expect([401, 429].contains(answer.status))
            #expect(answer.field("set-cookie") == nil)
        }
        var last = 0
        for _ in 0..<30 {
            last = world.browse("/login", form: [("token", "rct_y")], peer: "192.0.2.30").status
        }
        #expect(last == 429)
    }

    @Test(
        "where a login leads to is a path of this site",
        arguments: [
            "//evil.example/", "https://evil.example/", "/\\evil.example", "evil",
            "/a\r\nset-cookie: x",
        ])
    func openRedirect(target: String) {
        let step = world.browse("/step?to=before&page=\(Viewing.encoded(target))")
        let location = step.field("location") ?? "/"
        #expect(location.hasPrefix("/") && !location.hasPrefix("//"), "\(location)")
        #expect(!location.contains("\\"), "\(location)")
        let answer = world.browse(
            "/login", form: [("token", world.secrets[.reader] ?? ""), ("then", target)])
        #expect(answer.field("location") == "/")
    }

    @Test("a form of another login, of another site, or of nobody does nothing")
    func forgery() throws {
        let (cookie, key) = world.logIn(.admin)
        let (other, _) = world.logIn(.admin)
        let form = [("reason", "by hand")]
        let before = try EventLog.open(at: world.data.log).head().position
        #expect(
            world.browse("/act/halt", form: form + [("key", key)]).field("location") == "/login")
        #expect(world.browse("/act/halt", cookie: cookie, form: form).status == 403)
        #expect(
            world.browse("/act/halt", cookie: other, form: form + [("key", key)]).status == 403)
        let cross = world.browse(
            "/act/halt", cookie: cookie, form: form + [("key", key)],
            fields: [("sec-fetch-site", "cross-site")])
        #expect(cross.status == 403)
        // The cookie alone writes nothing by the calls.
        let call = world.site.answer(
            APIRequest(
                method: "POST", target: "/api/v1/halts",
                fields: [
                    ("host", "localhost"), ("cookie", cookie), ("content-type", "application/json"),
                ], body: Array("{\"reason\":\"x\"}".utf8), peer: .init(address: "127.0.0.1")))
        #expect(call.status == 401)
        #expect(try EventLog.open(at: world.data.log).head().position == before)
    }

    @Test("each role may what it may, and what it did stands in the trail with its reason, escaped")
    func acts() throws {
        let reason = "<img src=x onerror=alert(1)> \"quoted\" & 'so'"
        let (reader, readerKey) = world.logIn(.reader)
        #expect(
            world.browse(
                "/act/halt", cookie: reader, form: [("key", readerKey), ("reason", reason)]
            ).status == 403)
        let (person, key) = world.logIn(.operator)
        let done = world.browse(
            "/act/halt", cookie: person, form: [("key", key), ("reason", reason)])
        #expect(done.status == 303, "\(done.text)")
        #expect(done.field("location") == "/settings?done=halt")
        #expect(
            world.browse(
                "/act/resume", cookie: person, form: [("key", key), ("reason", "enough")]
            ).status == 403)
        for path in ["/trail", "/settings", "/events?log=data"] {
            let page = world.browse(path, cookie: person).text
            #expect(!page.contains("<img src=x"), "\(path)")
            #expect(page.contains("onerror=alert(1)&gt;"), "\(path)")
        }
        #expect(world.browse("/trail").text.contains("the-operator"))
        let head = try EventLog.open(at: world.data.log).head().position
        let why = world.ask("GET", "/api/v1/why/event/r\(head)?run=data").text
        #expect(why.contains("New entries were halted: "), "\(why)")
        #expect(why.contains("the-operator did it: <img"), "\(why)")
        let (admin, adminKey) = world.logIn(.admin)
        let resumed = world.browse(
            "/act/resume", cookie: admin, form: [("key", adminKey), ("reason", "enough")])
        #expect(resumed.status == 303)
        #expect(world.browse("/settings").text.contains("Nothing halts entries."))
    }

    @Test("where two people are needed, an act waits on its page until another one approves it")
    func approvals() throws {
        let world = try APIWorld()
        var book = try TokenBook(world.data)
        let second = try book.create(
            name: "the-second", role: .admin, at: Instant(Day("2030-01-01")!, hour: 1)
        ).secret
        let (admin, key) = world.logIn(.admin)
        let required = world.ask(
            "POST", "/api/v1/approvals/require", as: .admin,
            body: "{\"people\":2,\"reason\":\"four eyes\"}")
        #expect(required.status == 200, "\(required.text)")
        let halted = world.browse(
            "/act/halt", cookie: admin, form: [("key", key), ("reason", "to look")])
        #expect(halted.field("location") == "/settings?done=halt")
        let asked = world.browse(
            "/act/resume", cookie: admin, form: [("key", key), ("reason", "<i>enough</i>")])
        #expect(asked.field("location") == "/approvals?done=asked", "\(asked.text)")
        #expect(!world.browse("/settings").text.contains("Nothing halts entries."))
        let page = world.browse("/approvals", cookie: admin).text
        #expect(page.contains("&lt;i&gt;enough") && !page.contains("<i>enough"))
        let id = try #require(page.matches(of: /name="approval" value="(d\d+)"/).first?.output.1)
        // Whoever asked cannot approve it.
        let own = world.browse(
            "/act/approve", cookie: admin,
            form: [("key", key), ("approval", String(id)), ("reason", "I say so")])
        #expect(own.status == 409, "\(own.text)")
        let login = world.browse("/login", form: [("token", second)])
        let cookie = String((login.field("set-cookie") ?? "").prefix { $0 != ";" })
        let secondKey = String(
            world.browse("/jobs", cookie: cookie).text
                .split(separator: "name=\"key\" value=\"")[1].prefix { $0 != "\"" })
        let comment = world.browse(
            "/act/comment", cookie: cookie,
            form: [("key", secondKey), ("approval", String(id)), ("reason", "looks right")])
        #expect(comment.status == 303, "\(comment.text)")
        #expect(world.browse("/approvals").text.contains("looks right"))
        let approved = world.browse(
            "/act/approve", cookie: cookie,
            form: [("key", secondKey), ("approval", String(id)), ("reason", "seen")])
        #expect(approved.field("location") == "/approvals?done=approve", "\(approved.text)")
        #expect(world.browse("/settings").text.contains("Nothing halts entries."))
        #expect(world.browse("/approvals").text.contains("Nothing waits for a second person."))
    }

    @Test("the switch of the mode is refused for a run without an account, in words")
    func mode() {
        let (cookie, key) = world.logIn(.admin)
        let answer = world.browse(
            "/act/mode", cookie: cookie,
            form: [("key", key), ("mode", "live"), ("reason", "now"), ("phrase", "live A 1")])
        #expect([409, 422].contains(answer.status))
        #expect(answer.text.contains("class=\"alert bad\""))
    }
}

@Suite("Markup in what pages show")
struct MarkupTests {
    private let nasty = "</script><script>alert('x')</script><img src=\"x\" onerror=\"y\">&amp;"

    @Test("no template lets markup through, wherever it stands")
    func templates() throws {
        let world = APIWorld.shared
        let request = APIRequest(
            method: "GET", target: "/?x=\(Viewing.encoded(nasty))",
            fields: [("host", "localhost")], peer: .init(address: "127.0.0.1"))
        let call = SiteCall(
            service: world.site, method: "GET", path: [nasty], query: [("x", nasty), (nasty, "y")],
            form: [], visitor: .init(name: nasty, role: .admin, formKey: nasty), isReady: true,
            request: request, caller: Caller(name: nasty, role: .admin))
        let viewing = try Viewing(call)
        var node = WhyNode(.own(1), type: nasty, knownAt: nil, nasty)
        node.sentences = [nasty]
        node.figures = [WhyFigure(nasty, 1, nasty, rule: nasty)]
        node.source = WhySource(format: nasty, text: nasty)
        node.later = [nasty]
        var deep = node
        for _ in 0..<4 {
            var above = node
            above.causes = [WhyCause(nasty, deep), WhyCause(nasty, deep, isNamedOnly: true)]
            deep = above
        }
        let cell = Block.Cell(nasty, style: nil, link: "/" + nasty)
        let chart = Chart(
            label: nasty, names: [nasty, nasty],
            rows: [("2020-01-02", [1, 2]), (nasty, [2, nil])],
            marks: [.init(day: nasty, text: nasty, sort: "halt", link: nasty)])
        let page = Page(
            heading: nasty, lead: nasty,
            alerts: [.init(text: nasty, remedy: nasty, level: "bad")],
            blocks: [
                .figures(
                    nasty, [.init(nasty, nasty, note: nasty, tone: nil, link: nasty)], query: nasty,
                    viewing),
                .table(
                    nasty, text: nasty, [.init(nasty), .number(nasty)], [(nil, [cell, cell])],
                    empty: nasty, more: .init(nasty, nasty), query: nasty, viewing),
                .table(nasty, [], [], empty: nasty, query: nil, viewing),
                .unfolding(
                    nasty, text: nasty,
                    [
                        .init(
                            cells: [cell], steps: [.init(nasty, nasty, link: nasty)],
                            links: [.init(nasty, nasty)])
                    ], empty: nasty, more: .init(nasty, nasty), query: nasty, viewing),
                chart.block(nasty, empty: nasty, query: nasty, viewing),
                .text(nasty, [nasty], links: [.init(nasty, nasty)], code: nasty),
                Form(
                    title: nasty, text: nasty, action: nasty, button: nasty,
                    hidden: [(nasty, nasty)],
                    fields: [
                        .init(name: nasty, label: nasty, value: nasty, placeholder: nasty),
                        .init(
                            name: nasty, label: nasty, kind: .choice, value: nasty,
                            options: [(nasty, nasty)]),
                    ]
                ).block(call.visitor), .tree(nasty, deep, viewing),
            ])
        let html = Frame.html(page, Overview.kind, viewing, mode: "live")
        #expect(!html.contains("<img"))
        #expect(!html.contains("<script>alert"))
        let scripts = html.ranges(of: "<script").count
        // The page's own: two that it loads, one that holds the numbers of a curve.
        #expect(scripts == 3 && html.ranges(of: "</script>").count == 3)
        // Each place is shown, and none twice escaped.
        #expect(html.ranges(of: "&lt;script&gt;").count > 60)
        #expect(!html.contains("&amp;lt;"))
    }

    @Test("what a request asks for comes back escaped")
    func requests() {
        let world = APIWorld.shared
        let text = Viewing.encoded("\"><script>alert(1)</script>")
        for target in [
            "/?at=\(text)", "/signals?date=\(text)", "/signals?ticker=\(text)",
            "/disclosures?filer=\(text)", "/events?ticker=\(text)", "/events?type=\(text)",
            "/tickers/\(text)", "/why/signal/\(text)", "/models/\(text)", "/runs?with=\(text)",
            "/login?then=\(text)", "/\(text)", "/changes?since=\(text)", "/?run=\(text)",
            "/signals?\(text)=\(text)",
        ] {
            let answer = world.browse(target)
            #expect(!answer.text.contains("<script>alert"), "\(target)")
            #expect(answer.status != 500, "\(target): \(answer.text)")
        }
    }

    @Test("a curve holds the numbers that it was given, to less than a pixel")
    func curves() throws {
        let values: [Double?] = [
            0, -0.00004, 0.5, -12.3456, 999.99996, 1_000.005, -1_234_567.891, nil, .nan, 1e13,
        ]
        let chart = Chart(
            label: "", names: ["a<b>"], rows: values.map { ("2020-01-02", [$0]) })
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(chart.payload.utf8)) as? [String: Any])
        #expect(object["names"] as? [String] == ["a<b>"])
        let rows = try #require(object["rows"] as? [[Any]])
        for (row, value) in zip(rows, values) {
            let read = (row[1] as? NSNumber)?.doubleValue
            guard let value, value.isFinite, abs(value) < 1e12 else {
                #expect(read == nil)
                continue
            }
            #expect(abs((read ?? .nan) - value) <= (abs(value) < 1_000 ? 0.00005 : 0.0051))
        }
    }

    @Test("numbers are written as people read them")
    func numbers() {
        #expect(Format.money(1_234_567.891) == "1,234,567.89")
        #expect(Format.money(-0.004) == "0.00")
        #expect(Format.money(-1234.5) == "-1,234.50")
        #expect(Format.money(nil) == "–")
        #expect(Format.percent(0.012345) == "+1.23 %")
        #expect(Format.percent(-0.5) == "-50.00 %")
        #expect(Format.shares(3) == "3" && Format.shares(0.25) == "0.2500")
        #expect(Format.number(999.9999, 2) == "1,000.00")
        #expect(Format.words("maxPositions") == "max positions")
        #expect(Format.number(.nan) == "nan")
    }
}
