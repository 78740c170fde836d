public import API
import Application
public import ArgumentParser
import EventLog
import Events

/// `recountd token`
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make, list and revoke the tokens by which the API lets people write.",
        discussion: """
            Example: recountd token create --name anna --role operator --data DIR
                     recountd token list --data DIR
                     recountd token revoke anna --data DIR
            """,
        subcommands: [
            TokenCreateCommand.self, TokenListCommand.self, TokenRevokeCommand.self,
        ])
}

extension Role: ExpressibleByArgument {}

extension TokenBook.Entry {
    fileprivate var json: String {
        var object = JSONObject()
        object.text("id", id)
        object.text("name", name)
        object.text("role", role.rawValue)
        object.text("created", created)
        object.text("revoked", revoked)
        return object.text
    }
}

/// `recountd token create`
struct TokenCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a token and print it: it is shown once, and kept as its SHA-256 alone.",
        discussion: """
            reader reads (also from elsewhere than this machine); operator tells of trades, asks for \
            trainings and halts; admin promotes, resumes and changes the mode. A service that runs \
            takes it at once. Send it as Authorization: Bearer TOKEN.

            Example: recountd token create --name anna --role operator --data DIR
            """)

    @OptionGroup var options: DataOptions
    @Option(
        name: .long,
        help: ArgumentHelp("Whose it is: who of what its bearer does.", valueName: "name"))
    var name: String
    @Option(
        name: .long, help: ArgumentHelp("reader, operator or admin.", valueName: "role"))
    var role: Role
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() throws {
        var book = try TokenBook(options.existing())
        let (entry, secret) = try book.create(
            name: name, role: role, at: Workspace.wallClock())
        guard json else { return print(secret) }
        print("{\"token\":\(JSONText.quoted(secret)),\(entry.json.dropFirst())")
    }
}

/// `recountd token list`
struct TokenListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the tokens, without their secrets.",
        discussion: "Example: recountd token list --data DIR --json")

    @OptionGroup var options: DataOptions
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() throws {
        let entries = try TokenBook(options.existing()).entries
        guard !json else {
            return print("[" + entries.map(\.json).joined(separator: ",\n ") + "]")
        }
        guard !entries.isEmpty else {
            return print("there are none; recountd token create --name NAME --role ROLE makes one")
        }
        for entry in entries {
            print(
                "\(entry.id)  \(entry.role.rawValue)  \(entry.name)  made \(entry.created)"
                    + (entry.revoked.map { ", REVOKED \($0)" } ?? ""))
        }
    }
}

/// `recountd token revoke`
struct TokenRevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End a token: it is not taken any more from now on.",
        discussion: "Example: recountd token revoke anna --data DIR")

    @OptionGroup var options: DataOptions
    @Argument(help: "Its name or id.") var name: String
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() throws {
        var book = try TokenBook(options.existing())
        let entry = try book.revoke(name, at: Workspace.wallClock())
        print(json ? entry.json : "the token of \(entry.name) (\(entry.id)) is revoked")
    }
}
