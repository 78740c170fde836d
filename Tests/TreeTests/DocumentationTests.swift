import Foundation
import Testing

/// What the pages say is there.
@Suite("The documentation")
struct DocumentationTests {
    @Test(
        "each rule has a reason and a test that exists",
        arguments: ["Documentation/laws.md", "Documentation/loop.md"])
    func rules(page: String) throws {
        let tests = Pages.tests
        let tables = try PageTable.all(page).filter { $0.head == ["rule", "why", "held by"] }
        #expect(tables.count > 4, "\(page) has its tables")
        for row in tables.flatMap(\.rows) {
            try #require(row.count == 3, "\(row)")
            #expect(!row[0].isEmpty && !row[1].isEmpty, "\(row)")
            let named = Pages.quoted(row[2]).filter { !$0.contains("/") }
            #expect(!named.isEmpty, "\(row[0]) has no test")
            for test in named {
                let isThere = tests.contains(test)
                #expect(isThere, "\(test)")
            }
        }
    }

    @Test("a page's tests, files and links are there", arguments: Pages.all)
    func references(page: String) throws {
        let text = try Tree.text(page)
        let tests = Pages.tests
        let suites = Set(tests.compactMap { $0.split(separator: ".").first.map(String.init) })
        for name in Pages.quoted(text) {
            if name.wholeMatch(of: /\w+Tests(\.\w+)?/) != nil {
                let isThere = tests.contains(name) || suites.contains(name)
                #expect(isThere, "\(page): \(name)")
            }
            if let path = name.prefixMatch(of: Pages.path)?.0, !path.contains("*") {
                #expect(Pages.exists(String(path)), "\(page): \(path)")
            }
        }
        let folder = page.contains("/") ? String(page.prefix { $0 != "/" }) + "/" : ""
        for link in text.matches(of: /\]\(([^)#:]+)(#[^)]*)?\)/) {
            #expect(Pages.exists(folder + link.1), "\(page): \(link.1)")
        }
    }

    @Test("a page names no command that does not exist, and no issue", arguments: Pages.all)
    func commands(page: String) throws {
        let (text, commands) = (try Tree.text(page), Pages.commands)
        for match in text.matches(of: /(?m)^(?:\$ |`)?recount ([a-z][a-z-]*)/) {
            #expect(commands.contains(String(match.1)), "\(page): recount \(match.1)")
        }
        for quoted in Pages.quoted(text) where quoted.hasPrefix("recount ") {
            let word = quoted.split(separator: " ")[1]
            #expect(word.hasPrefix("-") || commands.contains(String(word)), "\(page): \(quoted)")
        }
        #expect(text.firstMatch(of: /(?i)issue #?\d/) == nil, "\(page)")
    }

    @Test("who wants to change something reads fifty lines at most")
    func contributing() throws {
        let lines = try Tree.text("CONTRIBUTING.md").split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 51)
    }

    @Test("each check of Tools/checks can be run and says what it does")
    func checks() throws {
        let folder = Tree.root.appendingPathComponent("Tools/checks").path
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
            $0.wholeMatch(of: /\d\d-[a-z-]+/) != nil
        }.sorted()
        #expect(names.map { $0.prefix(2) } == (1...16).map { $0 < 10 ? "0\($0)" : "\($0)" })
        for name in names {
            #expect(FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)"), "\(name)")
            let text = try Tree.text("Tools/checks/\(name)")
            #expect(text.contains("\n# Usage: Tools/checks/\(name)\n"), "\(name)")
            #expect(text.contains("\n. \"$(dirname \"$0\")/common\"\n"), "\(name)")
        }
    }
}

extension Pages {
    /// A path in the project, up to what cannot be part of one.
    nonisolated(unsafe) static let path =
        /(Sources|Tests|Tools|Schemas|Documentation|Plugins)(\/[\w.+*-]+)+/
}

/// `Documentation/api.md`: what was attacked, and by which test.
@Suite("What was attacked")
struct AttackTableTests {
    @Test("every point of ASVS has a test that exists")
    func held() throws {
        let tests = Pages.tests
        let tables = try PageTable.all("Documentation/api.md").filter {
            $0.head == ["point", "how it is met", "held by"]
        }
        let rows = tables.flatMap(\.rows)
        #expect(rows.count > 15)
        for row in rows {
            try #require(row.count == 3, "\(row)")
            let named = Pages.quoted(row[2])
            #expect(!named.isEmpty && !row[1].isEmpty, "\(row)")
            for test in named { #expect(tests.contains(test), "\(test)") }
        }
    }
}
