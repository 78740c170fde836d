import EventLog
import Events
import TestKit
import TestWorlds
import Testing

@testable import Audit

@Suite("Messages at hand")
struct MessageStoreTests {
    @Test("what is read in the log is what is held in memory, and decides the same")
    func same() throws {
        let folder = TemporaryFolder()
        let (data, _) = try SmallWorld.data(SmallWorld().facts, at: "\(folder.path)/data")
        let run = try data.openRun("feedback")
        let held = (tape: try FactTape(run.timeline), run: try RecordedRun(run.log))
        let lying = (
            tape: try FactTape(run.timeline, mostBytes: 1_000),
            run: try RecordedRun(run.log, mostBytes: 1_000)
        )
        #expect(held.tape.count == lying.tape.count && held.tape.tickers == lying.tape.tickers)
        for position in 1...held.tape.count {
            #expect(try held.tape.message(position) == lying.tape.message(position))
            #expect(held.tape.knownAt(position) == lying.tape.knownAt(position))
        }
        #expect(held.run.count == lying.run.count && held.run.count > 100)
        for position in 1...held.run.count {
            let message = try held.run.message(position)
            #expect(try lying.run.message(position) == message)
            #expect(try lying.run.equals(Array(message).span.bytes, at: position))
        }
        let message = Array(try held.run.message(1))
        #expect(try !lying.run.equals(message.span.bytes, at: 2))
        #expect(try !lying.run.equals(message.span.bytes, at: held.run.count + 1))
        #expect(try !lying.run.equals(message.span.bytes, at: 0))
        #expect(try lying.run == RecordedRun(run.log, mostBytes: 1_000))
    }
}
