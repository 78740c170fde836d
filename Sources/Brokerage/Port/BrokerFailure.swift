public import Events

/// Why a broker did not do what it was asked, or may not have.
public enum BrokerFailure: Error, Hashable, Sendable {
    /// It was refused, and nothing was done.
    case refused(Refusal)
    /// Nobody knows whether it was done.
    case unknown(Uncertainty)
    /// Nothing was done; it may be asked again from an instant on.
    case rateLimited(until: Instant)
    /// The credentials are not accepted; nothing was done.
    case unauthorised(message: String)

    /// Why it is not known whether a request was done.
    public enum Uncertainty: Hashable, Sendable {
        /// No answer in time.
        case timeOut
        /// The connection ended before the answer.
        case dropped
        /// A status of 500 and above, or a refusal in no words of the broker's.
        case status(Int)
        /// An answer that cannot be read.
        case unreadable(String)
    }
}

extension BrokerFailure: CustomStringConvertible {
    /// What happened, in words.
    public var description: String {
        switch self {
        case .refused(let refusal):
            "refused with status \(refusal.status), code \(refusal.code): \(refusal.message)"
        case .unknown(.timeOut): "no answer in time"
        case .unknown(.dropped): "no connection, or it ended before the answer"
        case .unknown(.status(let status)): "status \(status)"
        case .unknown(.unreadable(let what)): "an answer that cannot be read: \(what)"
        case .rateLimited(let until): "too many requests; the next may be sent at \(until)"
        case .unauthorised(let message): "the keys are not accepted: \(message)"
        }
    }
}

/// A broker's refusal, as it puts it.
public struct Refusal: Error, Hashable, Sendable {
    /// The status of HTTP, 400 to 499.
    public let status: Int
    /// The broker's code; 0 where it gives none.
    public let code: Int
    /// The broker's words.
    public let message: String

    /// A refusal.
    public init(status: Int, code: Int, message: String) {
        (self.status, self.code, self.message) = (status, code, message)
    }

    /// What a refusal asks for. Codes alone do not tell: 40310000 stands for half a dozen of them,
    /// and what is 403 today was 422 before, so the words decide where they are known.
    public var kind: Kind {
        let words = message.lowercased()
        func has(_ text: String) -> Bool { words.contains(text) }
        if has("client_order_id must be unique") { return .notUnique }
        if has("wash trade") { return .washTrade }
        if has("buying power") || has("insufficient cash") { return .buyingPower }
        if has("day trad") || has("same day") || has("same-day") { return .sameDaySale }
        if has("insufficient qty") || has("held_for_orders") { return .heldForOrders }
        if has("stop price must be") || has("stop_price must be") { return .throughPrice }
        if has("not tradable") || has("is not active") || has("halted") { return .untradable }
        if has("cannot replace") || has("not replaceable") || has("cannot be replaced")
            || has("cannot be modified")
        {
            return .state
        }
        if has("not cancelable") || has("cannot be cancel") || has("already in") { return .state }
        if has("opg") || has("market on open") { return .outsideWindow }
        return .other
    }

    /// What a refusal is about.
    public enum Kind: Hashable, Sendable, CaseIterable {
        /// The id was used before: the order may be there.
        case notUnique
        /// An open order of the other side stands against it: wait until that is done.
        case washTrade
        /// Not enough cash.
        case buyingPower
        /// Bought today, and not to be sold today.
        case sameDaySale
        /// The shares are set aside for other orders.
        case heldForOrders
        /// The market is through the level of a stop.
        case throughPrice
        /// The asset cannot be traded now.
        case untradable
        /// The order's state does not allow it now.
        case state
        /// An order for the auction out of its hours.
        case outsideWindow
        /// Anything else.
        case other
    }
}
