import EventLog
import Events
import Logging
import Pipeline
import TestWorlds
import Testing

@testable import Service

@Suite("A service whose settings ask for a second person")
struct DaemonApprovalTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test("its start records that two are needed, once, and takes nothing back")
    func settings() throws {
        let world = try FileWorld(seed: 14, sessions: 66, history: 60)
        let strategy = try SmallWorld.strategy()
        func start(_ approvals: Int) throws -> OperatorLedger {
            let start = try EventLog.open(at: world.data.log).head().recordedAt
            let clock = ScriptedClock(start) { $0.adding(seconds: 60) }
            var configuration = Daemon.Configuration(folder: world.data, strategy: .loop(strategy))
            configuration.settings.approvals = approvals
            var turns = 0
            try Daemon(configuration, clock: clock, logger: logger, trainer: nil, prefix: { 7 })
                .run {
                    turns += 1
                    return turns < 5
                }
            var ledger = OperatorLedger()
            try ledger.read(try EventLog.open(at: world.data.log))
            return ledger
        }
        func required() throws -> [ApprovalsRequired] {
            var found: [ApprovalsRequired] = []
            try EventLog.open(at: world.data.log).read { record in
                if try MessageHeader(record.message).templateID == ApprovalsRequired.templateID {
                    found.append(try ApprovalsRequired(message: record.message))
                }
                return .proceed
            }
            return found
        }
        #expect(try start(0).approvals.people == 1 && required().isEmpty)
        #expect(try start(2).approvals.people == 2)
        #expect(try start(2).approvals.people == 2 && start(1).approvals.people == 2)
        let events = try required()
        #expect(events.map(\.people) == [2] && events[0].who == "recountd")
        #expect(
            String(decoding: events[0].text, as: UTF8.self)
                == "approvals: 2 in the service's settings")
    }

    @Test("the setting takes 0, 1 and 2, and names itself where it takes none of them")
    func values() throws {
        var settings = ServiceSettings()
        for (text, value) in [("2", 2), ("1", 1), ("0", 0)] {
            try settings.set("approvals", text, place: "service.yaml:1")
            #expect(settings.approvals == value)
        }
        for text in ["3", "-1", "two"] {
            let error = #expect(throws: ServiceSettingsError.self) {
                try settings.set("approvals", text, place: "service.yaml:1")
            }
            #expect(error?.description.hasPrefix("service.yaml:1: approvals: ") == true)
        }
    }
}
