import Application
import ArgumentParser
import EventLog
import Events
import Foundation
import XGBoost

/// The process: what it needs of the system before a command runs, and what it ends with.
@main
enum Main {
    static func main() {
        do {
            try Descriptors.raise()
            var command = try Recount.parseAsRoot()
            try command.run()
        } catch {
            fail(error)
        }
    }

    /// Help, usage and exits of a command's own end as the parser has them; all else with the
    /// status of its kind.
    private static func fail(_ error: any Error) -> Never {
        if let refused = error as? ApplicationError, case .invalid = refused {
            fail(ValidationError(refused.text { "--" + $0.replacing("_", with: "-") }))
        }
        if Recount.exitCode(for: error) == .success {
            let help = Recount.fullMessage(for: error)
            guard help.contains("\nUSAGE: ") else { Recount.exit(withError: error) }
            print(HelpText.ending(help), terminator: "")
            exit(0)
        }
        let arguments = Array(CommandLine.arguments.dropFirst())
        if let unknown = UnknownCommand(arguments, of: Recount.self) {
            FileHandle.standardError.write(Data("Error: \(Terminal.plain("\(unknown)"))\n".utf8))
            exit(ExitStatus.usage.rawValue)
        }
        guard Recount.exitCode(for: error) == .failure, !(error is ExitCode) else {
            Recount.exit(withError: error)
        }
        let text = (error as? any LocalizedError)?.errorDescription ?? "\(error)"
        FileHandle.standardError.write(Data("Error: \(Terminal.plain(text))\n".utf8))
        exit(ExitStatus.of(error).rawValue)
    }
}

extension Program {
    /// The version, the commit, the schema that events are written in, and the libraries in use.
    static var versionText: String {
        """
        \(name)
        commit   \(commit)
        schema   \(EventSchema.version)
        LMDB     \(storageVersion)
        XGBoost  \(XGBoostLibrary.version)
        """
    }
}
