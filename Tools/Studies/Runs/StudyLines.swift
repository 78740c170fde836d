import Foundation
import Synchronization

/// What a study has found so far: one JSON object a line, each of one world.
///
/// A line is written when its world is done, so a study that was stopped goes on where it was.
public final class StudyLines: Sendable {
    private let path: String
    private let known: Mutex<[WorldLine]>

    /// Reads a file; one that is not there holds nothing. A last line without its end, which a kill
    /// leaves, is cut off.
    public init(_ path: String) throws {
        self.path = path
        guard var data = FileManager.default.contents(atPath: path) else {
            known = Mutex([])
            return
        }
        let end = data.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        if end < data.count {
            data = Data(data[..<end])
            try data.write(to: URL(filePath: path), options: .atomic)
        }
        var lines: [WorldLine] = []
        for (number, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
            do {
                lines.append(try JSONDecoder().decode(WorldLine.self, from: line))
            } catch {
                throw StudyError(
                    "\(path):\(number + 1): is no line of a study (\(error)); name another file")
            }
        }
        known = Mutex(lines)
    }

    /// Every line, in order of their worlds.
    public var all: [WorldLine] { known.withLock { $0.sorted { $0.world < $1.world } } }

    /// Whether a world is done.
    public func has(_ world: WorldKey) -> Bool {
        known.withLock { $0.contains { $0.world == world } }
    }

    /// Adds a line, on the disk before this returns.
    public func add(_ line: WorldLine) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = try encoder.encode(line) + [UInt8(ascii: "\n")]
        try known.withLock { lines in
            if !FileManager.default.fileExists(atPath: path) {
                guard FileManager.default.createFile(atPath: path, contents: nil) else {
                    throw StudyError("\(path): cannot be written; check the folder")
                }
            }
            let handle = try FileHandle(forWritingTo: URL(filePath: path))
            defer { try? handle.close() }
            try handle.seekToEnd()
            try handle.write(contentsOf: bytes)
            try handle.synchronize()
            lines.append(line)
        }
    }
}

/// Why a study stops, and what to do.
public struct StudyError: Error, CustomStringConvertible {
    /// What happened.
    public let description: String

    init(_ description: String) { self.description = description }
}
