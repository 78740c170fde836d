import Events

/// What tells one fill from another: how much of its order it left, and for exits that rest at the
/// market, which exit it is.
struct FillKey: Hashable, Sendable {
    let order: Reference
    let trigger: Reference
    let side: OrderSide
    let remaining: Quantity

    init(_ event: OrderFilled) {
        (order, trigger, side) = (event.order, event.trigger, event.side)
        remaining = event.remaining
    }

    /// The order alone tells nearly all fills apart.
    func hash(into hasher: inout Hasher) {
        hasher.combine(order)
    }
}

/// Orders that are done: many, and seldom asked for. Of one that was filled whole no more is kept
/// than its quantity, and the fill that did it at once.
struct EndedOrders: Sendable {
    private struct Whole: Sendable {
        let id: Reference
        let quantity: Quantity
        let filledAtOnceBy: FillKey?
    }

    /// Ascending by id. Orders end nearly as they were submitted, so that one comes last or nearly.
    private var whole: [Whole] = []
    private var others = Lookup<Reference, WorkingOrder>()

    /// The place of an order that was filled whole, or where it would stand.
    private func place(_ id: Reference) -> Int {
        let known = whole.span
        guard let last = known.indices.last, known[last].id >= id else { return known.count }
        var (low, high) = (0, last)
        while low < high {
            let middle = (low + high) / 2
            if known[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func filled(_ id: Reference) -> Whole? {
        let place = place(id)
        return place < whole.count && whole[place].id == id ? whole[place] : nil
    }

    func contains(_ id: Reference) -> Bool { filled(id) != nil || others[id] != nil }

    /// What was filled whole.
    func filledWhole(_ id: Reference) -> Quantity? { filled(id)?.quantity }

    /// Whether a fill filled its order whole at once.
    func isFilledAtOnce(by fill: FillKey) -> Bool { filled(fill.order)?.filledAtOnceBy == fill }

    /// What ended with a rest.
    subscript(id: Reference) -> WorkingOrder? { others[id] }

    /// Takes an order, in place of what was known of it.
    mutating func add(_ order: WorkingOrder, filledAtOnceBy fill: FillKey? = nil) {
        guard order.rest == .zero else {
            others[order.id] = order
            return
        }
        add(order.id, order.request.quantity, filledAtOnceBy: fill)
        if others.count > 0 { others[order.id] = nil }
    }

    /// Takes one that was filled whole.
    mutating func add(_ id: Reference, _ quantity: Quantity, filledAtOnceBy fill: FillKey? = nil) {
        let place = place(id)
        let entry = Whole(id: id, quantity: quantity, filledAtOnceBy: fill)
        if place < whole.count, whole[place].id == id {
            whole[place] = entry
        } else {
            whole.insert(entry, at: place)
        }
    }
}
