import EventLog
import Events
import Foundation
import Pipeline
import TestKit
import TestWorlds
import Testing

/// `recount why` and `recount effects` as a person runs them.
@Suite("recount why and effects", .timeLimit(.minutes(10)))
struct WhyCommandTests {
    private let folder = TemporaryFolder()
    private let data: String

    init() throws {
        data = "\(folder.path)/data"
        _ = try SmallWorld.data(SmallWorld(seed: 5, sessions: 160).facts, at: data)
    }

    private func recount(_ arguments: [String]) throws -> (output: String, status: Int32) {
        try Peer(arguments + ["--data", data, "--run", "feedback"], program: "recount").finish()
    }

    /// The first own event of a type.
    private func first(_ template: UInt16) throws -> String {
        var found: Reference?
        try DataFolder(data).openRun("feedback").merged.readOwn { reference, message in
            guard try MessageHeader(message).templateID == template else { return .proceed }
            found = reference
            return .stop
        }
        return "\(try #require(found))"
    }

    @Test("an order's causes as text, JSON, a graph, OpenLineage and a page")
    func formats() throws {
        let order = try first(OrderSubmitted.templateID)
        let text = try recount(["why", "order", order])
        #expect(text.status == 0)
        #expect(text.output.contains("Order to buy") && text.output.contains("as filed"))
        let json = try recount(["why", "order", order, "--json"]).output
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(object["event"] as? String == order)
        #expect((object["causes"] as? [Any])?.isEmpty == false)
        let dot = try recount(["why", "order", order, "--dot"]).output
        #expect(dot.hasPrefix("digraph why {"))
        for line in try recount(["why", "order", order, "--openlineage"]).output.split(
            separator: "\n")
        {
            let event = try #require(
                JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(event["eventType"] as? String == "COMPLETE")
        }
        let page = "\(folder.path)/why.html"
        #expect(try recount(["why", "order", order, "--html", page]).status == 0)
        #expect(try String(contentsOfFile: page, encoding: .utf8).contains("<svg"))
    }

    @Test("what an order's signal led to, in numbers and money")
    func effects() throws {
        let order = try first(OrderSubmitted.templateID)
        let json = try recount(["effects", "order", order, "--json"]).output
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(object["event"] as? String == order)
        let text = try recount(["effects", "setting"])
        #expect(text.status == 0 && text.output.contains("closed trades: "))
    }

    @Test("wrong questions are 64, what is not there is 66, and no page lies in the data folder")
    func refused() throws {
        for (arguments, status) in [
            (["why", "nothing", "AAPL"], 64), (["why", "order"], 64),
            (["why", "holding", "NOBODY"], 66), (["why", "order", "r999999999"], 66),
            (["why", "order", "r1"], 66), (["why", "weight", "--as-of", "soon"], 64),
            (["why", "setting", "--json", "--dot"], 64),
            (["why", "setting", "--html", "\(data)/why.html"], 64),
            (["effects", "nothing"], 64),
        ] as [([String], Int32)] {
            #expect(try recount(arguments).status == status, "\(arguments)")
        }
    }
}
