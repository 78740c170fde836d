import Events
import Testing

@testable import Ingest

/// Who sits on which committee, from tables and from the members of committees in JSON.
@Suite("Files of committees")
struct CommitteeTests {
    private func read(_ bench: Bench, _ text: String) throws -> FileReport {
        try ReferenceImporter(bench.writer(), onReject: { bench.rejects.append($0) }).run(
            try bench.file(text))
    }

    @Test("a dated seat is known the morning after its first day, an undated one is hindsight")
    func table() throws {
        let bench = try Bench()
        let text =
            "bioguide_id,committee,from,to,name,title\n"
            + "X000001,HSAG,2019-01-15,2021-01-03,\"Ruiz, Ana\",Chair\n"
            + "X000001,HSAG03,2019-01-15,2021-01-03,\"Ruiz, Ana\",\n"
            + "X000002,Senate Committee on Finance,,,,\n"
        let report = try read(bench, text)
        #expect(report.format == "committees" && report.rows == 3)
        #expect(report.added == 2 && report.duplicates == 1, "a subcommittee is its committee")
        let events = try bench.events(CommitteeAssigned.self)
        #expect(events.map(\.committee) == ["HSAG", "SSFI"])
        #expect(events.map(\.chamber) == [.house, .senate])
        #expect(events.map(\.bioguide) == ["X000001", "X000002"])
        #expect(events.map(\.name) == ["Ana Ruiz", nil])
        #expect(events.map(\.validFrom) == [Day("2019-01-15"), nil])
        #expect(events.map(\.validThrough) == [Day("2021-01-03"), nil])
        #expect(events.map(\.sectors) == [nil, nil])
        #expect(events.map(\.envelope.flags) == [[], .hindsight])
        #expect(
            events.map(\.envelope.knownAt) == [Instant(Day("2019-01-16")!, hour: 5), .epoch])
        #expect(try read(bench, text).duplicates == 3)
    }

    @Test("columns have other names, and sectors of a row take the place of the jurisdiction's")
    func columns() throws {
        let bench = try Bench()
        let text =
            "full_name;Committee;valid_from;valid_to;Sectors\n"
            + "Ana Ruiz;Ways and Means;2019-01-15;;Energy; Utilities\n"
        #expect(try read(bench, text).rejected == 1, "a semicolon too many")
        let quoted = text.replacing("Energy; Utilities", with: "\"Energy; Utilities\"")
        #expect(try read(bench, quoted).added == 1)
        let event = try #require(try bench.events(CommitteeAssigned.self).first)
        #expect(event.sectors == SectorSet([.energy, .utilities]).rawValue)
        #expect(event.committee == "HSWM" && event.bioguide == nil && event.validThrough == nil)
    }

    @Test("the members of committees are not read out of an object that has them by id")
    func members() throws {
        let bench = try Bench()
        let text = """
            {"HSAG": [
              {"name": "Ana Ruiz", "party": "majority", "rank": 1, "title": "Chair",
               "bioguide": "X000001"},
              {"name": "Bo Marsh", "party": "minority", "rank": 1, "bioguide": "X000002"}],
             "HSAG03": [
              {"name": "Ana Ruiz", "party": "majority", "rank": 4, "bioguide": "X000001"}],
             "JSEC": [{"name": "Ivy Stone", "party": "majority", "rank": 2, "bioguide": "X000003",
               "chamber": "senate", "start_date": "2025-01-03"}],
             "HSXX": [{"name": "Bo Marsh", "party": "minority", "rank": 1, "bioguide": "X000002"}]}
            """
        let report = try read(bench, text)
        #expect(report.rows == 5 && report.added == 3 && report.duplicates == 1)
        #expect(
            report.count(.badCommittee) == 1
                && report.reasons.first?.value.hasPrefix("HSXX") == true)
        let events = try bench.events(CommitteeAssigned.self)
        #expect(
            events.map { "\($0.committee) \($0.bioguide ?? "")" }
                == ["HSAG X000001", "HSAG X000002", "JSEC X000003"])
        #expect(events.map(\.envelope.flags) == [.hindsight, .hindsight, []])
    }

    @Test(
        "a row that says nothing of use is taken, or its field is not named",
        arguments: [
            ("X1,,,", RejectionReason.missingField, "committee", ""),
            (",HSAG,,", .missingField, "bioguide_id", ""),
            ("X1,House Cats,,", .badCommittee, "committee", "House Cats"),
            ("X1,HSAG,2019-13-01,", .badDate, "from", "2019-13-01"),
            ("X1,HSAG,,soon", .badDate, "to", "soon"),
            ("X1,HSAG,2020-01-02,2020-01-01", .badDate, "to", "2020-01-01 (before"),
            ("X1,HSAG", .malformedRow, "", ""),
        ] as [(String, RejectionReason, String, String)])
    func bad(_ row: String, _ reason: RejectionReason, _ field: String, _ value: String) throws {
        let bench = try Bench()
        let report = try read(bench, "bioguide_id,committee,from,to\n\(row)\n")
        #expect(report.added == 0 && report.count(reason) == 1)
        #expect(bench.rejects.first?.field == field)
        #expect(bench.rejects.first?.value.hasPrefix(value) == true)
    }

    @Test("a sector that is none is taken, or a file that says no member is no file of committees")
    func badSector() throws {
        let bench = try Bench()
        let report = try read(bench, "name,committee,sectors\nAna,HSAG,Energy;Widgets\n")
        #expect(
            report.count(.badSector) == 1 && report.reasons[0].value.hasPrefix("Energy;Widgets"))
        #expect(throws: IngestError.self) { try read(bench, "committee,from\nHSAG,2019-01-01\n") }
        #expect(try read(bench, "{\"HSAG\": [{\"name\": \"Ana\"}, {]}").added == 1)
    }
}
