import ArgumentParser
import Foundation

/// The help of a command: what it does, its arguments, then an example and what to do next.
enum HelpText {
    /// The help with its examples moved to the end, and what to do next behind them.
    ///
    /// The parser prints all of a discussion before the arguments; whoever reads a screen of help
    /// sees its end.
    static func ending(_ help: String) -> String {
        guard let usage = help.range(of: "\nUSAGE: ") else { return help }
        var head = String(help[..<usage.lowerBound])
        var end = ""
        if let example = head.range(of: "Example: ", options: .backwards) {
            let rest = head[example.lowerBound...]
            // The examples end with an empty line, or with the discussion.
            let stop = rest.range(of: "\n\n")?.lowerBound ?? rest.endIndex
            end = String(rest[..<stop])
            head = String(head[..<example.lowerBound]) + String(rest[stop...])
        }
        while head.last?.isWhitespace == true { head.removeLast() }
        var text = head + "\n" + help[usage.lowerBound...]
        while text.last?.isWhitespace == true { text.removeLast() }
        if !end.isEmpty {
            while end.last?.isWhitespace == true { end.removeLast() }
            text += "\n\n" + end
        }
        if let next = NextSteps.of(command(in: help[usage.upperBound...])) {
            text += "\nNext: " + next
        }
        return text + "\n"
    }

    /// The words behind `recount` that a usage begins with.
    private static func command(in usage: Substring) -> String {
        let words = usage.prefix { $0 != "\n" }.split(separator: " ").dropFirst()
        return words.prefix { !"<[-.".contains($0.first ?? "<") }.joined(separator: " ")
    }
}
