import Foundation

extension ElementReader {
    /// Refuses what no schema needs and Foundation's parser crashes on, or reads other files for:
    /// names that are not UTF-8, processing instructions, document types.
    static func refuseWhatCrashes(_ data: Data, file: String) throws(Refusal) {
        var line = 1
        for text in data.split(separator: 0x0A, omittingEmptySubsequences: false) {
            guard String(data: text, encoding: .utf8) != nil else {
                throw Refusal(
                    file: file, line: line, what: "the file is not UTF-8",
                    remedy: "well-formed XML in UTF-8")
            }
            if let what = unsupported(text, isFirst: line == 1) {
                throw Refusal(
                    file: file, line: line, what: "\(what) is not supported",
                    remedy: "the schema without it")
            }
            line += 1
        }
    }

    /// What a line holds that is not supported; the first may begin with the XML declaration.
    private static func unsupported(_ line: Data, isFirst: Bool) -> String? {
        var rest = line
        for prefix in ["\u{FEFF}", "<?xml "] where isFirst && rest.starts(with: prefix.utf8) {
            rest = rest.dropFirst(prefix.utf8.count)
        }
        if rest.range(of: Data("<?".utf8)) != nil { return "a processing instruction (<?)" }
        if rest.range(of: Data("<!DOCTYPE".utf8)) != nil {
            return "a document type (<!DOCTYPE)"
        }
        return nil
    }
}
