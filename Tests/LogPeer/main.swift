// The second process of the log's tests. Each verb is one half of a test; it says what it did on
// its output and waits for a line of input where the test must do something in between.
import EventLog
import Events
import Glibc
import LMDB
import TestKit

func say(_ text: String) {
    print(text)
    fflush(nil)
}

func append(_ log: EventLog, _ count: Int) throws {
    for _ in 0..<count {
        try log.append(now: Instant(rawValue: 1)) { batch in
            let bytes = message(recordedAt: batch.now.rawValue)
            batch.append(encoded: bytes.span.bytes)
        }
    }
}

func options(mapSize: String) -> Environment.Options {
    var options = Environment.Options()
    options.mapSize = Int(mapSize) ?? 0
    return options
}

func last(_ transaction: borrowing WriteTransaction, _ database: Database) throws -> UInt64 {
    var cursor = try transaction.cursor(database)
    return try cursor.last() ? cursor.integerKey : 0
}

/// Fills an environment with values of 4 KiB, one commit each.
func grow(_ path: String, mapSize: String, count: String) throws {
    let environment = try Environment.open(path: path, options: options(mapSize: mapSize))
    for _ in 0..<Int(count)! {
        let transaction = try environment.beginWrite()
        let numbers = try transaction.makeDatabase("numbers", keys: .integers)
        let key = try last(transaction, numbers) + 1
        try transaction.append(key, [UInt8](repeating: 7, count: 4_000), to: numbers)
        try transaction.commit()
    }
}

func becomeNobody() {
    guard getuid() == 0 else { return }
    precondition(setgid(65_534) == 0 && setuid(65_534) == 0, "root may become nobody")
}

/// Holds a snapshot of a log until a line comes.
func hold(_ path: String, dies: Bool) throws {
    var options = Environment.Options()
    options.isReadOnly = true
    let environment = try Environment.open(path: path, options: options)
    let transaction = try environment.beginRead()
    say("holding")
    if dies { kill(getpid(), SIGKILL) }
    _ = readLine()
    try transaction.commit()
}

/// With each line of input, appends the next `step` events of another log as one commit.
func feed(_ path: String, from other: String, step: Int) throws {
    let source = try EventLog.open(at: other)
    let log = try EventLog.open(at: path, access: .write)
    say("open")
    while readLine() != nil {
        let next = try log.head().position + 1
        var messages: [[UInt8]] = []
        try source.read(from: next, through: next + UInt64(step) - 1) { record in
            messages.append(record.message.withUnsafeBytes { Array($0) })
            return .proceed
        }
        guard let last = messages.last else { break }
        let time = try Envelope(message: last.span.bytes).recordedAt
        try log.append(now: time) { batch in
            for message in messages { batch.append(encoded: message.span.bytes) }
        }
        say("\(try log.head().position)")
    }
}

let arguments = CommandLine.arguments
let path = arguments.count > 2 ? arguments[2] : ""
do {
    switch arguments.dropFirst().first {
    case "create":
        _ = try EventLog.create(
            at: path, identity: LogIdentity(kind: .data, logID: .zero, schemaVersion: 0))
    case "append":
        let log = try EventLog.open(at: path, access: .write)
        try append(log, Int(arguments[3])!)
        say("\(try log.head().position)")
    case "append-when-told":
        let log = try EventLog.open(at: path, access: .write)
        say("open")
        while readLine() != nil {
            try append(log, 1)
            say("\(try log.head().position)")
        }
    case "feed": try feed(path, from: arguments[3], step: Int(arguments[4])!)
    case "head":
        say("\(try EventLog.open(at: path).head().position)")
    case "head-as-nobody":
        becomeNobody()
        say("\(try EventLog.open(at: path).head().position)")
    case "append-as-nobody":
        becomeNobody()
        try append(try EventLog.open(at: path, access: .write), 1)
        say("written")
    case "hold": try hold(path, dies: false)
    case "hold-and-die": try hold(path, dies: true)
    case "grow": try grow(path, mapSize: arguments[3], count: arguments[4])
    case "verify": say(LogVerifier.childReport(path).json)
    case "build-and-die":
        _ = try LogBuilder.build(
            at: path, identity: LogIdentity(kind: .run, logID: .zero, schemaVersion: 0)
        ) { builder in
            let bytes = message(recordedAt: 1)
            try builder.append(bytes.span.bytes)
            kill(getpid(), SIGKILL)
        }
    default:
        say("unknown verb")
        exit(64)
    }
} catch {
    say("refused: \(error)")
    exit(1)
}
