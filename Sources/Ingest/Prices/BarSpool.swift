import Events
import Glibc

/// The bars of a file, as they came, until they are taken by date: a few in memory, the others in a
/// temporary file that is gone with the process.
///
/// A file may list its bars by ticker, so that none of its dates is whole before its end.
final class BarSpool {
    /// Rows held in memory; no more than these are copied to the file at a time.
    private static let heldRows = 1 << 15

    /// Number of bars.
    var count: Int { order.count }

    private let name: String
    private var held: [PriceRow] = []
    /// For each bar its date, then its place: sorted, they are in order of date and line.
    private var order: [UInt64] = []
    private var descriptor: Int32 = -1
    /// Rows in the file.
    private var spilled = 0

    /// No bars of a price file with a name.
    init(_ name: String) {
        self.name = name
        held.reserveCapacity(BarSpool.heldRows)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Takes a bar behind the others.
    func append(_ row: PriceRow, on day: Day) throws {
        let key = UInt64(UInt32(bitPattern: day.rawValue) ^ 1 << 31) << 32
        order.append(key | UInt64(order.count))
        held.append(row)
        if held.count == BarSpool.heldRows { try spill() }
    }

    /// Lends the bars of each date, ascending, in order of line, and forgets them all.
    func takeAll(_ body: (Day, [PriceRow]) throws -> Void) throws {
        try each(body)
        order.removeAll(keepingCapacity: true)
        held.removeAll(keepingCapacity: true)
        spilled = 0
        if descriptor >= 0, ftruncate(descriptor, 0) != 0 { throw failure("ftruncate") }
        if descriptor >= 0, lseek(descriptor, 0, SEEK_SET) != 0 { throw failure("lseek") }
    }

    /// The dates, ascending, and how many bars each has.
    func dates() -> [(day: Day, bars: Int)] {
        order.sort()
        var dates: [(day: Day, bars: Int)] = []
        for key in order {
            let day = BarSpool.day(key >> 32)
            if dates.last?.day == day {
                dates[dates.count - 1].bars += 1
            } else {
                dates.append((day, 1))
            }
        }
        return dates
    }

    private static func day(_ date: UInt64) -> Day {
        Day(rawValue: Int32(bitPattern: UInt32(date) ^ 1 << 31))
    }

    /// Lends the bars of each date, ascending, in order of line.
    func each(_ body: (Day, [PriceRow]) throws -> Void) throws {
        order.sort()
        let file = try map()
        defer {
            if let memory = UnsafeMutableRawPointer(mutating: file.baseAddress) {
                munmap(memory, file.count)
            }
        }
        var rows: [PriceRow] = []
        var start = 0
        while start < order.count {
            let date = order[start] >> 32
            var end = start
            rows.removeAll(keepingCapacity: true)
            while end < order.count, order[end] >> 32 == date {
                rows.append(row(Int(order[end] & 0xFFFF_FFFF), file))
                end += 1
            }
            try body(BarSpool.day(date), rows)
            start = end
        }
    }

    private func row(_ place: Int, _ file: UnsafeRawBufferPointer) -> PriceRow {
        place < spilled
            ? file.loadUnaligned(
                fromByteOffset: place * MemoryLayout<PriceRow>.stride, as: PriceRow.self)
            : held[place - spilled]
    }

    private func spill() throws {
        if descriptor < 0 {
            guard let made = BarSpool.temporaryFile() else { throw failure("mkstemp") }
            descriptor = made
        }
        try held.withUnsafeBytes { bytes in
            var rest = bytes
            while !rest.isEmpty {
                let count = write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw failure("write") }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
        spilled += held.count
        held.removeAll(keepingCapacity: true)
    }

    /// What lies in the file.
    private func map() throws -> UnsafeRawBufferPointer {
        guard spilled > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let size = spilled * MemoryLayout<PriceRow>.stride
        let memory = mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let memory, memory != MAP_FAILED else { throw failure("mmap") }
        return UnsafeRawBufferPointer(start: memory, count: size)
    }

    /// A file that no folder names any more, where temporary files go; nil when none can be made.
    private static func temporaryFile() -> Int32? {
        let wanted = getenv("TMPDIR").map { String(cString: $0) }
        for folder in [wanted, "/var/tmp", "/tmp"].compactMap({ $0 }) {
            var name = Array("\(folder)/recount-bars-XXXXXX".utf8CString)
            let descriptor = mkstemp(&name)
            guard descriptor >= 0 else { continue }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            unlink(name)
            return descriptor
        }
        return nil
    }

    private func failure(_ operation: String) -> IngestError {
        IngestError(
            .unreadable, file: name,
            "its bars cannot be put by date: \(operation): \(String(cString: strerror(errno))); "
                + "make room for them where TMPDIR names a folder, or in /var/tmp")
    }
}
