/// A schema that the compiler does not accept: where, what, and what to write instead.
public struct Refusal: Error, Equatable, CustomStringConvertible {
    /// The schema's file, as it was named to the compiler.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// What is wrong.
    public var what: String
    /// What to write instead.
    public var remedy: String

    /// Takes the four parts.
    public init(file: String, line: Int, what: String, remedy: String) {
        self.file = file
        self.line = line
        self.what = what
        self.remedy = remedy
    }

    /// `file:line: error: what; write instead …`, the form that build tools link to the line.
    public var description: String {
        "\(file):\(line): error: \(what); write instead \(remedy)"
    }
}
