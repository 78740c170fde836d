public import Events

/// What is to be asked for a holding, so that it has exactly one working exit at the broker for its
/// whole quantity, or one on its way. A pure function of what is known: asked again it gives the
/// same, and after it was followed it gives `leave`.
public enum ExitPlan {
    /// What is to be asked.
    public enum Step: Hashable, Sendable {
        /// Nothing.
        case leave(Reason)
        /// A stop for the rest of its life: `stop`, `gtc`, `sell`.
        case place(level: Price, quantity: Quantity)
        /// Another level or quantity for the resting stop.
        case replace(ClientOrderID, level: Price, quantity: Quantity)
        /// The end of the resting stop; the next step follows when the broker shows it ended.
        case cancel(ClientOrderID, CancelReason)
        /// A sale at once: `market`, `day`.
        case sellNow(Quantity)
        /// A sale in the next opening auction: `market`, `opg`.
        case sellAtOpen(Quantity)
    }

    /// Why nothing is to be asked.
    public enum Reason: Hashable, Sendable, CaseIterable {
        /// All is as it should be.
        case protected
        /// Nothing is held, here or at the broker.
        case nothingHeld
        /// An order of the holding is on its way or in doubt: that comes first.
        case onItsWay
        /// The level is higher, and its time of day has not come or is over.
        case outsideWindow
        /// The level may come of a bar that is wrong. Nobody enters on the ticker.
        case suspectBar
        /// What the broker holds differs, unexplained: no new order on the ticker, its stop stays.
        case difference
        /// There is no level below which a price can lie.
        case noLevel
        /// The broker refused for a while: wash trade, same day, credentials.
        case heldBack
    }

    /// What is to be asked now.
    public static func step(_ view: ExitView) -> Step {
        if view.isInDoubt { return .leave(.onItsWay) }
        let sellable = view.sellable
        if view.held <= .zero { return lastOrder(view) }
        if view.hasDifference { return .leave(.difference) }
        if let action = corporateAction(view) { return action }
        if let exit = exit(view, sellable) { return exit }
        guard let resting = view.resting else { return missing(view, sellable) }
        return rests(resting, view, sellable)
    }

    /// The holding is gone: an order that still works could sell what is not there.
    private static func lastOrder(_ view: ExitView) -> Step {
        guard let resting = view.resting, !resting.isCancelling else { return .leave(.nothingHeld) }
        return .cancel(resting.id, .exitDue)
    }

    /// On the morning of a split or a change of symbol the stop of before is taken away.
    private static func corporateAction(_ view: ExitView) -> Step? {
        guard view.isExDate, let resting = view.resting, resting.isFromBefore,
            view.minute < ExitHours.open
        else { return nil }
        return resting.isCancelling ? .leave(.onItsWay) : .cancel(resting.id, .corporateAction)
    }

    /// A holding that is to be closed: the stop first, then the auction.
    private static func exit(_ view: ExitView, _ sellable: Quantity) -> Step? {
        guard view.isExitDue, !view.areExitsHalted, !view.hasExitEnded, !view.isHeldBack,
            !view.isExDate,
            view.isAuctionOpen
        else { return nil }
        if let resting = view.resting {
            return resting.isCancelling ? .leave(.onItsWay) : .cancel(resting.id, .exitDue)
        }
        return sellable > .zero ? .sellAtOpen(sellable) : .leave(.nothingHeld)
    }

    /// No exit works.
    private static func missing(_ view: ExitView, _ sellable: Quantity) -> Step {
        if view.isHeldBack { return .leave(.heldBack) }
        guard sellable > .zero else { return .leave(.nothingHeld) }
        if view.isThrough { return .sellNow(sellable) }
        let before = view.levelBefore.flatMap { Price(roundedDown: $0) }
        guard let price = view.isSuspect ? before ?? view.wanted : view.wanted else {
            return .leave(.noLevel)
        }
        return .place(level: price, quantity: sellable)
    }

    /// A stop works: its quantity must be what is held, its level not below the wanted one.
    private static func rests(
        _ resting: RestingExit, _ view: ExitView, _ sellable: Quantity
    ) -> Step {
        if resting.isCancelling { return .leave(.onItsWay) }
        guard sellable > .zero else { return .cancel(resting.id, .exitDue) }
        let higher = view.wanted.flatMap { $0 > resting.level ? $0 : nil }
        let isTimely = view.isReplaceTime
        if view.isUnreplaceable {
            // Refused again: another order in its place, by hand of cancel.
            return (higher != nil && !view.isSuspect || resting.quantity != sellable)
                ? .cancel(resting.id, .requested) : .leave(.protected)
        }
        if resting.quantity != sellable {
            let level = isTimely && !view.isSuspect ? higher ?? resting.level : resting.level
            return .replace(resting.id, level: level, quantity: sellable)
        }
        guard let higher else { return .leave(.protected) }
        if view.isSuspect { return .leave(.suspectBar) }
        guard isTimely else { return .leave(.outsideWindow) }
        return .replace(resting.id, level: higher, quantity: sellable)
    }
}

/// Minutes of a day in New York.
public enum ExitHours {
    /// From 09:00 stops are raised.
    public static let raise = 9 * 60
    /// Until 09:25.
    public static let raiseEnd = 9 * 60 + 25
    /// Until 09:28 the auction takes orders.
    public static let auctionEnd = 9 * 60 + 28
    /// The exchange opens at 09:30.
    public static let open = 9 * 60 + 30
    /// At 09:31 what was refused for its state is tried once more.
    public static let again = 9 * 60 + 31
}
