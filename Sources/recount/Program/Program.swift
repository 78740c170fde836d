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

/// The files that a process may have open at once.
enum Descriptors {
    /// Maps and locks of several logs, of their read models, and what a library opens of its own.
    static let needed: UInt64 = 64

    /// Raises the limit where it is lower than needed and may be raised.
    static func raise() throws {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0,
            limit.rlim_cur < UInt(needed)
        else { return }
        let most = limit.rlim_max
        limit.rlim_cur = min(UInt(needed), most)
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0,
            limit.rlim_cur >= UInt(needed)
        else { throw TooFewDescriptors(allowed: UInt64(most)) }
    }
}

/// Refused before anything is opened: half of the work would be done.
struct TooFewDescriptors: Error, CustomStringConvertible {
    let allowed: UInt64

    var description: String {
        "this process may have \(allowed) files open, and needs \(Descriptors.needed); raise the "
            + "limit (ulimit -n) and repeat"
    }
}

/// Text for a terminal, where a control character would be obeyed.
enum Terminal {
    /// The text with its control characters as `\\u001B`, which JSON has too; line ends and tabs
    /// stay.
    static func plain(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var plain = ""
        for scalar in text.unicodeScalars {
            if isControl(scalar) {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                plain += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            } else {
                plain.unicodeScalars.append(scalar)
            }
        }
        return plain
    }

    /// The same on one line: of line ends and tabs their names in escapes.
    static func line(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x0A || $0 == 0x09 }) else { return plain(text) }
        return plain(text).replacingOccurrences(of: "\n", with: "\\n")
            .replacingOccurrences(of: "\t", with: "\\t")
    }

    /// Whether a terminal could obey it: C0 but line end and tab, delete, C1, and what turns the
    /// direction of writing.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F...0x9F, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

/// Prints a line in which a terminal obeys nothing: names and texts come from files.
func print(_ text: String, terminator: String = "\n") {
    Swift.print(Terminal.plain(text), terminator: terminator)
}
