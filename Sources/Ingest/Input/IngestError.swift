/// Why an input file could not be read, or not to its end: what happened, where, and what to do.
public struct IngestError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of failure it was.
    public enum Code: String, Sendable {
        /// There is no such file.
        case missingFile
        /// The file exists and cannot be read.
        case unreadable
        /// The compressed stream is damaged or ends too early.
        case corruptedGzip
        /// The header names no format that is known.
        case unknownHeader
        /// The content is not what the asked-for format needs.
        case wrongFormat
        /// The file changed between its two readings.
        case changedWhileRead
        /// A file of rejected rows could not be written.
        case unwritable
        /// A simulated file for a log of real facts, or the other way round.
        case mixedWorlds
        /// An option is not understood.
        case badOption
    }

    /// What kind of failure it was.
    public var code: Code
    /// The file as the user named it.
    public var file: String
    /// What happened, and what to do.
    public var message: String

    /// Describes a failure at `file`.
    public init(_ code: Code, file: String, _ message: String) {
        self.code = code
        self.file = file
        self.message = message
    }

    /// The file and the message.
    public var description: String {
        file.isEmpty ? message : "\(file): \(message)"
    }
}
