import Foundation

/// The pages of the documentation, and what they may name.
enum Pages {
    /// Every page of the documentation, as a path in the project.
    static let all: [String] = {
        let folder = Tree.root.appendingPathComponent("Documentation").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let pages = names.filter { $0.hasSuffix(".md") }.sorted().map { "Documentation/\($0)" }
        return ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "Schemas/README.md"] + pages
    }()

    /// Whether there is a file or folder of this path.
    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: Tree.root.appendingPathComponent(path).path)
    }

    /// All files under a folder with an extension, as names and texts.
    static func files(_ folder: String, _ ending: String) throws -> [(name: String, text: String)] {
        let files = FileManager.default.enumerator(
            at: Tree.root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
        return try (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == ending }
            .map {
                let name = $0.deletingPathExtension().lastPathComponent
                return (name, try String(contentsOf: $0, encoding: .utf8))
            }
    }

    /// All files under a folder with an extension, one text.
    static func texts(_ folder: String, _ ending: String) throws -> String {
        try files(folder, ending).map(\.text).joined(separator: "\n")
    }

    /// The names of all commands, those of subcommands too.
    static let commands: Set<String> = {
        let text = (try? texts("Sources/recount", "swift")) ?? ""
        return Set(text.matches(of: /commandName: "([a-z-]+)"/).map { String($0.1) })
    }()

    /// Every test as `Suite.function`; one outside a suite has its file's name.
    static let tests: Set<String> = {
        var found: Set<String> = []
        for (file, text) in (try? files("Tests", "swift")) ?? [] {
            var (suite, isTest) = (file, false)
            for line in text.split(separator: "\n") {
                if let first = line.first, !first.isWhitespace, first != "/" {
                    if let type = line.prefixMatch(of: Pages.type)?.2 {
                        suite = String(type)
                    } else if first == "}" || first == "@" {
                        suite = file
                    }
                }
                let code = line.drop { $0 == " " }
                if code.hasPrefix("@Test") { isTest = true }
                if isTest, let name = code.firstMatch(of: /\bfunc (\w+)/)?.1 {
                    found.insert("\(suite).\(name)")
                    isTest = false
                }
            }
        }
        return found
    }()

    nonisolated(unsafe) private static let type =
        /((?:public|private|final|fileprivate) )*(?:struct|class|enum|extension|actor) (\w+)/

    /// What stands in backticks.
    static func quoted(_ text: some StringProtocol) -> [String] {
        String(text).matches(of: /`([^`]+)`/).map { String($0.1) }
    }
}

/// A table of a page.
struct PageTable {
    /// The heading above it.
    let section: String
    /// The cells of its first line.
    let head: [String]
    /// The cells of the others.
    var rows: [[String]] = []

    /// Every table of a page, in order.
    static func all(_ page: String) throws -> [PageTable] {
        var (tables, section, isInside): ([PageTable], String, Bool) = ([], "", false)
        for line in try Tree.text(page).split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("#") {
                section = line.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces)
            }
            guard line.hasPrefix("|") else {
                isInside = false
                continue
            }
            // A bar behind a backslash is text.
            let cells = line.replacing("\\|", with: "\u{0}").dropFirst().dropLast()
                .split(separator: "|", omittingEmptySubsequences: false)
                .map {
                    $0.trimmingCharacters(in: .whitespaces).replacing("\u{0}", with: "|")
                }
            if !isInside {
                tables.append(PageTable(section: section, head: cells))
                isInside = true
            } else if cells.contains(where: { !$0.allSatisfy { "-:".contains($0) } }) {
                tables[tables.count - 1].rows.append(cells)
            }
        }
        return tables
    }
}
