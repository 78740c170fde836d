import Foundation
import TestKit
import Testing

/// One person in several spellings, from files to signals.
@Suite("Filers through the command", .timeLimit(.minutes(10)))
struct FilerCommandTests {
    private let folder = TemporaryFolder()
    private static let header =
        "transaction_date,disclosure_date,asset,ticker,type,amount_range,name,chamber,office\n"

    private func recount(_ arguments: String...) throws -> (output: String, status: Int32) {
        try Peer(arguments, program: "recount", folder: folder.path).finish()
    }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/\(name)"))
    }

    /// Bars of weekdays from 2019-01-01 on, a little higher each day.
    private func bars() -> String {
        var text = "ticker,date,open,high,low,close,volume\n"
        for number in 0..<90 where ![5, 6].contains((number + 1) % 7) {
            let (month, day) = (number / 28 + 1, number % 28 + 1)
            let close = 50 + Double(number) / 10
            text += String(
                format: "ACME,2019-%02d-%02d,%.2f,%.2f,%.2f,%.2f,1000000\n", month, day, close,
                close + 1, close - 1, close)
        }
        return text
    }

    /// Three purchases filed on three days under three names, and the signals that follow.
    private func signals(_ names: [String], in data: String) throws -> [String] {
        var rows = Self.header
        for (number, name) in names.enumerated() {
            rows += "2019-02-\(11 + number),2019-02-\(18 + number),Acme,ACME,P,"
            rows += "\"$1,001 - $15,000\",\"\(name)\",H,MI01\n"
        }
        try write(rows, to: "\(data).csv")
        try write(bars(), to: "bars.csv")
        for (kind, file) in [("prices", "bars.csv"), ("disclosures", "\(data).csv")] {
            let answer = try recount("ingest", kind, file, "--data", data)
            #expect(answer.status == 0, "\(answer.output)")
        }
        let run = try recount("backtest", "--data", data, "--strategy", "baseline", "--run", "r")
        #expect(run.status == 0, "\(run.output)")
        let events = try recount(
            "events", "--data", data, "--run", "r", "--json", "--type", "SignalGenerated")
        return events.output.split(separator: "\n").compactMap { line in
            guard
                let object = try? JSONSerialization.jsonObject(with: Data(line.utf8))
                    as? [String: Any]
            else { return nil }
            return ["politicians", "transactions", "confidence"].map {
                "\($0) \(object[$0] ?? "-")"
            }.joined(separator: ", ")
        }
    }

    @Test("a name composed, decomposed, in capitals or surname first counts as another person")
    func spellings() throws {
        let one = try signals(["Ben Ray Núñez", "Ben Ray Núñez", "Ben Ray Núñez"], in: "one")
        #expect(one.contains { $0.hasPrefix("politicians 1, transactions 3") }, "\(one)")
        #expect(!one.contains { $0.hasPrefix("politicians 2") }, "\(one)")
        let spelled = [
            "Ben Ray N\u{FA}\u{F1}ez", "Ben Ray Nu\u{301}n\u{303}ez", "BEN RAY N\u{DA}\u{D1}EZ",
        ]
        #expect(try signals(spelled, in: "spelled") == one)
        #expect(
            try signals(["Ben Núñez", "Núñez, Ben R.", "Hon. Ben Ray Nunez"], in: "cut") == one)
        let two = try signals(["Ben Ray Núñez", "Ben Ray Núñez", "Ben Kay Núñez"], in: "two")
        #expect(two.contains { $0.hasPrefix("politicians 2, transactions 3") }, "\(two)")
    }

    @Test("filers are listed by person, suspects with the reason, and a reference file joins them")
    func listed() throws {
        var rows = Self.header
        for (number, name) in ["Bo Marsh", "Robert Marsh", "MARSH, BO", "Ivy Stone"].enumerated() {
            rows += "2019-02-\(11 + number),2019-02-18,Acme,ACME,P,\"$1,001 - $15,000\","
            rows += "\"\(name)\",H,VA03\n"
        }
        try write(rows, to: "f.csv")
        #expect(try recount("ingest", "disclosures", "f.csv", "--data", "d").status == 0)
        let all = try recount("filers", "--data", "d").output
        #expect(all.contains("Bo Marsh, house VA03, 2 rows\n"), "\(all)")
        #expect(
            all.hasSuffix(
                "3 filers in 3 spellings of name, id, chamber and office; "
                    + "1 pair may be one person: see --suspects\n"))
        let suspects = try recount("filers", "--data", "d", "--suspects").output
        #expect(suspects.hasPrefix("other first name: "), "\(suspects)")
        for side in ["Bo Marsh, house VA03, 2 rows", "Robert Marsh, house VA03, 1 row"] {
            #expect(suspects.contains(side), "\(suspects)")
        }
        let reference =
            "name,chamber,office,bioguide_id,party\nBo Marsh,H,VA03,X000001,Democrat\n"
            + "Robert Marsh,H,VA03,X000001,Democrat\n"
        try write(reference, to: "r.csv")
        #expect(try recount("ingest", "reference", "r.csv", "--data", "d").status == 0)
        let joined = try recount("filers", "--data", "d", "--json").output
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(joined.utf8)) as? [String: Any])
        let filers = try #require(object["filers"] as? [[String: Any]])
        #expect(filers.map { $0["rows"] as? Int } == [3, 1], "\(joined)")
        #expect(filers[0]["bioguide_id"] as? String == "X000001")
        #expect((object["suspects"] as? [Any])?.isEmpty == true)
    }

    @Test("committees are read in another order to another run, or their feature is not stored")
    func committees() throws {
        var rows = Self.header
        for (number, name) in ["Ben Ray Núñez", "Ivy Stone"].enumerated() {
            rows += "2019-02-\(11 + number),2019-02-18,Acme,ACME,P,\"$1,001 - $15,000\","
            rows += "\(name),H,MI0\(number + 1)\n"
        }
        try write(rows, to: "f.csv")
        try write(bars(), to: "p.csv")
        try write("symbol,sector\nACME,Energy\n", to: "sectors.csv")
        try write(
            "{\"HSIF\": [{\"name\": \"Ben R. Nunez\", \"rank\": 1, \"bioguide\": \"X000001\"}]}",
            to: "members.json")
        let steps = [
            ["prices", "p.csv"], ["disclosures", "f.csv"], ["reference", "sectors.csv"],
            ["reference", "members.json"],
        ]
        var seals: [Substring] = []
        for (data, order) in [
            ("a", steps), ("b", steps.reversed()), ("c", Array(steps.dropLast())),
        ] {
            for step in order {
                let answer = try Peer(
                    ["ingest"] + step + ["--data", data, "--calendar", "none"], program: "recount",
                    folder: folder.path
                ).finish()
                #expect(answer.status == 0, "\(answer.output)")
            }
            let run = try recount(
                "backtest", "--data", data, "--strategy", "baseline", "--run", "r", "--set",
                "feature_history_sessions=1")
            seals += run.output.split(separator: "\n").filter { $0.hasPrefix("Seal ") }
            let event = try recount(
                "events", "--data", data, "--run", "r", "--json", "--type", "SignalGenerated",
                "--limit", "1")
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(event.output.utf8)) as? [String: Any])
            let features = try #require(object["features"] as? [[String: Any]])
            #expect(features[8]["value"] as? Double == (data == "c" ? nil : 0.5), "\(data)")
            #expect(run.output.contains("1 seats on committees") == (data != "c"))
        }
        #expect(seals.count == 3 && seals[0] == seals[1] && seals[1] != seals[2])
    }
}
