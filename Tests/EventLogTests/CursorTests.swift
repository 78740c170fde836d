import EventLog
import Events
import TestKit
import Testing

@Suite("The pulled cursor")
struct CursorTests {
    private let folder = TemporaryFolder()

    private func append(_ log: EventLog, _ count: Int, size: Int) throws {
        try log.append(now: .epoch) { batch in
            for _ in 0..<count {
                let position = UInt8(truncatingIfNeeded: batch.nextPosition)
                let bytes = message(
                    recordedAt: 0, payload: [UInt8](repeating: position, count: size))
                batch.append(encoded: bytes.span.bytes)
            }
        }
    }

    private func pull(_ cursor: inout LogCursor) throws -> (position: UInt64, last: UInt8)? {
        guard let record = try cursor.next() else { return nil }
        let end = record.message.byteCount - 1
        return (record.position, record.message.unsafeLoad(fromByteOffset: end, as: UInt8.self))
    }

    @Test("lends every record in order, over chunks, and goes on when the log has grown")
    func order() throws {
        let log = try EventLog.create(
            at: "\(folder.path)/log",
            identity: LogIdentity(kind: .data, logID: .zero, schemaVersion: 0))
        try append(log, 30, size: 300_000)
        var cursor = LogCursor(log)
        for expected in 1...30 as ClosedRange<UInt64> {
            let pulled = try pull(&cursor)
            #expect(pulled?.position == expected)
            #expect(pulled?.last == UInt8(expected))
        }
        #expect(try pull(&cursor) == nil)
        #expect(try log.readers().allSatisfy { $0.lag == nil }, "it holds nothing at the end")
        try append(log, 2, size: 10)
        #expect(try pull(&cursor)?.position == 31)
        #expect(try pull(&cursor)?.position == 32)
        #expect(try pull(&cursor) == nil)
    }

    @Test("ends after the position that it was given")
    func bounds() throws {
        let log = try EventLog.create(
            at: "\(folder.path)/log",
            identity: LogIdentity(kind: .data, logID: .zero, schemaVersion: 0))
        try append(log, 9, size: 1)
        var cursor = LogCursor(log, from: 4, through: 5)
        #expect(try pull(&cursor)?.position == 4)
        #expect(try pull(&cursor)?.position == 5)
        #expect(try pull(&cursor) == nil)
    }
}
