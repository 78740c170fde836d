import EventLog
import Events
import Foundation

/// What lies in an inbox: which files are whole, and what keeps the others from being taken.
struct InboxFiles {
    /// A file that is whole.
    struct File {
        var name: String
        var path: String
    }

    /// What a file with a time of change in the future looked like when it was seen first.
    private struct Look: Equatable {
        var seconds: Int
        var nanoseconds: Int
        var size: Int
    }

    let folder: String
    /// Seconds for which a file must have lain.
    let settle: Int
    private let largest: Int
    private let clock: any ServiceClock
    /// Why files are left alone, by their names as they are shown.
    private var reasons: [String: String] = [:]
    private var looks: [String: (look: Look, since: Double)] = [:]

    /// What says that a file is whole: it lies beside it.
    static let mark = ".done"

    init(_ folder: String, settle: Int, largest: Int, clock: any ServiceClock) {
        (self.folder, self.settle, self.largest) = (folder, settle, largest)
        self.clock = clock
    }

    /// Makes the folder, and those to which files are moved.
    func make() throws {
        for path in [folder, folder + "/done", folder + "/failed"] {
            guard mkdir(path, 0o777) != 0 else { continue }
            var status = stat()
            let code = errno
            if code == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
                continue
            }
            throw LogError.system(
                path: path, operation: "mkdir", code: code == EEXIST ? ENOTDIR : code)
        }
    }

    /// Files that are left alone, each with why.
    var leftAlone: [String] { reasons.keys.sorted().map { "\($0): \(reasons[$0] ?? "")" } }

    /// The files that are whole, in the order of their names; tells once why another is left alone.
    /// An inbox that is gone is made again, and where that cannot be it is told like a file.
    mutating func whole(settles: Bool, refuse: (String) -> Void) -> [File] {
        let before = reasons
        reasons = [:]
        var whole: [File] = []
        do {
            try make()
            for bytes in try names() { look(at: bytes, settles, &whole) }
        } catch {
            reasons["inbox"] = "cannot be read: \(LogError.text(of: error))"
        }
        for (name, reason) in reasons.sorted(by: { $0.key < $1.key }) where before[name] != reason {
            refuse("\(name): \(reason)")
        }
        let left = reasons
        looks = looks.filter { left["inbox/\(PlainText.line($0.key))"] != nil }
        return whole
    }

    private mutating func look(at bytes: [UInt8], _ settles: Bool, _ whole: inout [File]) {
        guard bytes.first != UInt8(ascii: ".") else { return }
        let shown = "inbox/\(PlainText.line(bytes))"
        guard let name = String(validating: bytes, as: UTF8.self) else {
            reasons[shown] = "its name is no UTF-8; rename it"
            return
        }
        let path = "\(folder)/\(name)"
        var status = stat()
        guard !name.hasSuffix(InboxFiles.mark), lstat(path, &status) == 0,
            status.st_mode & S_IFMT != S_IFDIR
        else { return }
        if let reason = reason(against: status) {
            reasons[shown] = reason
            return
        }
        if isWhole(name, path, status, settles) {
            whole.append(File(name: name, path: path))
        } else if looks[name] != nil {
            reasons[shown] =
                "was changed at \(InboxFiles.time(status)), which is still to come: it is taken "
                + "when it has lain unchanged for \(settle) s from now"
        }
    }

    private static func time(_ status: stat) -> Instant {
        Instant(rawValue: Int64(clamping: status.st_mtim.tv_sec) &* 1_000_000_000)
    }

    /// Whether a file lies there that is to be taken once it has lain for a while.
    mutating func isFilling() -> Bool {
        for bytes in (try? names()) ?? [] where bytes.first != UInt8(ascii: ".") {
            guard let name = String(validating: bytes, as: UTF8.self),
                !name.hasSuffix(InboxFiles.mark)
            else { continue }
            var status = stat()
            let path = "\(folder)/\(name)"
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                reason(against: status) == nil, !isWhole(name, path, status, true)
            else { continue }
            return true
        }
        return false
    }

    /// The names in the folder, as bytes: one that is no UTF-8 is a name too.
    private func names() throws -> [[UInt8]] {
        guard let stream = opendir(folder) else {
            throw LogError.system(path: folder, operation: "opendir", code: errno)
        }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) })
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Why a file is left alone; nil where nothing speaks against it.
    private func reason(against status: stat) -> String? {
        var owner = stat()
        guard status.st_mode & S_IFMT == S_IFREG else {
            return "is no regular file (links are not followed); put the file itself there"
        }
        guard stat(folder, &owner) == 0, owner.st_uid == status.st_uid else {
            return "belongs to another user than the folder; chown it"
        }
        guard Int(status.st_size) <= largest else {
            return "has more than \(largest >> 20) MiB; split it, or raise inbox_largest"
        }
        return nil
    }

    private mutating func isWhole(
        _ name: String, _ path: String, _ status: stat, _ settles: Bool
    ) -> Bool {
        if access(path + InboxFiles.mark, F_OK) == 0 { return true }
        guard settles else { return !InboxFiles.isWritten(path) }
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let age = Int(now.tv_sec) - Int(status.st_mtim.tv_sec)
        guard age < 0 else { return age >= settle }
        // By its own time it never comes to lie: what counts is how long it is seen unchanged.
        let look = Look(
            seconds: Int(status.st_mtim.tv_sec), nanoseconds: Int(status.st_mtim.tv_nsec),
            size: Int(status.st_size))
        guard let seen = looks[name], seen.look == look else {
            looks[name] = (look, clock.elapsed())
            return settle == 0
        }
        return clock.elapsed() - seen.since >= Double(settle)
    }

    /// F_SETSIG and F_SETLEASE of fcntl(2), which the C library shows to few.
    private static let (setSignal, setLease): (Int32, Int32) = (10, 1_024)

    /// Whether somebody has a file open for writing: then no lease on it is given. Whoever opens it
    /// at this very moment sends a signal that nobody minds.
    private static func isWritten(_ path: String) -> Bool {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        _ = fcntl(file, setSignal, SIGURG)
        guard fcntl(file, setLease, Int32(F_RDLCK)) != 0 else {
            _ = fcntl(file, setLease, Int32(F_UNLCK))
            return false
        }
        return errno == EAGAIN
    }
}
