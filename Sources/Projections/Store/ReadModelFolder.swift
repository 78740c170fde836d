import Foundation

/// The folder of a view's read models: `NAME.sqlite`, a link to the file of one generation.
///
/// A rebuild writes the next generation beside the present one and swings the link; readers that
/// have the old file open go on reading it. The previous generation stays for a rollback.
public struct ReadModelFolder: Sendable {
    /// The folder.
    public let path: String

    /// Names a folder; nothing is touched.
    public init(path: String) {
        self.path = path
    }

    /// The link that readers open.
    public func link(_ name: String) -> String { "\(path)/\(name).sqlite" }

    /// What a reader opens: the link, or where the folder cannot be written, and nobody has left
    /// anything unfinished in it, the same as a file that does not change. SQLite would else want
    /// to write its index of the write-ahead log beside it.
    func readable(_ name: String) -> String {
        let path = link(name)
        var log = stat()
        let isAtRest = stat("\(path)-wal", &log) != 0 || log.st_size == 0
        guard access(self.path, W_OK) != 0, isAtRest else { return path }
        let reserved: [Character: String] = ["%": "%25", "?": "%3F", "#": "%23"]
        return "file:\(path.map { reserved[$0] ?? String($0) }.joined())?immutable=1"
    }

    /// The file of a generation.
    func file(_ name: String, generation: Int) -> String {
        "\(path)/\(name).\(generation).sqlite"
    }

    /// The generation that the link leads to, nil when there is none.
    func generation(_ name: String) -> Int? {
        guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link(name))
        else { return nil }
        let parts = target.split(separator: ".")
        guard parts.count == 3, parts[0] == name, parts[2] == "sqlite" else { return nil }
        return Int(parts[1])
    }

    /// The generations whose files are there, in order.
    func generations(_ name: String) -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.compactMap { file in
            let parts = file.split(separator: ".")
            return parts.count == 3 && parts[0] == name && parts[2] == "sqlite"
                ? Int(parts[1]) : nil
        }.sorted()
    }

    private func holdFile(_ name: String) -> String { "\(path)/\(name).held" }

    /// The generation that is served as it stands, since somebody rolled back to it; nil for none.
    func heldGeneration(_ name: String) -> Int? {
        (try? String(contentsOfFile: holdFile(name), encoding: .utf8)).flatMap { Int($0) }
    }

    /// Notes which generation is served as it stands; nil for none.
    func hold(_ name: String, generation: Int?) throws {
        guard let generation else {
            unlink(holdFile(name))
            return
        }
        do {
            try "\(generation)".write(toFile: holdFile(name), atomically: true, encoding: .utf8)
        } catch {
            throw ReadModelError(error, path: holdFile(name), operation: "write")
        }
    }

    /// Removes what died at work: generations behind the present one, which were never published
    /// or were rolled back, those before the last, and a link that was being turned.
    func sweep(_ name: String) {
        guard let present = generation(name) else { return }
        unlink("\(path)/.\(name).link")
        let before = generations(name).last { $0 < present }
        removeGenerations(name, except: [present] + (before.map { [$0] } ?? []))
    }

    /// Makes the folder.
    func make() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        } catch {
            throw ReadModelError(error, path: path, operation: "mkdir")
        }
    }

    /// Removes every file of a projection but those of two generations.
    func removeGenerations(_ name: String, except kept: [Int]) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for file in names where file.hasPrefix("\(name).") {
            let parts = file.split(separator: ".")
            guard parts.count == 3, parts[2].hasPrefix("sqlite"), let number = Int(parts[1]),
                !kept.contains(number)
            else { continue }
            try? FileManager.default.removeItem(atPath: "\(path)/\(file)")
        }
    }

    /// Swings the link to a generation whose file is complete, and makes that durable.
    func publish(_ name: String, generation: Int) throws {
        let target = file(name, generation: generation)
        try sync(target)
        let temporary = "\(path)/.\(name).link"
        unlink(temporary)
        guard symlink("\(name).\(generation).sqlite", temporary) == 0,
            rename(temporary, link(name)) == 0
        else { throw ReadModelError.system(link(name), "link", errno) }
        try sync(path)
    }

    private func sync(_ path: String) throws {
        let descriptor = Glibc.open(path, O_RDONLY)
        guard descriptor >= 0 else { throw ReadModelError.system(path, "open", errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw ReadModelError.system(path, "fsync", errno) }
    }
}

/// Why a read model cannot be written or read.
public enum ReadModelError: Error, Sendable, CustomStringConvertible {
    /// Another process projects into the file.
    case locked(String, projection: String)
    /// Another process looks after all projectors of the folder.
    case supervised(String)
    /// There is none yet.
    case missing(String)
    /// Before this generation none is kept.
    case noGeneration(String, Int)
    /// Nothing stopped the projector.
    case notStopped(String, projection: String)
    /// Somebody rolled back to a file of another version, which is served as it stands.
    case held(String, projection: String, version: Int)
    /// The rows are not those that the digest was made of.
    case digest(String, projection: String)
    /// The file holds what its DDL does not make, or lacks what it makes.
    case schema(String, projection: String, what: String)
    /// The system refused a call.
    case system(String, String, Int32)

    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .locked(let path, let projection):
            "\(path): another process projects \(projection) here; stop it first"
        case .supervised(let path):
            "\(path): another recount up looks after the projectors here; stop it first"
        case .missing(let path): "\(path): no read model here; run recount project first"
        case .noGeneration(let path, let present):
            "\(path): no generation before \(present) is kept; run recount project --rebuild to "
                + "make the rows anew"
        case .notStopped(let path, let projection):
            "\(path): nothing stopped \(projection); run recount project \(projection)"
        case .held(let path, let projection, let version):
            "\(path): somebody rolled \(projection) back to a file of version \(version), which is "
                + "served as it stands; run recount project \(projection) --rebuild to make it anew, "
                + "or a program of that version"
        case .digest(let path, let projection):
            "\(path): the rows of \(projection) are not those that were written; "
                + "run recount project \(projection) --rebuild"
        case .schema(let path, let projection, let what):
            "\(path): \(what); nothing that it says of \(projection) can be believed: "
                + "run recount project \(projection) --rebuild"
        case .system(let path, let operation, let code):
            "\(path): \(operation) failed: \(String(cString: strerror(code))); "
                + (code == ENOSPC
                    ? "the disk is full: free space" : "check the folder and the disk")
                + " and run recount project again"
        }
    }
}

/// Held as long as a process projects into a file; the system lets go of it when the process ends.
final class ProjectorLock: Sendable {
    private let descriptor: Int32

    init(_ folder: ReadModelFolder, _ name: String) throws {
        try folder.make()
        let path = "\(folder.path)/\(name).lock"
        descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw ReadModelError.system(path, "open", errno) }
        // Closed where it ends, also when this throws.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw ReadModelError.locked(folder.path, projection: name)
        }
    }

    deinit {
        // Not by closing alone: a child that was forked a moment ago may still hold a copy.
        release()
        close(descriptor)
    }

    /// Lets go of it before the process ends.
    func release() {
        flock(descriptor, LOCK_UN)
    }

    /// Whether a process projects into a file.
    static func isHeld(_ folder: ReadModelFolder, _ name: String) -> Bool {
        let descriptor = Glibc.open("\(folder.path)/\(name).lock", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return false }
        return errno == EWOULDBLOCK
    }
}
