import Events

/// What should come and did not. Each is told once, and once more when it is over.
enum Heartbeat: CaseIterable {
    /// The bars of a session.
    case bars
    /// Filings.
    case filings
    /// The running of an instant that is due.
    case instant
    /// Any sign of the loop.
    case loop

    /// How the text of its alert begins: by this a start knows what it was told before.
    var began: String {
        switch self {
        case .bars: "no bars: "
        case .filings: "no filings: "
        case .instant: "no instant is run: "
        case .loop: "the loop stands still: "
        }
    }

    /// How the text of its end begins.
    var ended: String {
        switch self {
        case .bars: "bars have come: "
        case .filings: "filings have come: "
        case .instant: "instants are run again: "
        case .loop: "the loop goes on: "
        }
    }

    /// Those that stand by the alerts that a run's service told so far.
    static func standing(_ raised: [Alert]) -> [Heartbeat] {
        allCases.filter { heartbeat in
            let last = raised.last { alert in
                alert.kind == .heartbeat
                    && (alert.text.hasPrefix(heartbeat.began)
                        || alert.text.hasPrefix(heartbeat.ended))
            }
            return last?.text.hasPrefix(heartbeat.began) ?? false
        }
    }
}
