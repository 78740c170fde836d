import RawLoops

/// Flushes that two contestants made for the same commits.
final class FlushCounts {
    var ours: Int64 = 0
    var theirs: Int64 = 0

    /// Throws unless both flushed once a commit at least, and alike. (LMDB's second flush of a
    /// commit, that of the meta page, is a synchronous write and not counted.)
    func check(commits: Int64) throws {
        guard theirs >= commits, ours == 0 || (ours - theirs).magnitude <= 4 else {
            throw BenchmarkFailure("unequal flushes: \(ours) and \(theirs), \(commits) commits")
        }
    }
}

/// What a flush costs here.
enum Flushes {
    /// The median seconds of a flush of one overwritten page.
    static func median(_ setting: Setting) throws -> Double {
        var seconds = 0.0
        let code = raw_flush_seconds(setting.scratch.path, setting.isQuick ? 15 : 101, &seconds)
        try BenchmarkFailure.check(code, "flushing a page")
        return seconds
    }

    /// The same as a remark.
    static func remark(_ setting: Setting) throws -> String {
        "a flush of one page takes \(Table.short(try median(setting) * 1e3)) ms here"
    }
}
