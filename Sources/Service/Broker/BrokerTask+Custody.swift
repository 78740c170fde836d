import Brokerage
import Events
import Market
import Pipeline

extension BrokerTask {
    /// How long an account that is another's is left alone before it is asked again, seconds.
    private static var askAgain: Int64 { 60 }

    /// Looks whether the account is the run's, before anything is sent: at the start, and while it
    /// is not.
    mutating func identify(_ facts: inout [any EventMessage], at now: Instant) {
        guard !isIdentified else { return }
        if let identifiedAt, now < identifiedAt.adding(seconds: Self.askAgain) { return }
        do throws(BrokerFailure) {
            let shown = try port.account()
            identifiedAt = now
            isIdentified = isRuns(shown, &facts, at: now)
        } catch {
            // The next step asks again: nothing is sent to an account that was not seen.
            return
        }
    }

    /// Whether an account is the run's, and what a person expected it to be; the custody of one
    /// that is not, and its end, are facts.
    mutating func isRuns(
        _ shown: BrokerAccount, _ facts: inout [any EventMessage], at now: Instant
    ) -> Bool {
        if let own = terms.account, own != shown.number {
            isIdentified = false
            begin(
                .otherAccount, "the keys are of account \(shown.number); the run's is \(own)",
                account: shown.number, &facts, at: now)
            return false
        }
        if history.custody.custody(.otherAccount) != nil {
            facts.append(
                CustodyEnded(
                    envelope: envelope(now), cause: .otherAccount,
                    text: Array("the keys are of the run's account \(shown.number)".utf8)))
            return false
        }
        guard !account.isOpened, let (_, change) = history.latestMode, let expected = change.equity,
            !history.wasQuestioned
        else { return true }
        let off = (shown.equity - expected).magnitude.dollars
        guard off > expected.magnitude.dollars / 100 else { return true }
        begin(
            .otherEquity,
            "account \(shown.number) is worth \(shown.equity), and \(change.who) expected "
                + "\(expected)", account: shown.number, &facts, at: now)
        return false
    }

    /// The run is in custody from now on; each cause once.
    mutating func begin(
        _ cause: CustodyCause, _ text: String, account: String? = nil,
        _ facts: inout [any EventMessage], at now: Instant
    ) {
        let isThere = facts.contains { ($0 as? CustodyBegan)?.cause == cause }
        guard history.custody.custody(cause) == nil, !isThere else { return }
        facts.append(
            CustodyBegan(
                envelope: envelope(now), cause: cause,
                account: account.map { WireText.fitted($0, length: 48) }, text: Array(text.utf8)))
    }

    /// Notes the account as it is shown, for whoever asks without a broker.
    mutating func note(
        _ shown: BrokerAccount, _ positions: [BrokerPosition], _ open: [BrokerOrder],
        _ differences: [AccountDifference], at now: Instant
    ) {
        var standing = AccountStanding(
            mode: terms.isLive ? "live" : "paper", account: shown.number, equity: shown.equity,
            cash: shown.cash, at: now)
        standing.differences = differences.map(\.text)
        standing.positions = positions.map {
            AccountStanding.Position(
                symbol: $0.symbol, quantity: $0.quantity.shares,
                averagePrice: $0.averagePrice.dollars)
        }
        let foreign = open.filter { !isOwn($0.clientID) }
        standing.foreignOrders = foreign.map { Ticker.folded($0.symbol) }
        standing.openOrders = open.count - foreign.count
        self.standing = standing
    }
}

extension BrokerTask {
    /// The account's cash and shares, before anything is bought: the opening. Shares are taken over
    /// where that was asked for, and left alone otherwise.
    mutating func open(
        _ loop: any LiveLoop, _ facts: inout [any EventMessage], at now: Instant
    ) {
        guard !account.isOpened else { return }
        do throws(BrokerFailure) {
            let shown = try port.account()
            let last = try port.activities(after: nil).last?.id
            let positions = try port.positions()
            let foreign = try port.openOrders().filter { !isOwn($0.clientID) }
            account.activity = last
            account.isOpened = true
            facts.append(
                CashMoved(
                    envelope: envelope(now), amount: shown.cash, day: NewYorkTime.local(now).day,
                    kind: .opening, activityID: last ?? shown.id))
            for position in positions where position.quantity != .zero {
                let objection = objection(position, foreign, loop)
                facts.append(
                    objection.map { leave(position, $0, at: now) }
                        ?? adopt(
                            position, of: Ticker(Ticker.folded(position.symbol))!, before: .zero,
                            who: nil,
                            "the account held it when it was opened", at: now))
            }
        } catch {
            // The next step asks again: without cash nothing is bought.
            return
        }
    }

