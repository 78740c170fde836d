import EventLog
import Events
import Foundation
import TestKit
import Testing

@Suite("Flipped bits")
struct BitFlipTests {
    /// Events whose bytes are found in the file: written once, so that no older page holds a copy.
    private func makeLog(_ path: String) throws -> [(position: UInt64, message: [UInt8])] {
        let identity = LogIdentity(
            kind: .run, logID: Digest(w0: 9, w1: 9, w2: 9, w3: 9), schemaVersion: 0)
        var generator = SeededGenerator(seed: 20_260_221)
        return try LogBuilder.build(at: path, identity: identity) { builder in
            var messages: [(UInt64, [UInt8])] = []
            for number in 1...300 {
                let instant = Instant(rawValue: Int64(number))
                let text = (0..<(20 + number % 200)).map { _ in
                    UInt8.random(in: 32...126, using: &generator)
                }
                let event = JobFailed(
                    envelope: Envelope(knownAt: instant, recordedAt: instant, actor: .scheduler),
                    start: .own(generator.next() | 1), scheduledAt: instant, job: .cycle,
                    text: text)
                let message = event.encoded()
                try builder.append(message.span.bytes)
                messages.append((builder.position, message))
                if number % 50 == 0 { try builder.commit(recordedAt: instant) }
            }
            return messages
        }.result
    }

    @Test("each is found at its position by verify, and none is served as good")
    func everyFlipIsFound() throws {
        let count = Int(ProcessInfo.processInfo.environment["RECOUNT_BITFLIPS"] ?? "") ?? 200
        let folder = TemporaryFolder()
        let path = "\(folder.path)/log"
        let messages = try makeLog(path)
        let file = URL(fileURLWithPath: "\(path)/data.mdb")
        let sound = try Data(contentsOf: file)
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<count {
            let (position, message) = messages.randomElement(using: &generator)!
            let place = try #require(sound.range(of: Data(message)), "the event lies in the file")
            // The checksum behind the message is a part of the record too.
            let offset = Int.random(in: 0..<(message.count + 4), using: &generator)
            var damaged = sound
            damaged[place.lowerBound + offset] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            try damaged.write(to: file)
            let report = try LogVerifier.verify(path)
            #expect(!report.isSound && report.position == position, "offset \(offset)")
            let log = try EventLog.open(at: path)
            #expect(throws: LogError.self) {
                try log.record(at: position) { _ in Issue.record("served as good") }
            }
        }
        try sound.write(to: file)
        #expect(try LogVerifier.verify(path).isSound)
    }
}
