import Events
import Testing

@Suite("Rows that are ended without a filing's id")
struct RowMatchTests {
    private func text(_ filer: String) -> String {
        RowMatch.text(Ticker("ACME")!, Day("2020-01-02")!, filer: filer)
    }

    @Test("spellings of one name are one text, other names are others")
    func names() {
        let one = [
            "Ann A. Roe", "ANN ROE", "Ann Roe, Jr.", "ann roe III", "Ann Alice Roe MD, Facs",
            "Ann R'oe",
        ]
        for name in one { #expect(text(name) == text("Ann Roe"), "\(name)") }
        for name in ["Bob Roe", "Ann Row", "Ann", "Roe", ""] {
            #expect(text(name) != text("Ann Roe"), "\(name)")
        }
        #expect(
            RowMatch.text(Ticker("ACME")!, Day("2020-01-03")!, filer: "Ann Roe") != text("Ann Roe"))
        #expect(
            RowMatch.text(Ticker("B")!, Day("2020-01-02")!, filer: "Ann Roe") != text("Ann Roe"))
    }

    private func detail(
        _ owner: Owner, _ isBuy: Bool, filed day: Int32, isAmendment: Bool = false
    ) -> RowMatch.Detail {
        RowMatch.Detail(
            owner: owner, isBuy: isBuy, filedOn: Day(rawValue: day), isAmendment: isAmendment)
    }

    @Test("the closest of several end: account and side, account, side, all; never a later row")
    func ended() {
        let rows = [
            detail(.filer, true, filed: 10), detail(.spouse, true, filed: 10),
            detail(.filer, false, filed: 10), detail(.filer, true, filed: 20),
            detail(.filer, true, filed: 12, isAmendment: true),
        ]
        func ended(_ owner: Owner, _ isBuy: Bool, _ day: Int32) -> [Int] {
            RowMatch.ended(rows, by: detail(owner, isBuy, filed: day, isAmendment: true))
        }
        #expect(ended(.filer, true, 11) == [0])
        #expect(ended(.filer, true, 12) == [0], "an amendment of the same day is its own")
        #expect(ended(.filer, true, 13) == [0, 4])
        #expect(ended(.spouse, false, 11) == [1])
        #expect(ended(.child, false, 11) == [2])
        #expect(ended(.filer, true, 10) == [0], "an original of the same day is not")
        #expect(ended(.filer, true, 9) == [])
        let spouse = [rows[1]]
        #expect(RowMatch.ended(spouse, by: detail(.joint, false, filed: 11)) == [0])
    }
}
