import Events
import Foundation

extension ModelStore {
    /// Says that this process uses the artefacts, from now until it ends: none is taken away
    /// meanwhile. A folder that is not there yet is used by whoever makes it.
    func use() {
        guard let descriptor = StoresInUse.shared.descriptor(of: path) else { return }
        while flock(descriptor, LOCK_SH) != 0, errno == EINTR {}
    }

    /// Runs `body` unless another process uses the artefacts; nil when one does, or when there is
    /// no folder.
    public func whileUnused<Result>(_ body: () throws -> Result) rethrows -> Result? {
        guard let descriptor = StoresInUse.shared.descriptor(of: path) else { return nil }
        // A lock that was refused may have cost the one that was held.
        defer { use() }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
        return try body()
    }

    /// Notes that an artefact was used now: those that were used last are kept longest.
    func touch(_ artefact: Digest) {
        // Where it is not allowed, its age is that of its making.
        utimensat(AT_FDCWD, file(artefact), nil, 0)
    }
}

/// The folders of artefacts that this process uses, each by a descriptor that a lock belongs to.
private final class StoresInUse: @unchecked Sendable {
    static let shared = StoresInUse()

    // Guarded by `lock`.
    private var descriptors: [String: Int32] = [:]
    private let lock = NSLock()

    /// The descriptor of a folder; nil where there is none.
    func descriptor(of path: String) -> Int32? {
        lock.withLock {
            if let known = descriptors[path] {
                if isStill(known, path) { return known }
                close(known)
                descriptors[path] = nil
            }
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0 else { return nil }
            descriptors[path] = descriptor
            return descriptor
        }
    }

    /// Whether a descriptor is of the folder that has the path now.
    private func isStill(_ descriptor: Int32, _ path: String) -> Bool {
        var (held, there) = (stat(), stat())
        return fstat(descriptor, &held) == 0 && stat(path, &there) == 0
            && held.st_ino == there.st_ino && held.st_dev == there.st_dev
    }
}
