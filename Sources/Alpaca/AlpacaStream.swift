public import Brokerage
import Events
import Foundation

/// The stream of updates without I/O: what to send when, and what came. Frames are text or binary,
/// both JSON.
public struct AlpacaStream: Sendable {
    /// Where a connection stands.
    public enum State: Hashable, Sendable {
        /// None.
        case closed
        /// Made; the keys were sent.
        case authenticating
        /// The keys were taken; updates were asked for.
        case subscribing
        /// Updates come.
        case listening
        /// The keys were refused.
        case refused
    }

    /// What a frame led to.
    public enum Outcome: Hashable, Sendable {
        /// Nothing that concerns an order.
        case none
        /// A frame is to be sent.
        case send(String)
        /// Updates come from now on: what came before may be missing.
        case listening
        /// An order changed.
        case update(BrokerOrder)
        /// The keys were refused: the connection is to be closed.
        case refused
        /// A frame that cannot be read; polling finds what it had.
        case unreadable(String)
    }

    /// Where the connection stands.
    public private(set) var state = State.closed

    /// No connection.
    public init() {}

    /// A connection was made: the frame to send first.
    public mutating func connect(_ credentials: AlpacaCredentials) -> String {
        state = .authenticating
        var keys = JSONObject()
        keys.text("key_id", credentials.keyID)
        keys.text("secret_key", credentials.secretKey)
        var frame = JSONObject()
        frame.text("action", "authenticate")
        frame.json("data", keys.text)
        return frame.text
    }

    /// The connection ended.
    public mutating func disconnect() {
        state = .closed
    }

    /// Takes a frame.
    public mutating func take(_ bytes: [UInt8]) -> Outcome {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let frame: AlpacaAnswer.Stream
        do {
            frame = try decoder.decode(AlpacaAnswer.Stream.self, from: Data(bytes))
        } catch {
            return .unreadable("\(error)")
        }
        switch frame.stream {
        case "authorization":
            guard frame.data.status == "authorized" else {
                state = .refused
                return .refused
            }
            state = .subscribing
            return .send(#"{"action":"listen","data":{"streams":["trade_updates"]}}"#)
        case "listening":
            guard frame.data.streams?.contains("trade_updates") == true else { return .none }
            state = .listening
            return .listening
        case "trade_updates":
            guard let order = frame.data.order else { return .unreadable("an update has no order") }
            do throws(UnreadableField) {
                return .update(try order.value())
            } catch {
                return .unreadable(error.text)
            }
        default: return .none
        }
    }
}
