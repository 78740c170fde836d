import ArgumentParser
import EventLog
import Events
import Foundation

/// `recount events`
struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Print the events of a log, one a line.",
        discussion: """
            Example: recount events --data DIR --run first --type OrderFilled --ticker AAPL --json
            """)

    @OptionGroup var log: LogOption
    @Option(name: .long, help: ArgumentHelp("Only this type.", valueName: "name")) var type:
        [String] = []
    @Option(name: .long, help: ArgumentHelp("Only events of this ticker.", valueName: "symbol"))
    var ticker: String?
    @Option(name: .long, help: ArgumentHelp("Known on this date or later.", valueName: "date"))
    var from: String?
    @Option(name: .long, help: ArgumentHelp("Known before this date.", valueName: "date"))
    var before: String?
    @Option(name: .long, help: "First position.") var position: UInt64 = 1
    @Option(name: .long, help: "Most events.") var limit: Int?
    @Flag(name: .long, help: "One JSON object a line.") var json = false

    func run() throws {
        let types = try type.map { name -> UInt16 in
            guard let message = EventSchema.messages.first(where: { $0.name == name }) else {
                throw ValidationError(
                    "--type \(name): no such event; known are "
                        + EventSchema.messages.map(\.name).joined(separator: ", "))
            }
            return message.id
        }
        let from = try parsed(from, "--from") { Day($0) }.map { Instant($0) }
        let before = try parsed(before, "--before") { Day($0) }.map { Instant($0) }
        let symbol = ticker.map { "\"ticker\":\"\($0)\"" }
        let events = try EventLog.open(at: try log.path)
        var output = Output()
        var count = 0
        try events.read(from: position) { record in
            let header = try MessageHeader(record.message)
            if !types.isEmpty, !types.contains(header.templateID) { return .proceed }
            let knownAt = try Envelope(message: record.message).knownAt
            if let from, knownAt < from { return .proceed }
            if let before, knownAt >= before { return .proceed }
            var text = ""
            try EventJSON.render(message: record.message, into: &text)
            if let symbol, !text.contains(symbol) { return .proceed }
            if json {
                output.write("{\"position\":\(record.position),\(text.dropFirst())\n")
            } else {
                let name = EventSchema.message(id: header.templateID)?.name ?? "?"
                output.write("\(record.position)  \(knownAt)  \(name)  \(EventLine.text(text))\n")
            }
            count += 1
            return limit.map { count >= $0 } ?? false ? .stop : .proceed
        }
        output.flush()
    }
}

/// Standard output in large pieces.
struct Output {
    private var buffer: [UInt8] = []

    mutating func write(_ text: String) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count > 1 << 18 { flush() }
    }

    mutating func flush() {
        FileHandle.standardOutput.write(Data(buffer))
        buffer.removeAll(keepingCapacity: true)
    }
}

/// An event for a person: what follows the envelope, cut to a line.
enum EventLine {
    static func text(_ json: String) -> String {
        guard let end = json.range(of: "},") else { return json }
        let body = json[end.upperBound...].dropLast()
        return body.count > 160 ? body.prefix(157) + "..." : String(body)
    }
}
