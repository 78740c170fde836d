import Foundation

/// What the shim saw: the calls that changed the files of a folder, in order.
struct DiskTrace {
    /// One call.
    enum Operation {
        case write(file: UInt64, offset: Int, bytes: Data, isDurable: Bool)
        case flush(file: UInt64)
        /// A flush that failed: what it should have written is not tried again.
        case lostFlush(file: UInt64)
        case truncate(file: UInt64, size: Int)
        case create(path: String, file: UInt64)
        case makeFolder(path: String)
        case rename(from: String, to: String)
        case remove(path: String)
        case flushFolder(path: String)
        /// The process said that everything up to a position is durable.
        case acknowledge(UInt64)
    }

    var operations: [Operation] = []

    /// Reads a trace of the shim.
    init(_ file: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: file))
        var offset = 0
        func word<Word: FixedWidthInteger>(_ place: Int, _ type: Word.Type) -> Word {
            data.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset + place, as: type) }
        }
        while offset + 32 <= data.count {
            let (operation, durable) = (word(0, UInt32.self), word(4, UInt32.self))
            let (file, place) = (word(8, UInt64.self), Int(word(16, UInt64.self)))
            let length = Int(word(24, UInt64.self))
            let bytes = data.subdata(in: offset + 32..<offset + 32 + length)
            offset += 32 + length
            let texts = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            switch operation {
            case 1:
                operations.append(
                    .write(file: file, offset: place, bytes: bytes, isDurable: durable != 0))
            case 2: operations.append(.flush(file: file))
            case 3: operations.append(.truncate(file: file, size: place))
            case 4: operations.append(.create(path: texts[0], file: file))
            case 5: operations.append(.makeFolder(path: texts[0]))
            case 6: operations.append(.rename(from: texts[0], to: texts[1]))
            case 7: operations.append(.remove(path: texts[0]))
            case 8: operations.append(.flushFolder(path: texts[0]))
            case 9:
                for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
                    operations.append(.acknowledge(UInt64(line) ?? 0))
                }
            case 10: operations.append(.lostFlush(file: file))
            default: throw CrashTestError("the trace has an operation \(operation)")
            }
        }
    }

    /// Whether an operation makes something durable: the moments around which losses differ.
    static func isFlush(_ operation: Operation) -> Bool {
        switch operation {
        case .flush, .flushFolder: true
        case .write(_, _, _, let isDurable): isDurable
        default: false
        }
    }
}