    /// Why a position is left alone; nil where it can be taken over.
    private func objection(
        _ position: BrokerPosition, _ foreign: [BrokerOrder], _ loop: any LiveLoop
    ) -> String? {
        guard adopts else { return "the run was started without --adopt" }
        guard position.isShare else { return "it is no share" }
        guard position.quantity > .zero else { return "it was sold short" }
        let whole = Quantity(shares: position.quantity.shares, fractional: false)
        guard position.quantity == whole else { return "it has a fraction of a share" }
        guard let ticker = Ticker(Ticker.folded(position.symbol)),
            loop.world.prices.slot(of: ticker) != nil
        else { return "the log has no price of it" }
        guard !foreign.contains(where: { $0.symbol == position.symbol }) else {
            return "an order of another is open on it"
        }
        return nil
    }

    private func leave(
        _ position: BrokerPosition, _ why: String, at now: Instant
    ) -> any EventMessage {
        let text =
            "\(position.symbol): \(position.quantity.shares) shares are left alone, and not traded: "
            + why
        return ReconciliationDiffered(
            envelope: envelope(now), expectedQuantity: .zero, brokerQuantity: position.quantity,
            ticker: Ticker(Ticker.folded(position.symbol)), leftAlone: true, text: Array(text.utf8))
    }

    private func adopt(
        _ position: BrokerPosition, of ticker: Ticker, before: Quantity, who: String?,
        _ why: String, at now: Instant
    ) -> any EventMessage {
        PositionAdopted(
            envelope: envelope(now), quantity: position.quantity, before: before,
            averagePrice: position.averagePrice.dollars, day: NewYorkTime.local(now).day,
            timeoutDays: 0, ticker: ticker, who: who,
            text: Array(why.utf8))
    }

    /// Books what the broker shows of an account that a person took over from a copy of the folder,
    /// once nothing of it works any more under the ids of before.
    mutating func takeOver(
        _ loop: any LiveLoop, _ facts: inout [any EventMessage], at now: Instant
    ) {
        guard let (place, taken) = history.takingOver, loop.instant >= wroteThrough else { return }
        do throws(BrokerFailure) {
            let open = try port.openOrders().filter { order in
                history.earlierPrefixes.contains {
                    ClientOrderID.isOwn(order.clientID, prefix: $0)
                }
            }
            for order in open { try port.cancel(order.id) }
            guard open.isEmpty else { return }
            let moved = book(try port.activities(after: account.activity), &facts, at: now)
            guard !moved else { return }
            let (positions, shown) = (try port.positions(), try port.account())
            let why = "taken over: \(String(decoding: taken.text, as: UTF8.self))"
            adopt(loop, positions, taken, why, &facts, at: now)
            let difference = shown.cash - loop.world.portfolio.cash
            if difference != .zero {
                facts.append(
                    CashMoved(
                        envelope: envelope(now), amount: difference,
                        day: NewYorkTime.local(now).day, kind: .other,
                        activityID: "takeover r\(place)"))
            }
            facts.append(
                CustodyEnded(
                    envelope: envelope(now), cause: .doubledFolder, who: taken.who,
                    text: Array(why.utf8)))
        } catch {
            return
        }
    }

    /// Adopts what the broker shows otherwise than the log.
    private func adopt(
        _ loop: any LiveLoop, _ positions: [BrokerPosition], _ taken: TakenOver, _ why: String,
        _ facts: inout [any EventMessage], at now: Instant
    ) {
        let holdings = loop.world.portfolio.holdings
        for holding in holdings
        where position(of: holding.ticker, in: positions, loop, at: now) == nil {
            facts.append(
                PositionAdopted(
                    envelope: envelope(now), quantity: .zero, before: holding.quantity,
                    averagePrice: holding.entryPrice, day: NewYorkTime.local(now).day,
                    timeoutDays: 0, ticker: holding.ticker, who: taken.who, text: Array(why.utf8)))
        }
        for position in positions {
            guard let ticker = ticker(of: position.symbol, loop, at: now),
                !history.leftAlone.contains(where: { $0.ticker == ticker })
            else { continue }
            let held = holdings.first { $0.ticker == ticker }?.quantity ?? .zero
            guard held != position.quantity else { continue }
            facts.append(
                adopt(position, of: ticker, before: held, who: taken.who, why, at: now))
        }
    }
}
