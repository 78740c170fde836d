import Testing

@testable import Events

@Suite("Seats of filers")
struct SeatTests {
    @Test(
        "an office is read as another",
        arguments: [
            ("MI03", "house MI 3"), ("MI-3", "house MI 3"), ("MI00", "house MI "),
            ("ORS2", "senate OR -"), ("WA", "- WA -"), ("Senator", "- - -"), ("", "- - -"),
            ("XX01", "- - -"), ("MI123", "- - -"), ("Michigan", "- - -"), ("mi03", "- - -"),
        ])
    func read(_ office: String, _ expected: String) {
        let seat = Seat(chamber: nil, office: office)
        let parts = [seat.chamber.map { "\($0)" }, seat.state, seat.district]
        #expect(parts.map { $0 ?? "-" }.joined(separator: " ") == expected)
    }
}
