public import Events

extension OrderProtocol {
    /// What happened.
    public enum Input: Hashable, Sendable {
        /// The request is durable.
        case requested
        /// It is about to be sent, or a replacement by it to be asked for.
        case sending
        /// What the broker answered to that.
        case sent(BrokerOrder)
        /// Why there is no such answer.
        case notSent(BrokerFailure)
        /// A look-up by its id: what it found, or nil.
        case lookedUp(BrokerOrder?)
        /// Why a look-up has no answer.
        case notLookedUp(BrokerFailure)
        /// A report that came by itself, or in a list.
        case reported(BrokerOrder)
        /// The connection for reports is a new one: some may be missing.
        case reconnected
        /// It may not be sent any more.
        case windowOver
        /// The auction that it was for is over.
        case auctionOver
        /// Its session is over.
        case sessionOver
        /// The request to cancel it is durable.
        case cancelRequested(CancelReason)
        /// The broker was asked for its cancelling, and took that.
        case cancelSent
        /// The broker did not take that, or gave no answer.
        case cancelFailed(BrokerFailure)
        /// Another order is about to be put in its place.
        case replacing
        /// The broker's answer to that was the other order.
        case replaceSent
        /// The broker refused that, or gave no answer.
        case replaceFailed(BrokerFailure)
    }

    /// Takes what happened at an instant, and gives what is to be written down of it, in order.
    public mutating func take(_ input: Input, at now: Instant) -> [OrderFact] {
        // What stands against the broker's word is a person's, and no later report undoes it.
        guard state != .mismatched else { return [] }
        switch input {
        case .requested:
            if state == .decided { state = .requested }
            return []
        case .sending:
            precondition(state == .requested, "an order is sent when it is requested, not \(state)")
            (state, wasSentBefore, wasSent) = (.sent, wasSent, true)
            return []
        case .sent(let order), .lookedUp(let order?):
            return see(order, isFresh: true, at: now)
        case .reported(let order):
            return see(order, isFresh: false, at: now)
        case .notSent(let failure): return notSent(failure, at: now)
        case .lookedUp(nil): return missed(at: now)
        case .notLookedUp(let failure):
            askAt = retry(after: failure, at: now)
            return []
        case .reconnected:
            if !isOver { askAt = now }
            return []
        case .windowOver:
            isWindowOver = true
            return state == .decided || state == .requested ? abandon(.missedWindow) : []
        case .auctionOver:
            guard request.timeInForce == .opening else { return [] }
            return cancel(.auctionOver)
        case .sessionOver:
            askAt = now
            isWindowOver = isWindowOver || request.timeInForce != .untilCancelled
            if state == .givenUp, brokerOrderID == nil { state = .cancelled }
            return isWindowOver && (state == .decided || state == .requested)
                ? abandon(.missedWindow) : []
        case .cancelRequested(let reason): return cancel(reason)
        case .cancelSent:
            if let reason = cancelling.reason { cancelling = .asked(reason) }
            askAt = now.adding(seconds: rules.retrying)
            return []
        case .cancelFailed(let failure): return cancelFailed(failure, at: now)
        case .replacing:
            isBeingReplaced = true
            return []
        case .replaceSent:
            (isBeingReplaced, askAt) = (false, now)
            return []
        case .replaceFailed(let failure):
            isBeingReplaced = false
            // Nothing was done where it was the rate: no doubt, and the other asks again.
            switch failure {
            case .rateLimited, .unauthorised: return []
            case .refused, .unknown: break
            }
            if state == .accepted || state == .partiallyFilled { doubt(at: now) }
            return []
        }
    }

    private mutating func notSent(_ failure: BrokerFailure, at now: Instant) -> [OrderFact] {
        // A report was faster than the answer: what it shows is known.
        guard state == .sent else { return [] }
        switch failure {
        case .refused(let refusal) where refusal.kind == .notUnique || origin != .new:
            doubt(at: now)
            if origin != .new, refusal.kind == .state { stateRefusal = refusal }
            return []
        case .unknown:
            doubt(at: now)
            return []
        case .refused(let refusal):
            (state, isEndRecorded) = (.rejected, true)
            return [.rejected(refusal)]
        case .rateLimited, .unauthorised:
            // It did not leave.
            (state, wasSent) = (.requested, wasSentBefore)
            notBefore = retry(after: failure, at: now)
            if isWindowOver { return abandon(.missedWindow) }
            return cancelling.reason.map { abandon($0) } ?? []
        }
    }

    private mutating func doubt(at now: Instant) {
        (state, askAt) = (.unknown, now)
        (misses, firstMissAt) = (0, nil)
    }

    private func retry(after failure: BrokerFailure, at now: Instant) -> Instant {
        if case .rateLimited(let until) = failure, until > now { return until }
        return now.adding(seconds: rules.retrying)
    }

    /// A look-up found nothing.
    private mutating func missed(at now: Instant) -> [OrderFact] {
        guard !isOver, state != .decided, state != .requested, state != .sent else { return [] }
        if state == .givenUp, brokerOrderID == nil {
            askAt = now.adding(seconds: rules.polling)
            return []
        }
        misses += 1
        let first = firstMissAt ?? now
        firstMissAt = first
        let believed = first.adding(seconds: rules.settling)
        guard misses > 1, now >= believed else {
            askAt = believed
            return []
        }
        (misses, firstMissAt, askAt) = (0, nil, nil)
        if let brokerOrderID {
            state = .mismatched
            return [.mismatch(.vanished(brokerOrderID: brokerOrderID))]
        }
        if let stateRefusal, !isEndRecorded {
            // Watched as what was given up is: the order that it was to replace stands.
            (state, askAt, isEndRecorded) = (.givenUp, nil, true)
            return [.rejected(stateRefusal)]
        }
        if origin != .new { return abandon(.notReplaced) }
        if let reason = cancelling.reason { return abandon(reason) }
        if isWindowOver { return abandon(.gaveUp) }
        // Missing, and its window open: sent again, under the same id.
        (state, notBefore) = (.requested, nil)
        return []
    }

    private mutating func cancel(_ reason: CancelReason) -> [OrderFact] {
        switch state {
        case .decided, .requested: return abandon(reason)
        case .sent, .unknown, .accepted, .partiallyFilled:
            if cancelling == .no { (cancelling, notBefore) = (.wanted(reason), nil) }
            return []
        case .filled, .cancelled, .expired, .rejected, .replaced, .givenUp, .mismatched: return []
        }
    }

    /// Ends what is not known to be at the broker; what may have left is watched.
    private mutating func abandon(_ reason: CancelReason) -> [OrderFact] {
        state = wasSent ? .givenUp : .cancelled
        askAt = nil
        guard !isEndRecorded else { return [] }
        isEndRecorded = true
        return [.cancelled(quantity: remaining, reason)]
    }

    private mutating func cancelFailed(_ failure: BrokerFailure, at now: Instant) -> [OrderFact] {
        switch failure {
        case .rateLimited, .unauthorised: notBefore = retry(after: failure, at: now)
        case .refused, .unknown:
            // It may be done, filled, or neither: what it is says whether to ask again.
            if let reason = cancelling.reason { cancelling = .asked(reason) }
            askAt = now
            notBefore = now.adding(seconds: rules.retrying)
        }
        return []
    }
}
