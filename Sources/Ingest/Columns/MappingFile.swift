import Foundation
import Yams

extension Mapping {
    /// Reads a mapping from YAML: `columns` and `constants` (each name to field, field to value),
    /// `dates`, `decimal`, and lists of words, `buy` and `sell`.
    ///
    /// - Throws: `IngestError.badOption` with file, line and what can stand there.
    public init(file name: String) throws(IngestError) {
        guard let data = FileManager.default.contents(atPath: name) else {
            throw IngestError(.missingFile, file: name, "cannot be read; check the path of --map")
        }
        try self.init(yaml: String(decoding: data, as: UTF8.self), file: name)
    }

    /// Reads a mapping from the text of a file.
    init(yaml text: String, file: String) throws(IngestError) {
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            throw IngestError(.badOption, file: file, "is no YAML: \(error)")
        }
        guard case .mapping(let mapping)? = node else {
            throw IngestError(
                .badOption, file: file, "line 1: is no mapping; recount ingest guess prints one")
        }
        var draft = Draft()
        for (key, value) in mapping {
            let place = "line \(key.mark?.line ?? 0)"
            switch key.scalar?.string {
            case "columns":
                draft.columns = try pairs(value, place, file).map { (name: $0, field: $1) }
            case "constants":
                draft.constants = try pairs(value, place, file).map { (field: $0, value: $1) }
            case "dates": draft.dates = value.scalar?.string ?? ""
            case "decimal": draft.decimal = value.scalar?.string ?? ""
            case "buy": draft.buys = try words(value, place, file)
            case "sell": draft.sells = try words(value, place, file)
            default:
                throw IngestError(
                    .badOption, file: file,
                    "\(place): \(key.scalar?.string ?? "a key") is not understood; write columns, "
                        + "constants, dates, decimal, buy or sell")
            }
        }
        try self.init(draft, file: file)
    }
}

private func pairs(
    _ node: Node, _ place: String, _ file: String
) throws(IngestError) -> [(String, String)] {
    guard case .mapping(let mapping) = node else {
        throw IngestError(.badOption, file: file, "\(place): write NAME: VALUE lines below it")
    }
    var result: [(String, String)] = []
    for (key, value) in mapping {
        guard let name = key.scalar?.string, let text = value.scalar?.string else {
            throw IngestError(
                .badOption, file: file,
                "line \(key.mark?.line ?? 0): is no NAME: VALUE line; lists are not taken here")
        }
        result.append((name, text))
    }
    return result
}

private func words(
    _ node: Node, _ place: String, _ file: String
) throws(IngestError) -> [String] {
    if let word = node.scalar?.string { return [word] }
    guard case .sequence(let list) = node else {
        throw IngestError(.badOption, file: file, "\(place): write a word or a list of words")
    }
    var result: [String] = []
    for word in list {
        guard let text = word.scalar?.string else {
            throw IngestError(.badOption, file: file, "\(place): write a list of words")
        }
        result.append(text)
    }
    return result
}
