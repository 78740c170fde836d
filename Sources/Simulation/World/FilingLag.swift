/// Days from a trade to its filing, as measured in real filings of both chambers: median 29 days,
/// 95 % within 180, and 16 % later than the 45 days of the law.
enum FilingLag {
    private static let quantiles: [(share: Double, days: Double)] = [
        (0, 2), (0.10, 9), (0.25, 17), (0.50, 29), (0.75, 40), (0.84, 45), (0.90, 95), (0.95, 180),
        (0.99, 569), (1, 800),
    ]

    static func draw(_ chance: inout ChanceStream) -> Int {
        let share = chance.uniform()
        var index = 1
        while quantiles[index].share < share { index += 1 }
        let (low, high) = (quantiles[index - 1], quantiles[index])
        let part = (share - low.share) / (high.share - low.share)
        return Int(low.days + part * (high.days - low.days) + 0.5)
    }
}
