import Application
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
        do { _ = try act } catch { throw ValidationError(error.text { "--\($0)" }) }
    }

    var name: String { Person.name(who) }

    /// Both.
    var act: PersonAct {
        get throws(ApplicationError) { try PersonAct(who: name, reason: reason) }
    }
}

/// The person at the keyboard.
enum Person {
    /// Refuses a name that an event cannot hold.
    static func check(_ who: String?) throws {
        guard let who else { return }
        do {
            try PersonAct.check(who: who)
        } catch {
            throw ValidationError(error.text { "--\($0)" })
        }
    }

    /// The name given, or that of the account.
    static func name(_ who: String?) -> String {
        who ?? (NSUserName().isEmpty ? "unknown" : NSUserName())
    }
}
