import Foundation
import TestKit

/// A disk as a process left it: what is certain to be there, and what may or may not be.
///
/// A file's data is certain once the file was flushed, or written through a descriptor with
/// O_DSYNC; a name is certain once its folder was flushed. Of the rest, any subset of the writes
/// may have come to the disk, whole or in sectors, and any beginning of the changes of names.
struct DiskState {
    /// A change of a file's content.
    private enum Change {
        case write(offset: Int, bytes: Data)
        case size(Int)
    }

    /// A change of a folder's names.
    private enum Naming {
        case put(path: String, file: UInt64)
        case folder(path: String)
        case move(from: String, to: String)
        case drop(path: String)
    }

    private struct File {
        var content = Data()
        var pending: [(change: Change, isCertain: Bool)] = []
    }

    private var files: [UInt64: File] = [:]
    private var names: [String: UInt64] = [:]
    private var folders: Set<String> = []
    private var pendingNames: [Naming] = []
    /// The highest position that was acknowledged.
    private(set) var acknowledged: UInt64 = 0

    /// How much of what is uncertain has come to the disk.
    enum Choice {
        /// All of it: the process died, the machine went on.
        case everything
        /// Nothing.
        case nothing
        /// Each write whole, in part or not at all.
        case random
    }

    /// Makes an operation.
    mutating func apply(_ operation: DiskTrace.Operation) {
        switch operation {
        case .write(let file, let offset, let bytes, let isDurable):
            files[file, default: File()].pending.append(
                (.write(offset: offset, bytes: bytes), isDurable))
        case .truncate(let file, let size):
            files[file, default: File()].pending.append((.size(size), false))
        case .flush(let file):
            var flushed = files[file, default: File()]
            for (change, _) in flushed.pending { DiskState.make(change, &flushed.content) }
            flushed.pending = []
            files[file] = flushed
        case .lostFlush(let file): files[file]?.pending.removeAll { !$0.isCertain }
        case .create(let path, let file):
            files[file] = File()
            pendingNames.append(.put(path: path, file: file))
        case .makeFolder(let path): pendingNames.append(.folder(path: path))
        case .rename(let from, let to): pendingNames.append(.move(from: from, to: to))
        case .remove(let path): pendingNames.append(.drop(path: path))
        case .flushFolder(let path):
            // A journal keeps order: what came before the last change of this folder is there too.
            let isOwn = { (change: Naming) in DiskState.folder(of: change) == path }
            guard let last = pendingNames.lastIndex(where: isOwn) else { return }
            for change in pendingNames[...last] { DiskState.make(change, &names, &folders) }
            pendingNames.removeSubrange(...last)
        case .acknowledge(let position): acknowledged = max(acknowledged, position)
        }
    }

    /// Writes the files as a disk would have them into an empty folder that stands for `root`.
    func write(
        to target: String, root: String, choosing choice: Choice,
        _ random: inout SeededGenerator
    ) throws {
        var (names, folders) = (names, folders)
        let count: Int
        switch choice {
        case .everything: count = pendingNames.count
        case .nothing: count = 0
        case .random: count = Int.random(in: 0...pendingNames.count, using: &random)
        }
        for change in pendingNames.prefix(count) { DiskState.make(change, &names, &folders) }
        for folder in folders.sorted() where folder.hasPrefix(root) {
            try FileManager.default.createDirectory(
                atPath: target + folder.dropFirst(root.count), withIntermediateDirectories: true)
        }
        for (path, file) in names.sorted(by: { $0.key < $1.key }) where path.hasPrefix(root) {
            // Locks and waiting do not outlive a machine.
            let name = (path as NSString).lastPathComponent
            if ["lock.mdb", "wake", "acknowledged"].contains(name) { continue }
            let data = content(of: file, choosing: choice, &random)
            try data.write(to: URL(fileURLWithPath: target + path.dropFirst(root.count)))
        }
    }

    private func content(
        of file: UInt64, choosing choice: Choice, _ random: inout SeededGenerator
    ) -> Data {
        guard let file = files[file] else { return Data() }
        var content = file.content
        for (change, isCertain) in file.pending {
            switch choice {
            case _ where isCertain: DiskState.make(change, &content)
            case .everything: DiskState.make(change, &content)
            case .nothing: continue
            case .random: DiskState.make(change, &content, tearing: &random)
            }
        }
        return content
    }

    private static func make(_ change: Change, _ content: inout Data) {
        switch change {
        case .size(let size):
            if size < content.count {
                content.removeSubrange(size...)
            } else {
                content.append(Data(count: size - content.count))
            }
        case .write(let offset, let bytes):
            let end = offset + bytes.count
            if content.count < end { content.append(Data(count: end - content.count)) }
            content.replaceSubrange(offset..<end, with: bytes)
        }
    }

    /// Makes a change whole, not at all, or in some of its sectors of 512 or 4,096 bytes.
    private static func make(
        _ change: Change, _ content: inout Data, tearing random: inout SeededGenerator
    ) {
        guard case .write(let offset, let bytes) = change else {
            if Bool.random(using: &random) { make(change, &content) }
            return
        }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: make(change, &content)
        case 1: return
        case let kind:
            let sector = kind == 2 ? 512 : 4_096
            var start = offset
            while start < offset + bytes.count {
                let end = min((start / sector + 1) * sector, offset + bytes.count)
                if Bool.random(using: &random) {
                    let part = bytes.subdata(in: start - offset..<end - offset)
                    make(.write(offset: start, bytes: part), &content)
                }
                start = end
            }
        }
    }

    private static func folder(of change: Naming) -> String {
        switch change {
        case .put(let path, _), .folder(let path), .drop(let path), .move(_, let path):
            (path as NSString).deletingLastPathComponent
        }
    }

    private static func make(
        _ change: Naming, _ names: inout [String: UInt64], _ folders: inout Set<String>
    ) {
        switch change {
        case .put(let path, let file): names[path] = file
        case .folder(let path): folders.insert(path)
        case .drop(let path): names[path] = nil
        case .move(let from, let to):
            if let file = names.removeValue(forKey: from) { names[to] = file }
            if folders.remove(from) != nil { folders.insert(to) }
            for (path, file) in names where path.hasPrefix(from + "/") {
                names[path] = nil
                names[to + path.dropFirst(from.count)] = file
            }
        }
    }
}
