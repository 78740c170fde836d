import Foundation
import Ingest
public import Simulation

/// A folder that a world is written into.
public struct SimulatedFolder: WorldSink {
    private let path: String
    private var file = ""
    private var handle: FileHandle?

    /// Makes the folder; one that holds anything is refused.
    ///
    /// - Throws: `ApplicationError.invalid`.
    public init(_ path: String) throws {
        self.path = path
        let files = try? FileManager.default.contentsOfDirectory(atPath: path)
        guard files?.isEmpty ?? true else {
            throw ApplicationError.invalid(
                fields: ["out"], "{out} \(path): holds files already; name a new folder")
        }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        } catch {
            throw ApplicationError.invalid(
                fields: ["out"],
                "{out} \(path): cannot be made; name a folder you may write to")
        }
    }

    /// Starts a file.
    public mutating func open(_ name: String) throws {
        file = "\(path)/\(name)"
        guard FileManager.default.createFile(atPath: file, contents: nil),
            let handle = FileHandle(forWritingAtPath: file)
        else { throw IngestError(.unwritable, file: file, "cannot be written; check the folder") }
        self.handle = handle
    }

    /// Adds to it.
    public mutating func write(_ bytes: [UInt8]) throws {
        try handle?.write(contentsOf: Data(bytes))
    }

    /// Ends it; its digest.
    public mutating func close() throws -> String {
        try handle?.close()
        handle = nil
        return "\(try InputFile.contentDigest(file))"
    }
}
