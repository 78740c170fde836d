import Brokerage
import Events
import Market
import Pipeline

extension BrokerTask {
    /// What the stream has.
    mutating func report(_ facts: inout [any EventMessage], at now: Instant) {
        let (updates, isReconnected) = port.drain()
        for update in updates {
            guard let place = orders.firstIndex(where: { $0.id == update.clientID }) else {
                if isOwn(update.clientID), !known.contains(update.clientID) {
                    let text = AccountDifference(unknown: update.clientID).text
                    begin(.doubledFolder, text, &facts, at: now)
                }
                continue
            }
            take(.reported(update), place, &facts, at: now)
        }
        guard isReconnected else { return }
        for place in orders.indices { take(.reconnected, place, &facts, at: now) }
    }

    /// What time, halts and the run's log make of an order before anything is asked.
    mutating func pass(
        _ place: Int, _ isHalted: Bool, _ facts: inout [any EventMessage], at now: Instant
    ) {
        let followed = orders[place]
        if let reason = followed.wantsCancel {
            orders[place].wantsCancel = nil
            take(.cancelRequested(reason), place, &facts, at: now)
        } else if isHalted, followed.leg == .entry, followed.order.state == .requested {
            take(.cancelRequested(.halted), place, &facts, at: now)
        }
        func minute(_ minute: Int) -> Instant {
            NewYorkTime.instant(followed.day, minute: minute)
        }
        if followed.order.request.timeInForce == .opening {
            if !followed.isWindowOver, now >= minute(ExitHours.auctionEnd) {
                orders[place].isWindowOver = true
                take(.windowOver, place, &facts, at: now)
            }
            if !followed.isAuctionOver, now >= minute(ExitHours.again) {
                orders[place].isAuctionOver = true
                take(.auctionOver, place, &facts, at: now)
            }
        }
        if !followed.isSessionOver, let close = try? ExchangeCalendar.xnys.close(of: followed.day),
            now >= close.adding(seconds: 60)
        {
            orders[place].isSessionOver = true
            take(.sessionOver, place, &facts, at: now)
        }
    }

    /// Does an order's next step, one request at most.
    ///
    /// - Parameter look: the positions of this step, once they were asked for.
    mutating func act(
        _ place: Int, _ look: inout [BrokerPosition]?, _ loop: any LiveLoop,
        _ facts: inout [any EventMessage], at now: Instant
    ) {
        guard case .replace = orders[place].order.step(at: now) else {
            if case .send(let request) = orders[place].order.step(at: now),
                !isSendable(place, request, &look, loop, &facts, at: now)
            {
                return
            }
            let found = orders[place].order.act(on: &port, at: now)
            book(found, place, &facts, at: now)
            return
        }
        let replaced = orders[place].replaces
        guard let other = orders.firstIndex(where: { $0.id == replaced }),
            orders[other].order.brokerOrderID != nil
        else {
            // What it was to replace is over, and long ago.
            take(.cancelRequested(.notReplaced), place, &facts, at: now)
            return
        }
        if case .replace(_, let request) = orders[place].order.step(at: now),
            !isSendable(place, request, &look, loop, &facts, at: now)
        {
            return
        }
        var (order, old) = (orders[place].order, orders[other].order)
        let (found, ofOther) = order.replace(&old, on: &port, at: now)
        (orders[place].order, orders[other].order) = (order, old)
        book(ofOther, other, &facts, at: now)
        book(found, place, &facts, at: now)
    }

    /// Asks for each own order that is not over, by its id, before the account is looked at.
    /// Whether all were answered and nothing was new.
    mutating func ask(_ facts: inout [any EventMessage], at now: Instant) -> Bool {
        for place in orders.indices where !orders[place].order.isOver {
            do throws(BrokerFailure) {
                let shown = try port.order(orders[place].order.request.id)
                take(.lookedUp(shown), place, &facts, at: now)
            } catch {
                return false
            }
            if orders[place].order.isInDoubt { return false }
        }
        return facts.isEmpty
    }

    mutating func take(
        _ input: OrderProtocol.Input, _ place: Int, _ facts: inout [any EventMessage],
        at now: Instant
    ) {
        let found = orders[place].order.take(input, at: now)
        book(found, place, &facts, at: now)
    }

    /// What is to be written down, as facts of the data log.
    private func book(
        _ found: [OrderFact], _ place: Int, _ facts: inout [any EventMessage], at now: Instant
    ) {
        let followed = orders[place]
        let (id, ticker) = (followed.id, followed.ticker)
        let day = NewYorkTime.local(now).day
        for fact in found {
            switch fact {
            case .accepted(let brokerOrderID, _, let at):
                facts.append(
                    OrderAccepted(
                        envelope: envelope(at), order: .none, acceptedAt: at,
                        brokerOrderID: brokerOrderID, clientOrderID: id))
            case .filled(let quantity, let value, let remaining, let at):
                facts.append(fill(followed, quantity, value, remaining, at))
            case .rejected(let refusal):
                facts.append(
                    OrderRejected(
                        envelope: envelope(now), order: .none, code: UInt32(clamping: refusal.code),
                        reason: OrderRejectionReason(refusal), clientOrderID: id,
                        text: Array("\(refusal.status) \(refusal.message)".utf8)))
            case .cancelled(let quantity, let reason):
                facts.append(
                    OrderCancelled(
                        envelope: envelope(now), order: .none, quantity: quantity, day: day,
                        ticker: ticker, reason: CancellationReason(reason), clientOrderID: id,
                        text: Array(reason.words.utf8)))
            case .replaced(let quantity, _):
                facts.append(
                    OrderCancelled(
                        envelope: envelope(now), order: .none, quantity: quantity, day: day,
                        ticker: ticker, reason: .replaced, clientOrderID: id))
            case .expired(let quantity):
                facts.append(
                    OrderExpired(
                        envelope: envelope(now), quantity: quantity, day: day, ticker: ticker,
                        clientOrderID: id))
            case .mismatch(let mismatch):
                facts.append(
                    EntriesHalted(
                        envelope: envelope(now), cause: .reconciliation,
                        text: Array("order \(id): \(mismatch)".utf8)))
            }
        }
    }

    private func fill(
        _ followed: FollowedOrder, _ quantity: Quantity, _ value: Money, _ remaining: Quantity,
        _ at: Instant
    ) -> OrderFilled {
        let price = value.dollars / quantity.shares
        let day = NewYorkTime.local(at).day
        let side = followed.order.request.side
        return OrderFilled(
            envelope: envelope(at), order: .none, trigger: .none, quantity: quantity,
            remaining: remaining, price: price, marketPrice: price, commission: .zero,
            cashChange: side == .buy ? -value : value, executedAt: at, decidedOn: day,
            filledOn: day, ticker: followed.ticker, side: side, leg: followed.leg,
            timing: .nextOpen, clientOrderID: followed.id)
    }
}
