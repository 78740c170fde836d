import EventLog
import Events
import Foundation
import Logging
import Market
import Pipeline
import Synchronization

/// What a service itself sees of the world and halts entries for, as facts of the data log: a clock
/// that was set, a disk that is nearly full, a projector that keeps failing.
///
/// A halt by clock or disk ends by itself, when its cause is over; it outlives the process, and the
/// next one goes on with it.
struct WorldHalts {
    private var standing: Set<HaltCause>
    private let flags: EventFlags

    /// The halts that stand in a live run's logs, of the causes that a service sees.
    init(_ run: String, in folder: DataFolder, data: EventLog) throws {
        let halts = try StandingHalts(try folder.openRun(run), data: data)
        standing = Set(halts.book.standing.map(\.cause))
        flags = try OperatorLedger.flags(of: data)
    }

    /// Records that a cause has come or is over, once each; `trouble` says what is wrong, nil for
    /// nothing. Whether it has come now.
    mutating func judge(
        _ cause: HaltCause, _ trouble: String?, over: String?, in data: EventLog, now: Instant,
        logger: Logger
    ) throws {
        let stands = standing.contains(cause)
        if let trouble, !stands {
            standing.insert(cause)
            _ = try OperatorLedger.halt(
                cause, who: nil, reason: trouble, flags: flags, in: data, now: now)
            logger.error(
                "entries are halted", metadata: ["cause": "\(cause)", "why": "\(trouble)"])
        } else if trouble == nil, stands, let over {
            standing.remove(cause)
            _ = try OperatorLedger.resume(
                cause, who: nil, reason: over, flags: flags, in: data, now: now)
            logger.notice("a halt is over", metadata: ["cause": "\(cause)", "why": "\(over)"])
        }
    }
}

/// The room on a data folder's disk, and a file that is given up when it grows short, so that what
/// protects holdings can still be written.
struct DiskRoom {
    private let folder: DataFolder
    private let least: Int
    private let ballast: Int

    /// With at least so many MiB wanted free, and a file of so many MiB to give up.
    init(_ folder: DataFolder, least: Int, ballast: Int) {
        (self.folder, self.least, self.ballast) = (folder, least, ballast)
    }

    private var path: String { "\(folder.path)/ballast" }

    /// MiB that are free.
    static func free(_ folder: DataFolder) throws -> Int {
        var status = statvfs()
        guard statvfs(folder.path, &status) == 0 else {
            throw LogError.system(path: folder.path, operation: "statvfs", code: errno)
        }
        return Int(status.f_bavail) * Int(status.f_frsize) / (1 << 20)
    }

    /// What is wrong with the room that there is, if anything; makes the file while there is room
    /// for it, and gives it up when there is too little.
    func look() throws -> String? {
        let free = try DiskRoom.free(folder)
        guard free < least else {
            if ballast > 0, free >= least + 2 * ballast { make() }
            return nil
        }
        let isGivenUp = ballast > 0 && unlink(path) == 0
        return "\(free) MiB of \(folder.path) are free, less than halt_disk_free \(least)"
            + (isGivenUp ? "; \(ballast) MiB of ballast were given up" : "")
    }

    /// Room that is really taken: a file with holes would give nothing up.
    private func make() {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { return }
        defer { close(file) }
        if posix_fallocate(file, 0, off_t(ballast) << 20) != 0 { unlink(path) }
    }
}

/// Counts what fails again and again: told by one thread, asked by another.
public final class FailureCount: Sendable {
    private let times = Mutex<[(name: String, second: Double)]>([])

    /// As many failures of one within as many seconds are too many.
    public static let (most, seconds) = (5, 3_600.0)

    /// Nothing has failed.
    public init() {}

    /// One has failed, at a second of a clock that nobody sets.
    public func count(_ name: String, at second: Double) {
        times.withLock { times in
            times.removeAll { $0.second < second - FailureCount.seconds }
            times.append((name, second))
        }
    }

    /// What has failed too often of late, in words; nil for nothing.
    public func trouble(at second: Double) -> String? {
        times.withLock { times in
            times.removeAll { $0.second < second - FailureCount.seconds }
            for (name, _) in times {
                let count = times.count { $0.name == name }
                if count >= FailureCount.most {
                    return "\(name) failed \(count) times within an hour"
                }
            }
            return nil
        }
    }
}
