import ArgumentParser
import EventLog
import Events
import Foundation

/// `bench follow`: a plain follower of the row `followers`.
struct FollowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow", abstract: "Read a log as it grows, up to a position.",
        shouldDisplay: false)

    @Argument var folder: String
    @Argument var end: UInt64

    func run() throws {
        let log = try EventLog.open(at: folder)
        print("following")
        fflush(nil)
        var seen: UInt64 = 0
        while seen < end {
            let head = try log.waitForHead(beyond: seen, seconds: 30)
            guard head.position > seen else { throw BenchmarkFailure("nothing came for 30 s") }
            try log.read(from: seen + 1) { record in
                guard try Envelope(message: record.message).recordedAt <= head.recordedAt else {
                    throw BenchmarkFailure("an event from the future")
                }
                seen = record.position
                return .proceed
            }
        }
        print(seen)
    }
}
