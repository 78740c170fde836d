public import EventLog
import Events

/// The runs of a data folder.
public struct RunList: Sendable {
    /// A run and what its manifest has of it.
    public struct Entry: Sendable {
        /// Its name.
        public let name: String
        /// Its manifest; nil where it is not there or cannot be read.
        public let manifest: RunManifest?

        /// As a JSON object.
        public var json: String {
            var object = JSONObject()
            object.text("run", name)
            object.text("strategy", manifest?.strategy)
            object.text("program", manifest?.program)
            object.day("first_day", manifest?.firstDay)
            object.day("last_day", manifest?.lastDay)
            object.boolean("live", manifest?.live != nil)
            object.text("broker", manifest?.live?.broker)
            object.text("parent", manifest?.parent?.run)
            return object.text
        }
    }

    /// The runs, in order of their names.
    public let entries: [Entry]

    /// Of a folder.
    public init(_ folder: DataFolder) {
        entries = folder.runNames.map { name in
            Entry(
                name: name,
                manifest: (try? folder.run(name)).flatMap { try? RunManifest.read(in: $0) })
        }
    }

    /// As a JSON list.
    public var json: String { JSONObject.list(entries.map(\.json)) }
}
