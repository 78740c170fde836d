/// What text is read from, part by part.
protocol ByteSource: AnyObject {
    /// Appends up to about `limit` bytes to `buffer` and returns how many; 0 at the end.
    func read(into buffer: inout [UInt8], limit: Int) throws(IngestError) -> Int
}

extension InputFile: ByteSource {}
