/// Why a broker of the world is not traded with: what and what to do.
public struct BrokerRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// All of it.
    public let description: String

    /// Of a text.
    public init(description: String) { self.description = description }
}

/// Why a service does not run.
public enum ServiceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The data folder has no facts.
    case noData(String)
    /// There is no live run, and nobody said under which strategy to make one.
    case noRun(String)
    /// Another process runs it.
    case running(String, String)
    /// No process runs it.
    case notRunning(String)
    /// Nothing here sends its orders.
    case noBroker(String, String)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .noData(let path):
            "\(path) has no data log; recount ingest prices, index and disclosures make one"
        case .noRun(let run):
            "there is no live run \(run) yet; say --strategy NAME to make it"
        case .running(let run, let holder):
            "live run \(run) is run by process \(holder.isEmpty ? "?" : holder) already; recountd "
                + "status tells how it does, recountd stop ends it"
        case .notRunning(let run): "no process runs live run \(run)"
        case .noBroker(let run, let broker):
            "live run \(run) trades with \(broker), and nothing here sends its orders"
        }
    }
}
