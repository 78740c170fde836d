import CZlib
import Digests
public import Events
import Glibc

/// The uncompressed text of a file, plain or gzip (told by its first bytes), in bounded memory.
///
/// UTF-16 is delivered as UTF-8; what is no text is refused with how to convert it.
/// Concatenated gzip members are read as one stream. The SHA-256 of the uncompressed bytes is
/// kept on the way: reading to the end gives the digest of the content, however it was compressed.
public final class InputFile {
    /// The file as the user named it.
    public let name: String
    /// Size on disk, bytes.
    public let size: Int
    /// Bytes of the file that were consumed so far, for a progress display.
    public private(set) var consumed = 0
    /// Uncompressed bytes read so far.
    public private(set) var delivered = 0

    private let descriptor: Int32
    private let isGzip: Bool
    private var stream: UnsafeMutablePointer<z_stream>
    private var input: UnsafeMutablePointer<UInt8>
    private var output: UnsafeMutableRawPointer
    private var memberEnded = false
    private var ended = false
    private var hash = SHA256()
    private var isBegun = false
    /// What turns the content into UTF-8 where it is UTF-16.
    private var utf16: UTF16Text?

    private let outputCapacity: Int

    private static let inputCapacity = 256 << 10
    private static let maximumOutput = 1 << 20

    /// Opens a regular file for reading.
    public init(_ name: String) throws(IngestError) {
        self.name = name
        let descriptor = open(name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw InputFile.openFailure(name, errno) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw IngestError(
                .unreadable, file: name,
                "is not a regular file; give the path of a file (it is read twice)")
        }
        self.descriptor = descriptor
        self.size = Int(status.st_size)
        if let remedy = ForeignFile.remedy(InputFile.firstBytes(descriptor)) {
            close(descriptor)
            throw IngestError(.wrongFormat, file: name, remedy)
        }
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        isGzip = InputFile.beginsAsGzip(descriptor)
        // A plain file needs no room for compressed bytes, and a small one little for its own.
        unsafe input = .allocate(capacity: isGzip ? InputFile.inputCapacity : 1)
        outputCapacity =
            isGzip ? InputFile.maximumOutput : min(InputFile.maximumOutput, max(size, 4_096))
        unsafe output = .allocate(byteCount: outputCapacity, alignment: 16)
        if isGzip {
            let size = Int32(MemoryLayout<z_stream>.size)
            let status = unsafe inflateInit2_(stream, 16 + MAX_WBITS, zlibVersion(), size)
            precondition(status == Z_OK, "zlib refuses to start: \(status)")
        }
    }

    deinit {
        if isGzip { unsafe inflateEnd(stream) }
        unsafe stream.deallocate()
        unsafe input.deallocate()
        unsafe output.deallocate()
        close(descriptor)
    }

    private static func beginsAsGzip(_ descriptor: Int32) -> Bool {
        var magic: (UInt8, UInt8) = (0, 0)
        return unsafe pread(descriptor, &magic, 2, 0) == 2 && magic == (0x1F, 0x8B)
    }

    private static func firstBytes(_ descriptor: Int32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: ForeignFile.lookahead)
        let count = bytes.withUnsafeMutableBytes {
            unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
        }
        return Array(bytes.prefix(max(0, count)))
    }

    /// Whether the file is gzip.
    public var isCompressed: Bool { isGzip }

    /// The SHA-256 of what was read so far; of the content once `read` returned 0.
    public var digest: Digest { hash.soFar() }

    /// Appends the UTF-8 of up to `limit` bytes to `buffer` and returns how many bytes that are; 0
    /// at the end.
    public func read(into buffer: inout [UInt8], limit: Int = 1 << 20) throws(IngestError) -> Int {
        let before = buffer.count
        while !ended, buffer.count == before {
            let space = unsafe UnsafeMutableRawBufferPointer(
                start: output, count: min(limit, outputCapacity))
            let count = unsafe isGzip ? try inflate(into: space) : try fill(space)
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: space[..<count])
            unsafe hash.update(bytes)
            delivered += count
            ended = count == 0
            if !isBegun {
                utf16 = unsafe UTF16Text(startOf: Array(bytes.prefix(4)))
                isBegun = true
            }
            if utf16 == nil {
                unsafe buffer.append(contentsOf: bytes)
            } else {
                unsafe utf16?.append(bytes, to: &buffer)
                if ended { utf16?.finish(&buffer) }
            }
        }
        return buffer.count - before
    }

    /// Reads plain bytes until `space` is full or the file ends.
    private func fill(_ space: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
        let count = unsafe readOnce(space.baseAddress, space.count)
        guard count >= 0 else { throw readFailure() }
        consumed += count
        return count
    }

    /// Inflates until `space` is full or the file ends.
    private func inflate(into space: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
        unsafe stream.pointee.next_out = space.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe stream.pointee.avail_out = UInt32(space.count)
        while unsafe stream.pointee.avail_out > 0 {
            if unsafe stream.pointee.avail_in == 0 {
                let count = unsafe readOnce(input, InputFile.inputCapacity)
                guard count >= 0 else { throw readFailure() }
                if count == 0, memberEnded { break }
                consumed += count
                unsafe stream.pointee.next_in = input
                unsafe stream.pointee.avail_in = UInt32(count)
            }
            if memberEnded {
                unsafe inflateReset(stream)
                memberEnded = false
            }
            let status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
            if status == Z_STREAM_END {
                memberEnded = true
            } else if status == Z_BUF_ERROR, unsafe stream.pointee.avail_in == 0 {
                // The file has ended, and zlib holds nothing back any more.
                if unsafe Int(stream.pointee.avail_out) < space.count { break }
                throw truncated()
            } else if status != Z_OK {
                let produced = unsafe space.count - Int(stream.pointee.avail_out)
                if produced > 0 && status != Z_BUF_ERROR { return produced }
                throw damaged(status)
            }
        }
        return unsafe space.count - Int(stream.pointee.avail_out)
    }

    /// One `read`, repeated when a signal interrupts it.
    private func readOnce(_ address: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        while true {
            let result = unsafe Glibc.read(descriptor, address, count)
            if result >= 0 || errno != EINTR { return result }
        }
    }

    private func readFailure() -> IngestError {
        IngestError(
            .unreadable, file: name,
            "cannot be read after \(consumed) bytes: \(text(of: errno)); check the disk and retry")
    }

    private func truncated() -> IngestError {
        IngestError(
            .corruptedGzip, file: name,
            """
            the gzip stream ends too early, after \(delivered) uncompressed bytes; \
            fetch the file again and ingest it again
            """)
    }

    private func damaged(_ status: Int32) -> IngestError {
        IngestError(
            .corruptedGzip, file: name,
            """
            the gzip stream is damaged after \(delivered) uncompressed bytes (zlib \(status)); \
            fetch the file again and ingest it again
            """)
    }

    private static func openFailure(_ name: String, _ code: Int32) -> IngestError {
        code == ENOENT
            ? IngestError(.missingFile, file: name, "there is no such file; check the path")
            : IngestError(
                .unreadable, file: name,
                "cannot be opened: \(text(of: code)); check its permissions")
    }
}

/// The system's words for an error number.
func text(of code: Int32) -> String {
    unsafe String(cString: strerror(code))
}
