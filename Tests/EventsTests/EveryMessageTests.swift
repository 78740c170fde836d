import Events
import Foundation
import Testing

/// Every message of the schema with its owned type.
private struct Case: Sendable, CustomTestStringConvertible {
    let description: MessageDescription
    let type: any EventMessage.Type

    var testDescription: String { description.name }

    static let all: [Case] = zip(EventSchema.messages, EventSchema.messageTypes).map {
        Case(description: $0, type: $1)
    }
}

/// A new seed each run, printed; `RECOUNT_TEST_SEED` repeats one.
private let seed: UInt64 = {
    let given = ProcessInfo.processInfo.environment["RECOUNT_TEST_SEED"].flatMap { UInt64($0) }
    let seed = given ?? UInt64.random(in: 0...999_999)
    print("RECOUNT_TEST_SEED=\(seed)")
    return seed
}()

@Test("names, ids and lengths of owned types are those of the tables", arguments: Case.all)
private func tables(_ message: Case) {
    #expect(message.type.messageName == message.description.name)
    #expect(message.type.templateID == message.description.id)
    #expect(Int(message.type.blockLength) == message.description.blockLength)
    #expect(
        message.description.fields.last.map { $0.offset + $0.kind.size }
            == message.description.blockLength)
    #expect(EventSchema.message(id: message.description.id)?.name == message.description.name)
}

@Test("what is decoded encodes to the same bytes", arguments: Case.all)
private func identity(_ message: Case) throws {
    var random = SeededGenerator(state: seed &+ UInt64(message.description.id))
    for _ in 0..<50 {
        let bytes = RandomMessage(description: message.description).bytes(using: &random)
        let decoded = try message.type.init(bytes: bytes)
        #expect(decoded.encoded() == bytes, "seed \(seed)")
        let span = bytes.span
        let envelope = try Envelope(message: span.bytes)
        #expect(envelope == decoded.envelope, "seed \(seed)")
    }
}

@Test("a message of the next version is read, its longer blocks skipped", arguments: Case.all)
private func nextVersion(_ message: Case) throws {
    var random = SeededGenerator(state: seed &+ UInt64(message.description.id))
    for growth in [1, 7, 64] {
        var same = random
        var again = random
        let current = RandomMessage(description: message.description).bytes(using: &random)
        let later = RandomMessage(
            description: message.description, growth: growth, version: EventSchema.version + 1
        ).bytes(using: &same)
        let fromLater = try message.type.init(bytes: later)
        #expect(fromLater.encoded() == current, "seed \(seed)")
        // With every field of this version, whether it has a value or not.
        let whole = RandomMessage(description: message.description, version: EventSchema.version)
            .bytes(using: &again)
        let head = "{\"type\":\"\(message.description.name)\",\"version\":"
        let old = try json(whole).dropFirst(head.count + "\(EventSchema.version)".count)
        let new = try json(later).dropFirst(head.count + "\(EventSchema.version + 1)".count)
        #expect(old == new, "seed \(seed)")
    }
}

@Test("every proper prefix of a message is refused", arguments: Case.all)
private func prefixes(_ message: Case) throws {
    var random = SeededGenerator(state: seed &+ UInt64(message.description.id))
    let bytes = RandomMessage(description: message.description).bytes(using: &random)
    for count in 0..<bytes.count {
        let prefix = Array(bytes[..<count])
        #expect(throws: DecodingError.self, "seed \(seed)") { try message.type.init(bytes: prefix) }
        #expect(throws: DecodingError.self, "seed \(seed)") { try json(prefix) }
    }
    let longer = bytes + [0]
    #expect(throws: DecodingError.trailingBytes(count: longer.count, end: bytes.count)) {
        try message.type.init(bytes: longer)
    }
}

@Test("any bytes behind a lawful header are read or refused, never a crash", arguments: Case.all)
private func noise(_ message: Case) {
    var random = SeededGenerator(state: seed &+ UInt64(message.description.id))
    for _ in 0..<200 {
        var bytes = RandomMessage(description: message.description).bytes(using: &random)
        for _ in 0..<4 {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                in: 0...255, using: &random)
        }
        _ = try? message.type.init(bytes: bytes)
        _ = try? json(bytes)
    }
}

@Test("the JSON of every message is an object with all of its parts", arguments: Case.all)
private func jsonParts(_ message: Case) throws {
    var random = SeededGenerator(state: seed &+ UInt64(message.description.id))
    let bytes = RandomMessage(description: message.description).bytes(using: &random)
    let object = try #require(
        JSONSerialization.jsonObject(with: Data(try json(bytes).utf8)) as? [String: Any])
    let length = Int(bytes[0]) | Int(bytes[1]) << 8
    let fields = message.description.fields.filter { $0.offset < length }
    var names = ["type", "version"] + fields.map(\.name)
    names += message.description.groups.map(\.name)
    names += message.description.data.map { [$0] } ?? []
    #expect(object.keys.sorted() == names.sorted(), "seed \(seed)")
}
