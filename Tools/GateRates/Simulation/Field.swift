/// A standard normal value for each row, correlated as labels are: rows of a session have a part in
/// common, and both parts are sums of daily shocks over the sessions that a label looks ahead, so
/// that windows which overlap share shocks.
struct Field {
    /// The value of each row.
    let values: [Double]

    init(_ design: Design, _ normal: inout Normal) {
        guard design.overlaps else {
            values = (0..<design.rows).map { _ in normal.next() }
            return
        }
        let common = Field.sums(design, &normal)
        let own = (0..<design.tickers).map { _ in Field.sums(design, &normal) }
        let (shared, rest) = (Design.dateShare.squareRoot(), (1 - Design.dateShare).squareRoot())
        values = (0..<design.rows).map { row in
            let place = design.place(row)
            return shared * common[place.session] + rest * own[place.ticker][place.session]
        }
    }

    /// For each session, the sum of the shocks over its label window, of variance 1.
    private static func sums(_ design: Design, _ normal: inout Normal) -> [Double] {
        let shocks = (0..<design.sessions + design.labelSessions).map { _ in normal.next() }
        let scale = 1 / Double(design.labelSessions).squareRoot()
        var sum = shocks[..<design.labelSessions].reduce(0, +)
        return (0..<design.sessions).map { session in
            let value = sum * scale
            sum += shocks[session + design.labelSessions] - shocks[session]
            return value
        }
    }
}
