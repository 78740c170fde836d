import Application
import EventLog
import Events

/// A call that can be made: how it is asked for, who may, and what answers it.
struct Route: Sendable {
    /// A part of a path.
    enum Part: Hashable, Sendable {
        case plain(String)
        case parameter(String)
    }

    /// A value of the query or the path.
    struct Parameter: Sendable {
        let name: String
        let schema: Schema
        let meaning: String
        var isInPath = false
    }

    /// An answer that may come.
    struct Answer: Sendable {
        let status: Int
        let meaning: String
        let type: String
        let schema: Schema

        static func json(_ schema: Schema, _ meaning: String = "The answer.", status: Int = 200)
            -> Answer
        {
            Answer(status: status, meaning: meaning, type: "application/json", schema: schema)
        }
    }

    let method: String
    let path: String
    /// The name of the operation, as clients have it.
    let name: String
    let summary: String
    let role: Role
    /// Whether it records something: a token is needed on this machine too.
    let isWrite: Bool
    let parameters: [Parameter]
    /// Whether the query may name columns of a table.
    let takesColumns: Bool
    /// Whether it opens a log of the folder.
    let needsLogs: Bool
    /// The fields of its body; nil where none is taken.
    let body: Schema?
    let answers: [Answer]
    let handle: @Sendable (Call) throws -> APIResponse

    init(
        _ method: String, _ path: String, _ name: String, _ summary: String,
        role: Role = .reader, isWrite: Bool = false, parameters: [Parameter] = [],
        takesColumns: Bool = false, needsLogs: Bool = true, body: Schema? = nil, answers: [Answer],
        _ handle: @escaping @Sendable (Call) throws -> APIResponse
    ) {
        (self.method, self.path, self.name, self.summary) = (method, path, name, summary)
        (self.role, self.isWrite, self.parameters) = (role, isWrite, parameters)
        (self.takesColumns, self.body, self.answers) = (takesColumns, body, answers)
        self.needsLogs = needsLogs
        self.handle = handle
    }

    var parts: [Part] {
        path.split(separator: "/").map { part in
            part.first == "{"
                ? .parameter(String(part.dropFirst().dropLast())) : .plain(String(part))
        }
    }

    /// The values of its path's parameters; nil for another path.
    func match(_ segments: [String]) -> [String: String]? {
        let parts = parts
        guard parts.count == segments.count else { return nil }
        var values: [String: String] = [:]
        for (part, segment) in zip(parts, segments) {
            switch part {
            case .plain(let text): guard text == segment else { return nil }
            case .parameter(let name):
                guard !segment.isEmpty else { return nil }
                values[name] = segment
            }
        }
        return values
    }
}

/// A request on its way to an answer: its values read, and who asks.
struct Call: Sendable {
    let service: APIService
    let caller: Caller
    let request: APIRequest
    /// Values of the path and the query, by name.
    let values: [String: String]
    /// Names of the query that no parameter has: columns of a table.
    let columns: [(name: String, value: String)]
    /// The body; without fields where none came.
    let body: JSONFields
    /// Its id, for the log and for problems.
    let id: String

    /// The values of the path.
    subscript(name: String) -> String { values[name] ?? "" }

    var workspace: Workspace { service.workspace }

    /// The run that is meant.
    var run: String { values["run"] ?? service.run }

    /// The moment that is meant; nil for now.
    func moment() throws -> AsOf? {
        guard let text = values["as_of"], text != "now", text != "end" else { return nil }
        return try AsOf(text)
    }

    /// A number of the query within bounds.
    func number(_ name: String, _ bounds: ClosedRange<Int>, else missing: Int) throws -> Int {
        guard let text = values[name] else { return missing }
        guard let value = Int(text), bounds.contains(value) else {
            throw ApplicationError.invalid(
                fields: [name],
                "{\(name)} \(text): takes \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return value
    }

    /// One of some words of the query.
    func word(_ name: String, of known: [String], else missing: String) throws -> String {
        guard let text = values[name] else { return missing }
        guard known.contains(text) else {
            throw ApplicationError.invalid(
                fields: [name],
                "{\(name)} \(text): write \(known.joined(separator: ", "))"
                    + Suggestion.question(text, known))
        }
        return text
    }
}

extension Call {
    /// A field of the body of a kind; nil where it is missing or null.
    private func field<Value>(
        _ name: String, _ kind: String, _ read: (JSONValue) -> Value?
    ) throws(ApplicationError) -> Value? {
        guard let value = body[name], value != .null else { return nil }
        guard let read = read(value) else {
            throw .invalid(fields: [name], "{\(name)}: takes \(kind), not \(value.kind)")
        }
        return read
    }

    private func needed<Value>(_ value: Value?, _ name: String) throws(ApplicationError) -> Value {
        guard let value else { throw .invalid(fields: [name], "{\(name)} is missing") }
        return value
    }

    func text(_ name: String) throws(ApplicationError) -> String? {
        try field(name, "a text") { if case .text(let text) = $0 { text } else { nil } }
    }

    func neededText(_ name: String) throws(ApplicationError) -> String {
        try needed(text(name), name)
    }

    func real(_ name: String) throws(ApplicationError) -> Double? {
        try field(name, "a number") {
            if case .number(let value) = $0, value.isFinite { value } else { nil }
        }
    }

    func neededReal(_ name: String) throws(ApplicationError) -> Double {
        try needed(real(name), name)
    }

    func whole(_ name: String, _ bounds: ClosedRange<Int>) throws(ApplicationError) -> Int? {
        guard let value = try real(name) else { return nil }
        guard let whole = Int(exactly: value), bounds.contains(whole) else {
            throw .invalid(
                fields: [name],
                "{\(name)} \(value): takes whole numbers from \(bounds.lowerBound) to "
                    + "\(bounds.upperBound)")
        }
        return whole
    }

    func boolean(_ name: String) throws(ApplicationError) -> Bool? {
        try field(name, "true or false") {
            if case .boolean(let value) = $0 { value } else { nil }
        }
    }

    func list(_ name: String) throws(ApplicationError) -> [JSONValue]? {
        try field(name, "a list") { if case .list(let list) = $0 { list } else { nil } }
    }
}
