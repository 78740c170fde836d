import ArgumentParser
import CPlatform
import EventLog
import Events
import Foundation
import RawLoops

/// A clock that processes share.
enum MonotonicClock {
    static var now: Int64 { recount_monotonic_clock() }
}

/// `bench listen`: the second process of the row `visible`.
struct ListenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen", abstract: "Follow a log and print how late its events came.",
        shouldDisplay: false)

    @Argument var folder: String
    @Argument var count: Int
    @Flag var raw = false

    func run() throws {
        var latencies = [Int64](repeating: 0, count: count)
        print("listening")
        fflush(nil)
        if raw {
            try BenchmarkFailure.check(raw_listen(folder, Int64(count), &latencies), "listening")
        } else {
            try listen(&latencies)
        }
        print(latencies.map(String.init).joined(separator: "\n"))
    }

    private func listen(_ latencies: inout [Int64]) throws {
        let log = try EventLog.open(at: folder)
        var seen: UInt64 = 0
        while seen < UInt64(count) {
            let head = try log.waitForHead(beyond: seen, seconds: 10)
            guard head.position > seen else { throw BenchmarkFailure("nothing came for 10 s") }
            try log.read(from: seen + 1, through: head.position) { record in
                let sentAt = try OrderCancelledView(record.message).quantity.rawValue
                latencies[Int(record.position) - 1] = MonotonicClock.now - sentAt
                return .proceed
            }
            seen = head.position
        }
    }
}
