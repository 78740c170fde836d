/// A row of the table: what is measured, and how it is made ready.
struct Row: Sendable {
    /// What `--filter` and the thresholds call it.
    var name: String
    /// What it says in the table.
    var title: String
    /// Whether it runs only when its name is given in full, or with `--slow`.
    var isSlow = false
    /// Makes its files and contestants; throws `Unavailable` where something is not installed.
    var prepare: @Sendable (Setting) throws -> Contest
}

/// Why a row cannot be measured here.
struct Unavailable: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

/// A call that failed.
struct BenchmarkFailure: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }

    /// Throws unless a C function returned 0.
    static func check(_ code: Int32, _ operation: String) throws {
        guard code == 0 else { throw BenchmarkFailure("\(operation) failed with code \(code)") }
    }
}
