import ArgumentParser
import Events

/// A word where a command is expected that is none.
struct UnknownCommand: Error, CustomStringConvertible {
    /// The commands before it, `recount` first.
    let path: [String]
    let word: String
    /// What may stand there.
    let known: [String]

    /// The first word of a command line that names no command where one is expected; nil where
    /// there is none, an option comes first, or an argument may stand.
    init?(_ arguments: [String], of root: any ParsableCommand.Type) {
        var (command, path) = (root, [root._commandName])
        for word in arguments {
            let below = command.configuration.subcommands
            guard !below.isEmpty, !word.hasPrefix("-") else { return nil }
            if let next = below.first(where: { $0._commandName == word }) {
                command = next
                path.append(word)
            } else if word == "help", path.count == 1 {
                continue
            } else {
                self.word = word
                self.path = path
                known = below.map { $0._commandName }
                return
            }
        }
        return nil
    }

    /// What is wrong and what to write.
    var description: String {
        let command = path.joined(separator: " ")
        let near = Suggestion.nearest(to: word, among: known).first
        let meant = near.map { "; did you mean \(command) \($0)? " } ?? "; "
        return "\(command) has no command \(word)\(meant)\(command) --help lists them"
    }
}
