import Events
import Testing

@testable import Audit

@Suite("The filing date in a source row")
struct SourceRowTests {
    private func day(_ row: String, _ format: SourceFormat = .columns) -> Day? {
        SourceRowReader.filedOn(Array(row.utf8), format: format)
    }

    @Test(
        "a row read by its columns says where its date stands and how it is written",
        arguments: [
            ("2019-03-04", "iso"), ("03/04/2019", "month-first"), ("04/03/2019", "day-first"),
            ("4.3.2019", "iso"), ("4 Mar 2019", "month-first"), ("Mar 4 2019", "month-first"),
            ("4-Mar-2019", "iso"), ("20190304", "iso"), ("2019/03/04", "iso"),
            ("2019-03-04T00:00:00.000Z", "iso"), ("2019-03-05T03:00:00Z", "iso"),
            ("2019-03-04 16:30:00-05:00", "iso"), ("2019-03-04 23:30", "iso"),
            ("03/04/2019 4:00 PM", "month-first"), ("1551675600000", "iso"),
        ])
    func written(text: String, order: String) {
        let prefix = "#filed=Filed;dates=\(order)\n"
        let expected = Day("2019-03-04")
        #expect(day(prefix + "A,Filed\nx,\(text)") == expected)
        #expect(day(prefix + "Filed;A\n\(text);x,y") == expected)
        #expect(day(prefix + "A\tFiled\r\nx\t\"\(text)\"") == expected)
        #expect(day(prefix + "{\"A\":1,\"Filed\":\"\(text)\"}") == expected)
    }

    @Test("a name with what parts it is found; a row without its column has no date")
    func names() {
        #expect(
            day("#filed=a;dates=b;dates=day-first\n\"x\";\"a;dates=b\"\n1;04/03/2019")
                == Day("2019-03-04"))
        #expect(day("#filed=Filed;dates=iso\nA,B\n1,2") == nil)
        #expect(day("Filed\n2019-03-04") == nil)
        #expect(day("#filed=Filed;dates=iso\n{\"Filed\":[]}") == nil)
        for noise in ["", "#filed=", "#filed=;dates=", "#filed=a;dates=iso\n", "\n", "{"] {
            #expect(day(noise) == nil)
        }
    }

    @Test("rows of the named layouts are read as before, with a time too")
    func layouts() {
        #expect(
            day("a,disclosure_date\n1,03/04/2019", .congressCSV) == Day("2019-03-04"))
        #expect(
            day("a,disclosure_date\n1,2019-03-04T17:30:00", .congressCSV) == Day("2019-03-04"))
        #expect(day("{\"date_recieved\": \"03/04/2019\"}", .senateJSON) == Day("2019-03-04"))
    }
}
