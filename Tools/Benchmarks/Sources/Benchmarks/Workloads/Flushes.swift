import RawLoops

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
