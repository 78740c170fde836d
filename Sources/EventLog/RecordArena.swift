/// Records one behind the other in memory, as they would be stored.
struct RecordArena: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var ends: [Int] = []

    /// Number of records.
    var count: Int { ends.count }

    /// Puts a record behind the others.
    mutating func append(_ record: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: record)
        ends.append(bytes.count)
    }

    /// Lends the records of these positions, as far as there are any.
    func read(
        from first: UInt64, through last: UInt64,
        _ body: (borrowing Record) throws -> ReadControl
    ) throws {
        var index = Int(clamping: first) - 1
        let end = min(Int(clamping: last), ends.count)
        let all = bytes.span.bytes
        while index < end {
            let start = index == 0 ? 0 : ends[index - 1]
            let record = try Record(
                stored: all.extracting(start..<ends[index]), position: UInt64(index + 1),
                expected: UInt64(index + 1), check: .trust, path: "memory")
            guard try body(record) == .proceed else { return }
            index += 1
        }
    }
}
