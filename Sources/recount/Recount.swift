import ArgumentParser

/// The command `recount`.
@main
struct Recount: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recount",
        abstract: "An event-sourced feedback loop for disclosure-driven trading.")
}
