import Events
import Testing

@testable import API

@Suite("What a request may hold", .serialized)
struct RequestTests {
    private let world = APIWorld.shared

    @Test(
        "steps up, broken escapes and strange names lead nowhere: path traversal",
        arguments: [
            "/../etc/passwd", "/api/v1/../../etc/passwd", "/api/v1/tables/%2e%2e",
            "/api/v1/tables/..%2f..%2flog", "/api/v1/%zz", "/api/v1/%", "/api/v1/tables/%00",
            "/api/v1/tables/%ff%fe", "//api/v1/runs", "/api/v1/runs/", "api/v1/runs", "*", "",
            "http://127.0.0.1/api/v1/runs",
        ])
    func traversal(target: String) {
        let answer = world.ask("GET", target)
        #expect([400, 404].contains(answer.status), "\(answer.status)")
        #expect(answer.field("content-type") == "application/problem+json")
    }

    @Test(
        "a run's name is a name and no path",
        arguments: ["..", "../..", "live/../../x", "%2e%2e%2f", "", ".hidden", "a b"])
    func runNames(name: String) {
        let answer = world.ask("GET", "/api/v1/halts?run=\(name.replacing(" ", with: "%20"))")
        #expect([400, 404, 422].contains(answer.status), "\(answer.text)")
    }

    @Test("unknown and doubled parameters are refused by name, with what is meant")
    func parameters() {
        let unknown = world.ask("GET", "/api/v1/events?limti=3")
        #expect(unknown.status == 400 && unknown.text.contains("did you mean limit"))
        #expect(unknown["invalid"] == .list([.text("limti")]))
        #expect(world.ask("GET", "/api/v1/events?limit=1&limit=2").status == 400)
        for wrong in [
            "limit=0", "limit=1001", "limit=x", "after=-1", "log=x", "type=Nope", "actor=x",
        ] {
            #expect(world.ask("GET", "/api/v1/events?\(wrong)").status == 400, "\(wrong)")
        }
        #expect(world.ask("GET", "/api/v1/tables/ml_models?as_of=yesterday").status == 400)
        #expect(world.ask("GET", "/api/v1/tables/ml_models?as_of=2020-13-45").status == 422)
    }

    @Test("a method that is not a call's own is told which are")
    func methods() {
        let answer = world.ask("DELETE", "/api/v1/halts", as: .admin)
        #expect(answer.status == 405 && answer.field("allow") == "GET, POST, HEAD")
        let head = world.ask("HEAD", "/api/v1/runs")
        #expect(head.status == 200 && head.text.isEmpty)
    }

    @Test(
        "a body that is no object of JSON is refused",
        arguments: [
            ("[]", 400), ("1", 400), ("{", 400), ("{\"reason\":\"\u{1}\"", 400), ("nul", 400),
            (String(repeating: "[", count: 100_000), 400),
            (String(repeating: "{\"a\":", count: 50_000), 400),
            ("{\"reason\":7}", 400), ("{\"reason\":\" \"}", 400), ("{\"raeson\":\"x\"}", 400),
            ("{\"reason\":\"" + String(repeating: "x", count: 2_001) + "\"}", 400),
            ("{}", 400), ("", 400),
        ])
    func bodies(body: String, status: Int) {
        let answer = world.ask("POST", "/api/v1/halts", as: .admin, body: body)
        #expect(answer.status == status, "\(answer.text.prefix(300))")
    }

    @Test("oversized paths and bodies are refused")
    func oversized() {
        let long = "/api/v1/events?ticker=" + String(repeating: "A", count: 9_000)
        #expect(world.ask("GET", long).status == 414)
        let body = "{\"reason\":\"" + String(repeating: "x", count: 1 << 20) + "\"}"
        #expect(world.ask("POST", "/api/v1/halts", as: .admin, body: body).status == 413)
        #expect(world.ask("GET", "/api/v1/runs", body: "{}").status == 400)
    }

    @Test(
        "what looks like SQL is a value and nothing else: SQL injection",
        arguments: [
            "ticker=x'%20OR%20'1'='1", "ticker=x';DROP%20TABLE%20ml_models;--",
            "cursor=eyJhIjoxfQ", "cursor=WyJ4JyBPUiAxPTEtLSJd", "cursor='--",
        ])
    func injection(query: String) {
        let answer = world.ask("GET", "/api/v1/tables/trading_signals?\(query)")
        #expect(
            [400, 422].contains(answer.status)
                || answer.status == 200 && answer.rows("rows").isEmpty,
            "\(answer.text.prefix(300))")
        let table = world.ask("GET", "/api/v1/tables/ml_models%22%20--")
        #expect(table.status == 400)
        let column = world.ask("GET", "/api/v1/tables/trading_signals?1%3D1--=x")
        #expect(column.status == 422)
        #expect(!world.ask("GET", "/api/v1/tables/trading_signals").rows("rows").isEmpty)
    }

    @Test("nothing of a request ends a line of the log, nor does its id")
    func logs() {
        #expect(LogText.plain("a\r\nb\u{1B}[2J\u{2028}") == "a\\u{d}\\u{a}b\\u{1b}[2J\\u{2028}")
        let answer = world.ask(
            "GET", "/api/v1/runs", fields: [("x-request-id", "a\"},{\"level\":\"x")])
        #expect(answer.field("x-request-id")?.contains("\"") == false)
        #expect(
            world.ask("GET", "/api/v1/runs", fields: [("x-request-id", "trace-1")])
                .field("x-request-id") == "trace-1")
    }
}
