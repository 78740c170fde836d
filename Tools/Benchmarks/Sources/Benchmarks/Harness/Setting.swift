import Foundation

/// Where and how rows are measured.
struct Setting {
    /// Small workloads, to see that everything works.
    var isQuick: Bool
    /// Whether contestants that take minutes take part.
    var isSlow: Bool
    /// A folder for all files, on the disk that is measured.
    var scratch: Scratch
    /// The program `recount`, nil when it was not named.
    var recount: String?
    /// The folder with `generate.py` of the workload `disclosure-follow`.
    var bench: String?
    /// The folder of real data.
    var data: String?
    /// A Python with numpy and pandas, and with the peers that are to take part.
    var python: String?

    /// One size or the other.
    func size(_ full: Int, quick: Int) -> Int { isQuick ? quick : full }

    /// The program `recount`.
    func needRecount() throws -> String {
        guard let recount else { throw Unavailable("needs the program recount: --recount PATH") }
        return recount
    }

    /// This package's folder, where the peers' scripts and `ingest-real` lie.
    static let package: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.path
    }()
}

/// A folder for a benchmark's files, removed with the object.
final class Scratch {
    /// The folder.
    let path: String
    private var count = 0

    /// Makes a folder under `parent`.
    init(in parent: String) throws {
        path = "\(parent)/recount-bench-\(getpid())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        Cleanup.made(path)
    }

    deinit {
        remove(path)
        Cleanup.removed(path)
    }

    /// A name that is not taken yet; nothing is made.
    func name(_ stem: String) -> String {
        count += 1
        return "\(path)/\(stem)-\(count)"
    }

    /// A new empty folder.
    func folder(_ stem: String) throws -> String {
        let folder = name(stem)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    /// Removes what a name stands for.
    func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }
}
