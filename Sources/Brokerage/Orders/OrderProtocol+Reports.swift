import Events

extension OrderProtocol {
    /// Takes what the broker shows of the order. What is fresh was asked for just now; what is not
    /// may be older than what is known, and resolves no doubt about an order that was known.
    mutating func see(_ shown: BrokerOrder, isFresh: Bool, at now: Instant) -> [OrderFact] {
        guard shown.clientID == request.id.description else { return [] }
        follow(shown)
        if let mismatch = mismatch(shown) {
            state = .mismatched
            return [.mismatch(mismatch)]
        }
        (brokerOrderID, request.assetID) = (shown.id, shown.assetID)
        (misses, firstMissAt) = (0, nil)
        if isFresh || self.shown.map({ shown.updatedAt >= $0.updatedAt }) != false {
            self.shown = shown
        }
        // It exists, whatever else can be made of the report: it is not sent again.
        if state == .decided || state == .requested || state == .sent { state = .unknown }
        let isFirst = !isAcceptanceRecorded
        if isFresh { askAt = now.adding(seconds: rules.polling) }
        var facts: [OrderFact] = []
        let isRefused = shown.status == .rejected && shown.filled == .zero
        if !isAcceptanceRecorded, !isRefused {
            isAcceptanceRecorded = true
            facts.append(
                .accepted(
                    brokerOrderID: shown.id, assetID: shown.assetID, at: shown.submittedAt))
        }
        book(shown, &facts, at: now)
        if remaining == .zero {
            (state, isEndRecorded) = (.filled, true)
        } else if shown.status.isTerminal {
            end(shown, &facts)
        } else {
            works(shown, isFresh: isFresh, isFirst: isFirst)
        }
        return facts
    }

    /// A split that is known may have changed the quantity.
    private mutating func follow(_ shown: BrokerOrder) {
        guard let split, shown.quantity != request.quantity else { return }
        func after(_ quantity: Quantity) -> Quantity {
            Quantity(shares: quantity.shares * split, fractional: true)
        }
        guard shown.quantity == after(request.quantity) else { return }
        adjust(quantity: shown.quantity, filled: after(filled))
        self.split = nil
    }

    private func mismatch(_ shown: BrokerOrder) -> OrderMismatch? {
        if let brokerOrderID, brokerOrderID != shown.id {
            return .doubled(first: brokerOrderID, second: shown.id)
        }
        if let asset = request.assetID {
            if asset != shown.assetID { return .asset(asked: asset, shown: shown.assetID) }
        } else if Ticker.folded(shown.symbol) != request.symbol.description,
            Ticker.folded(shown.symbol) != formerSymbol?.description
        {
            return .asset(asked: request.symbol.description, shown: shown.symbol)
        }
        if shown.side != request.side { return .side(asked: request.side, shown: shown.side) }
        if shown.quantity != request.quantity {
            return .quantity(asked: request.quantity, shown: shown.quantity)
        }
        return shown.filled > request.quantity
            ? .overfilled(asked: request.quantity, filled: shown.filled) : nil
    }

    /// Books what exceeds what is known. A report that has shares without their value is none yet.
    private mutating func book(
        _ shown: BrokerOrder, _ facts: inout [OrderFact], at now: Instant
    ) {
        guard shown.filled > filled else { return }
        guard shown.filledValue > filledValue else {
            askAt = now.adding(seconds: rules.retrying)
            return
        }
        let (quantity, value) = (shown.filled - filled, shown.filledValue - filledValue)
        (filled, filledValue) = (shown.filled, shown.filledValue)
        facts.append(
            .filled(quantity: quantity, value: value, remaining: remaining, at: shown.updatedAt))
    }

    private mutating func end(_ shown: BrokerOrder, _ facts: inout [OrderFact]) {
        // Filled whole by its status, and not by what could be booked: the rest is asked for.
        guard shown.status != .filled, shown.filled <= filled else { return }
        guard !isOver else { return }
        let fact: OrderFact
        switch shown.status {
        case .expired: (state, fact) = (.expired, .expired(quantity: remaining))
        case .replaced:
            (state, fact) = (.replaced, .replaced(quantity: remaining, by: shown.replacedBy))
        case .rejected:
            let refusal = Refusal(status: 0, code: 0, message: "rejected after it was taken")
            (state, fact) = (.rejected, .rejected(refusal))
        default:
            let reason = cancelling.reason ?? .broker
            (state, fact) = (.cancelled, .cancelled(quantity: remaining, reason))
        }
        if !isEndRecorded { facts.append(fact) }
        isEndRecorded = true
    }

    private mutating func works(_ shown: BrokerOrder, isFresh: Bool, isFirst: Bool) {
        switch state {
        // An old report is no answer to a doubt about an order that was known.
        case .unknown where !isFresh && wasKnown: return
        case .unknown, .accepted, .partiallyFilled:
            state = filled > .zero ? .partiallyFilled : .accepted
            wasKnown = true
        case .givenUp: appear()
        // Ended without ever having been seen: so it is not what it was recorded as.
        case .rejected where isFirst, .cancelled where isFirst:
            state = .givenUp
            appear()
        case .decided, .requested, .sent, .filled, .cancelled, .expired, .rejected, .replaced,
            .mismatched:
            return
        }
        // A cancel that was asked for and shows no trace is asked for again.
        if isFresh, shown.status == .working, case .asked(let reason) = cancelling {
            cancelling = .wanted(reason)
        }
    }

    /// It appeared, and nobody counts on it any more: it is cancelled.
    private mutating func appear() {
        if cancelling == .no { (cancelling, notBefore) = (.wanted(.gaveUp), nil) }
    }
}
