import EventLog
import Foundation
import Pipeline
import TestKit
import Testing

@testable import Service

@Suite("The service's settings")
struct ServiceSettingsTests {
    private let folder = TemporaryFolder()

    private func load(
        _ yaml: String? = nil, _ environment: [String: String] = [:], _ flags: [String] = []
    ) throws -> ServiceSettings {
        if let yaml { _ = try folder.write(ServiceSettings.fileName, yaml) }
        return try ServiceSettings.load(
            DataFolder(folder.path), environment: environment, flags: flags)
    }

    @Test("flags stand before the environment, that before the file, that before the defaults")
    func order() throws {
        #expect(try load() == ServiceSettings())
        let yaml = "bars_ready_by: \"03:15\"\ninbox_settle: 1\nbars_enough_percent: 70\n"
        let settings = try load(
            yaml, ["RECOUNTD_INBOX_SETTLE": "2", "RECOUNTD_BARS_ENOUGH_PERCENT": "71"],
            ["bars_enough_percent=72"])
        #expect(settings.rules.barsReadyBy == 195 && settings.inboxSettle == 2)
        #expect(settings.rules.enoughPercent == 72 && settings.rules.barsReadyText == "03:15")
    }

    @Test(
        "what is no setting, or no value of one, is refused with its place and what it can be",
        arguments: [
            ("inbox_setle: 3", "service.yaml:1", "did you mean inbox_settle?"),
            ("bars_ready_by: 05:30", "service.yaml:1", "before 05:30"),
            ("\ninbox_settle: -1", "service.yaml:2", "0 to 86400"),
            ("- 1", "service.yaml:1", "no mapping"),
            ("inbox_settle: [1]", "service.yaml:1", "no KEY: VALUE line"),
        ])
    func refused(yaml: String, place: String, text: String) {
        do {
            _ = try load(yaml)
            Issue.record("taken")
        } catch {
            #expect("\(error)".contains(place) && "\(error)".contains(text), "\(error)")
        }
    }

    @Test("flags and variables name themselves where they are refused")
    func named() {
        #expect(throws: ServiceSettingsError.self) { try load(nil, [:], ["inbox_settle"]) }
        do {
            _ = try load(nil, ["RECOUNTD_INBOX_LARGEST": "none"])
            Issue.record("taken")
        } catch {
            #expect("\(error)".hasPrefix("RECOUNTD_INBOX_LARGEST: "))
        }
    }

    @Test("a variable that is no setting is refused with the nearest one; the secret is one")
    func variables() throws {
        _ = try load(nil, ["RECOUNTD_ALERT_SECRET": "0123456789abcdef", "RECOUNT_FOLDER": "x"])
        _ = try load(
            nil, ["RECOUNTD_PORT": "tcp://10.0.0.1:80", "RECOUNTD_SERVICE_HOST": "10.0.0.1"])
        do {
            _ = try load(nil, ["RECOUNTD_INBOX_SETLE": "3"])
            Issue.record("taken")
        } catch {
            #expect("\(error)".hasPrefix("RECOUNTD_INBOX_SETLE: "))
            #expect("\(error)".contains("did you mean RECOUNTD_INBOX_SETTLE?"), "\(error)")
        }
    }
}
