import EventLog
import Foundation

/// Why a path is not written to.
struct OutputRefusal: Error, CustomStringConvertible {
    let status: ExitStatus
    let description: String

    init(_ status: ExitStatus, _ description: String) {
        (self.status, self.description) = (status, description)
    }
}

/// A file that a command writes: never one that it reads, never one of a data folder, and whole or
/// not at all.
///
/// Nothing is opened before every refusal was thought of. What is written stands beside the path
/// under a name of its own until it is whole, and then takes its place; a device or a pipe is
/// written to as it is.
final class OutputFile {
    private let path: String
    private let temporary: String?
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isOpen = true

    /// Opens a file beside a path.
    ///
    /// - Parameters:
    ///   - option: the option that names it, for the refusal.
    ///   - inputs: what the command reads.
    ///   - data: the data folder, whether it is there yet or not.
    /// - Throws: `OutputRefusal`.
    init(_ path: String, option: String, inputs: [String], data: DataFolder?) throws(OutputRefusal)
    {
        try OutputFile.check(path, option: option, inputs: inputs, data: data)
        self.path = path
        var known = stat()
        if stat(path, &known) == 0, known.st_mode & S_IFMT != S_IFREG {
            temporary = nil
            descriptor = Foundation.open(path, O_WRONLY | O_CLOEXEC)
        } else {
            let beside = "\(path).writing-\(getpid())"
            temporary = beside
            // What a killed process of this number left.
            unlink(beside)
            descriptor = Foundation.open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        }
        guard descriptor >= 0 else { throw OutputFile.failure(path, option, errno) }
    }

    deinit {
        guard isOpen else { return }
        close(descriptor)
        if let temporary { unlink(temporary) }
    }

    /// Refuses a path that names, by itself or through a link, what is read, or anything below the
    /// data folder.
    static func check(
        _ path: String, option: String, inputs: [String], data: DataFolder?
    ) throws(OutputRefusal) {
        guard !path.isEmpty else {
            throw OutputRefusal(.usage, "\(option) is empty; name a file")
        }
        var own = stat()
        if stat(path, &own) == 0 {
            if own.st_mode & S_IFMT == S_IFDIR {
                throw OutputRefusal(.usage, "\(option) \(path): is a folder; name a file")
            }
            for input in inputs {
                var other = stat()
                if stat(input, &other) == 0, own.st_dev == other.st_dev, own.st_ino == other.st_ino
                {
                    throw OutputRefusal(
                        .usage,
                        "\(option) \(path): is the input \(input), or a link to it; "
                            + "name another file")
                }
            }
        }
        guard let data else { return }
        let folder = resolved(data.path)
        for place in [resolved(path), resolved(FilePath.parent(path)) + "/" + FilePath.name(path)]
        where place == folder || place.hasPrefix(folder == "/" ? "/" : folder + "/") {
            throw OutputRefusal(
                .usage,
                "\(option) \(path): lies in the data folder \(data.path), where only recount "
                    + "writes; name a file elsewhere")
        }
    }

    /// Refuses two folders of which one is or lies within the other.
    static func checkApart(_ path: String, _ other: String) throws(BackupError) {
        let (first, second) = (resolved(path), resolved(other))
        if first == second || first.hasPrefix(second == "/" ? "/" : second + "/") {
            throw .nested(path: path, within: other)
        }
        if second.hasPrefix(first == "/" ? "/" : first + "/") {
            throw .nested(path: other, within: path)
        }
    }

    /// The path without links and dots, as far as it is there.
    private static func resolved(_ path: String) -> String {
        var missing: [String] = []
        var known = path.isEmpty ? "." : path
        while true {
            if let real = realpath(known, nil) {
                defer { free(real) }
                let text = String(cString: real)
                guard !missing.isEmpty else { return text }
                let rest = missing.reversed().joined(separator: "/")
                return text == "/" ? "/" + rest : text + "/" + rest
            }
            missing.append(FilePath.name(known))
            let parent = FilePath.parent(known)
            guard parent != known else { return path }
            known = parent.isEmpty ? "." : parent
        }
    }

    /// Appends text.
    func write(_ text: String) throws(OutputRefusal) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count > 1 << 20 { try flush() }
    }

    /// Appends bytes.
    func write(_ bytes: [UInt8]) throws(OutputRefusal) {
        buffer.append(contentsOf: bytes)
        if buffer.count > 1 << 20 { try flush() }
    }

    /// Writes what is left and lets the file take its place.
    func commit() throws(OutputRefusal) {
        try flush()
        isOpen = false
        guard close(descriptor) == 0 else { throw OutputFile.failure(path, "close", errno) }
        if let temporary, rename(temporary, path) != 0 {
            let code = errno
            unlink(temporary)
            throw OutputFile.failure(path, "rename", code)
        }
    }

    private func flush() throws(OutputRefusal) {
        var start = 0
        while start < buffer.count {
            let written = buffer.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress! + start, $0.count - start)
            }
            if written < 0, errno == EINTR { continue }
            guard written >= 0 else { throw OutputFile.failure(path, "write", errno) }
            start += written
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func failure(_ path: String, _ operation: String, _ code: Int32) -> OutputRefusal
    {
        let status = ExitStatus.system(code)
        return OutputRefusal(
            status == .missing || status == .permission ? .cannotCreate : status,
            "\(path): cannot be written (\(operation): \(String(cString: strerror(code)))); "
                + "choose another file")
    }
}

extension OutputFile {
    /// Writes a whole file.
    static func write(
        _ text: String, to path: String, option: String, inputs: [String] = [], data: DataFolder?
    ) throws(OutputRefusal) {
        let file = try OutputFile(path, option: option, inputs: inputs, data: data)
        try file.write(text)
        try file.commit()
    }
}
