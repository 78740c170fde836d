/// What every simulated file carries in its own content, so that a copy of it is known too.
public enum SimulationMark {
    /// Stands in every file that has room for text.
    public static let text = "recount-simulated"
    /// Begins every simulated ticker; four digits follow.
    public static let tickerPrefix = "SIM"
}
