/// The numbers that the outside may tell, as `Documentation/exit-status.md` states them.
///
/// An importer refuses what lies outside, with file, line and field. A log may hold it all the
/// same, written before there were ranges: then it is left out where it would be read.
public enum InputRange {
    /// A price, dollars a share.
    public static let price = 1e-6...1e8
    /// Shares traded in a session.
    public static let volume = 0...1e15
    /// The level of an index.
    public static let indexLevel = 1e-6...1e9
    /// Shares of a trade that a person records.
    public static let shares = 1e-8...1e10
    /// Price times shares of a trade, dollars.
    public static let notional = 1e-8...9e10
    /// Exit over entry price of a trade, less 1; of the direction of the trade.
    public static let tradeReturn = -1e6...1e6

    /// Whether prices and volume of a bar lie in their ranges. What is no number does not.
    public static func holds(_ bar: SessionClosed.Bar) -> Bool {
        price.contains(bar.low) && price.contains(bar.high) && price.contains(bar.open)
            && price.contains(bar.close) && volume.contains(bar.volume)
    }
}
