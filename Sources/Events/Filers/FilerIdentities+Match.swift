extension FilerIdentities {
    /// How a filer and a spelling go together.
    struct Fit {
        let number: Int
        let isSameName: Bool
        /// Parts of the seat that both say, and say alike.
        let shared: Int
    }

    /// The filer that a spelling without an id is of; nil when none fits, or several.
    func match(_ name: PersonName, _ seat: Seat) -> Int? {
        let fits = fits(name, seat)
        let same = fits.filter(\.isSameName)
        if let most = same.map(\.shared).max() {
            let best = same.filter { $0.shared == most }
            return best.count == 1 ? best[0].number : nil
        }
        if fits.isEmpty { return described(name, seat) }
        return fits.count == 1 ? fits[0].number : nil
    }

    /// The filer without an id that a spelling with one is of: nobody else may fit either of them.
    func unidentified(_ name: PersonName, _ seat: Seat, besides known: Int?) -> Int? {
        let fits = fits(name, seat).filter { filers[$0.number].bioguide == nil }
        let best = fits.contains(where: \.isSameName) ? fits.filter(\.isSameName) : fits
        guard best.count == 1, let only = best.first?.number else { return nil }
        let seats =
            filers[only].seats.isEmpty
            ? [Seat(chamber: nil, office: nil)]
            : filers[only].seats
        for own in filers[only].names {
            for seat in seats {
                let others = self.fits(own, seat).map(\.number)
                guard others.allSatisfy({ $0 == only || $0 == known }) else { return nil }
            }
        }
        return only
    }

    /// All filers that a spelling fits.
    func fits(_ name: PersonName, _ seat: Seat) -> [Fit] {
        namesakes(name).compactMap { number in
            let filer = filers[number]
            switch relation(name, filer) {
            case .same:
                guard filer.seats.isEmpty || filer.seats.contains(where: { $0.agrees(seat) })
                else { return nil }
                return Fit(number: number, isSameName: true, shared: shared(seat, filer))
            case .fits:
                // Nothing is said at all, or something alike.
                let isAlike = filer.seats.contains { $0.isSame(seat) && $0.shared(seat) > 0 }
                guard isAlike || (filer.seats.isEmpty && seat.isUnsaid) else { return nil }
                return Fit(number: number, isSameName: false, shared: shared(seat, filer))
            case .contradicts, .differs: return nil
            }
        }
    }

    /// How a name goes with all names of a filer: one that it contradicts outweighs one that it
    /// fits.
    func relation(_ name: PersonName, _ filer: Filer) -> NameRelation {
        var result = NameRelation.differs
        for known in filer.names {
            switch name.relation(to: known) {
            case .same: return .same
            case .contradicts: result = .contradicts
            case .fits: if case .differs = result { result = .fits }
            case .differs: break
            }
        }
        return result
    }

    private func shared(_ seat: Seat, _ filer: Filer) -> Int {
        filer.seats.filter { $0.agrees(seat) }.map { $0.shared(seat) }.max() ?? 0
    }

    /// The one filer of that name and state with an id that an undated fact describes.
    private func described(_ name: PersonName, _ seat: Seat) -> Int? {
        guard let state = seat.state else { return nil }
        var (same, fitting): ([Int], [Int]) = ([], [])
        for number in namesakes(name) where filers[number].isDescribed {
            let seats = filers[number].seats.filter { $0.state == state }
            switch relation(name, filers[number]) {
            case .same: if !seats.isEmpty { same.append(number) }
            case .fits: if seats.contains(where: { $0.agrees(seat) }) { fitting.append(number) }
            case .contradicts, .differs: break
            }
        }
        let found = same.isEmpty ? fitting : same
        return found.count == 1 ? found[0] : nil
    }
}
