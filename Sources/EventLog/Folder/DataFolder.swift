public import Events
import Foundation

/// The layout of a `--data` folder.
public struct DataFolder: Sendable {
    /// The folder.
    public let path: String

    /// Names a folder; nothing is touched.
    public init(_ path: String) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// The data log.
    public var log: String { "\(path)/log" }
    /// Timelines, each under its seal.
    public var timelines: String { "\(path)/timelines" }

    /// The log of what was tried.
    public var trials: String { "\(path)/trials" }

    /// A run's log.
    ///
    /// - Throws: `DataFolderError.badName` unless the name is made of letters, digits, `-`, `_` and
    ///   `.`, and does not begin with a dot.
    public func run(_ name: String) throws(DataFolderError) -> String {
        let isPlain = name.utf8.allSatisfy {
            ($0 >= 48 && $0 <= 57) || ($0 >= 65 && $0 <= 90) || ($0 >= 97 && $0 <= 122)
                || $0 == 45 || $0 == 95 || $0 == 46
        }
        guard isPlain, !name.isEmpty, name.first != ".", name.utf8.count <= 64 else {
            throw .badName(name)
        }
        return "\(path)/runs/\(name)"
    }

    /// The timeline of a live run, which grows beside it.
    ///
    /// - Throws: as `run`.
    public func liveTimeline(_ name: String) throws(DataFolderError) -> String {
        "\(try run(name))/timeline"
    }

    /// Held by whoever ingests, so that a live run sees no session half.
    public var ingestLock: String { "\(path)/ingest.lock" }

    /// The log of a run that is to be made.
    ///
    /// - Throws: as `run`, and `DataFolderError.reservedName` for a name that means something else
    ///   where a run is named; a run that has one already can be read.
    public func newRun(_ name: String) throws(DataFolderError) -> String {
        let path = try run(name)
        if let meaning = DataFolder.meaning(of: name) { throw .reservedName(name, meaning) }
        return path
    }

    /// What a name stands for where a run, a moment or an event is named; nil for none of them.
    private static func meaning(of name: String) -> String? {
        switch name {
        case "data": return "the data log's view"
        case "live": return "the live run"
        case "last": return "the newest run"
        default: break
        }
        let digits = { (text: Substring) in
            !text.isEmpty && text.utf8.allSatisfy { 48...57 ~= $0 }
        }
        if digits(name[...]) { return "a position" }
        if let first = name.first, "trTR".contains(first), digits(name.dropFirst()) {
            return "an event"
        }
        if Day(name) != nil { return "a date" }
        return name.hasPrefix("-") ? "an option" : nil
    }

    /// The log of a run that is there.
    ///
    /// - Throws: `DataFolderError.noRun` with the names of those that are.
    public func existingRun(_ name: String) throws(DataFolderError) -> String {
        let path = try run(name)
        guard FileManager.default.fileExists(atPath: path) else {
            throw .noRun(name, known: runNames)
        }
        return path
    }

    /// Whether it is a data folder: it has a data log, or runs over timelines.
    public var isThere: Bool {
        let hasFile = FileManager.default.fileExists(atPath:)
        return hasFile("\(log)/data.mdb") || (hasFile("\(path)/runs") && hasFile(timelines))
    }

    /// The name of the run that is meant: `last` means the one whose log was written last, of
    /// several at once the last by name. Where there is a run `last` of older days, or none at all,
    /// and for any other name, the name itself.
    public func runName(_ name: String) -> String {
        let names = runNames
        guard name == "last", !names.contains(name) else { return name }
        func written(_ name: String) -> Date {
            let file = "\(path)/runs/\(name)/data.mdb"
            let attributes = try? FileManager.default.attributesOfItem(atPath: file)
            return attributes?[.modificationDate] as? Date ?? .distantPast
        }
        return names.max { (written($0), $0) < (written($1), $1) } ?? name
    }

    /// The timeline with a seal.
    public func timeline(_ seal: Digest) -> String { "\(timelines)/\(seal)" }

    /// The names of all runs, in order.
    public var runNames: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/runs")) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }
}

/// Why a name in a data folder is refused.
public enum DataFolderError: Error, CustomStringConvertible {
    /// A name that would not be safe as that of a folder.
    case badName(String)
    /// A name that means something else where a run is named.
    case reservedName(String, String)
    /// No run has this name.
    case noRun(String, known: [String])

    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .badName(let name):
            "\"\(name)\" cannot name a run; use letters, digits, '-', '_' and '.', at most 64"
        case .reservedName(let name, let meaning):
            "\"\(name)\" cannot name a new run, since it names \(meaning); choose another name"
        case .noRun(let name, let known):
            known.isEmpty
                ? "there is no run \(name), nor any other; recount backtest --run "
                    + "\(name == "last" ? "first" : name) makes \(name == "last" ? "one" : "it")"
                : "there is no run \(name)\(Suggestion.question(name, known)); there are "
                    + known.joined(separator: ", ") + ", and last is the newest"
        }
    }
}
