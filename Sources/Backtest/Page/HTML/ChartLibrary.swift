import Foundation

/// The chart library that a page carries inside it: dygraphs, from the system's own package.
public struct ChartLibrary: Sendable {
    /// Its script.
    public var script: String
    /// Its style sheet.
    public var style: String

    /// A library of these texts.
    public init(script: String, style: String) {
        self.script = script
        self.style = style
    }

    /// Folders in which Debian and npm put dygraphs.
    public static let folders = [
        "/usr/share/javascript/dygraphs", "/usr/share/javascript/dygraphs/dist",
        "/usr/share/nodejs/dygraphs/dist", "/usr/lib/node_modules/dygraphs/dist",
    ]

    /// Reads the library from the first of some folders that has it.
    public static func load(from folders: [String] = folders) throws(ChartLibraryError)
        -> ChartLibrary
    {
        for folder in folders {
            guard let script = text("\(folder)/dygraph.min.js"),
                let style = text("\(folder)/dygraph.min.css") ?? text("\(folder)/dygraph.css")
            else { continue }
            return ChartLibrary(script: withoutSourceMap(script), style: withoutSourceMap(style))
        }
        throw ChartLibraryError(folders: folders)
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).flatMap { String(data: $0, encoding: .utf8) }
    }

    /// The text without lines that name a source map: a page refers to no other file.
    private static func withoutSourceMap(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.contains("sourceMappingURL=") }.joined(separator: "\n")
    }
}

/// No folder holds the chart library.
public struct ChartLibraryError: Error, CustomStringConvertible {
    /// Where it was looked for.
    public let folders: [String]

    /// What happened, where, and what to do.
    public var description: String {
        "dygraph.min.js is in none of \(folders.joined(separator: ", ")); "
            + "install it: apt-get install libjs-dygraphs"
    }
}
