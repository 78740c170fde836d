import ArgumentParser
import EventLog
import Events
import Foundation
import Pipeline

/// Who does something by hand, and why.
struct PersonOption: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Why; it stays in the log.", valueName: "text"))
    var reason: String
    @Option(
        name: .long,
        help: ArgumentHelp("Who; the name of the account otherwise.", valueName: "name"))
    var who: String?

    func validate() throws {
        let words = reason.split { $0.isWhitespace }
        guard !words.isEmpty else {
            throw ValidationError("--reason is empty; say why, for example --reason \"drift\"")
        }
        guard reason.utf8.count <= 2_000 else {
            throw ValidationError("--reason takes at most 2,000 bytes, not \(reason.utf8.count)")
        }
        try Person.check(who)
    }

    var name: String { Person.name(who) }
}

/// The person at the keyboard.
enum Person {
    /// Refuses a name that an event cannot hold.
    static func check(_ who: String?) throws {
        guard let who else { return }
        guard !who.isEmpty, WireText.fits(who, length: 48) else {
            throw ValidationError("--who \(who): takes 1 to 48 ASCII characters")
        }
    }

    /// The name given, or that of the account.
    static func name(_ who: String?) -> String {
        who ?? (NSUserName().isEmpty ? "unknown" : NSUserName())
    }
}
