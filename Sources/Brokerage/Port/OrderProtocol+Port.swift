public import Events

extension OrderProtocol {
    /// Does the next step on a broker, if there is one now, and gives what is to be written down.
    ///
    /// One step is one request at most. A step of a replacement concerns two orders: it is done by
    /// `replace(_:on:at:)`. Before each sending, whoever calls looks for a halt.
    public mutating func act<Port: BrokerPort>(
        on port: inout Port, at now: Instant
    ) -> [OrderFact] {
        switch step(at: now) {
        case .none, .wait: return []
        case .send(let request):
            var facts = take(.sending, at: now)
            do throws(BrokerFailure) {
                facts += take(.sent(try port.submit(request)), at: now)
            } catch {
                facts += take(.notSent(error), at: now)
            }
            return facts
        case .replace:
            preconditionFailure("a replacement concerns two orders")
        case .lookUp:
            do throws(BrokerFailure) {
                return take(.lookedUp(try port.order(request.id)), at: now)
            } catch {
                return take(.notLookedUp(error), at: now)
            }
        case .cancel(let id):
            do throws(BrokerFailure) {
                try port.cancel(id)
                return take(.cancelSent, at: now)
            } catch {
                return take(.cancelFailed(error), at: now)
            }
        }
    }

    /// Asks for this order in the place of another, which must be the one that it is to replace.
    /// Gives what is to be written down of both.
    public mutating func replace<Port: BrokerPort>(
        _ other: inout OrderProtocol, on port: inout Port, at now: Instant
    ) -> (facts: [OrderFact], ofOther: [OrderFact]) {
        guard case .replace(let id, let request) = step(at: now) else { return ([], []) }
        precondition(other.brokerOrderID == id, "an order replaces the one that it names")
        // What is in doubt is looked up before anything is asked of it; what has ended meanwhile is
        // replaced by nothing.
        guard !other.isInDoubt else { return ([], []) }
        guard !other.isOver else { return (take(.cancelRequested(.notReplaced), at: now), []) }
        var ofOther = other.take(.replacing, at: now)
        var facts = take(.sending, at: now)
        do throws(BrokerFailure) {
            let shown = try port.replace(id, by: request)
            facts += take(.sent(shown), at: now)
            ofOther += other.take(.replaceSent, at: now)
        } catch {
            facts += take(.notSent(error), at: now)
            ofOther += other.take(.replaceFailed(error), at: now)
        }
        return (facts, ofOther)
    }
}
