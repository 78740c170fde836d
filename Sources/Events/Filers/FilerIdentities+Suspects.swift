/// Why two filers that may be one person were not joined.
public enum SuspectReason: String, CaseIterable, Sendable {
    /// The names are the same, the chambers are not.
    case chamber = "other chamber"
    /// The names are the same, the states are not.
    case state = "other state"
    /// One name leaves something out, and the districts differ.
    case district = "other district"
    /// The names fit, and so does another filer.
    case several = "several fit"
    /// One name leaves something out, and nothing says that the seat is the same.
    case seat = "seat not said"
    /// First name and surname are the same, a middle name or a suffix is another.
    case middle = "other middle name or suffix"
    /// The seat and the surname are the same, the first names are not.
    case first = "other first name"
}

/// Two filers that may be one person.
public struct SuspectedFilers: Hashable, Sendable {
    /// The lower number.
    public let first: Int
    /// The higher number.
    public let second: Int
    /// Why they were not joined.
    public let reason: SuspectReason
}

extension FilerIdentities {
    /// Pairs of filers that nearly fit, one of which at least has filed, in order of number.
    ///
    /// Two ids are two persons and no suspects. A reference fact that nobody filed under is a
    /// suspect of first names only when these begin alike.
    public func suspects(_ hasFiled: (Int) -> Bool) -> [SuspectedFilers] {
        var suspects: [SuspectedFilers] = []
        for second in filers.indices where filers[second].joined == nil {
            var earlier: [Int] = []
            for name in filers[second].names {
                for number in namesakes(name) where number < second && !earlier.contains(number) {
                    earlier.append(number)
                }
            }
            for first in earlier.sorted() {
                let (one, other) = (filers[first], filers[second])
                guard one.bioguide == nil || other.bioguide == nil else { continue }
                let filed = (hasFiled(first), hasFiled(second))
                guard filed.0 || filed.1 else { continue }
                guard let reason = reason(one, other, bothFiled: filed.0 && filed.1) else {
                    continue
                }
                suspects.append(SuspectedFilers(first: first, second: second, reason: reason))
            }
        }
        return suspects
    }

    private func reason(_ one: Filer, _ other: Filer, bothFiled: Bool) -> SuspectReason? {
        let areBothSeated = !one.seats.isEmpty && !other.seats.isEmpty
        let agrees = !areBothSeated || pairs(one, other).contains { $0.agrees($1) }
        let isSame = !areBothSeated || pairs(one, other).contains { $0.isSame($1) }
        let isOneState = pairs(one, other).contains { $0.state != nil && $0.state == $1.state }
        let isOneSeat = pairs(one, other).contains {
            $0.isSame($1) && $0.chamber == $1.chamber && $0.state != nil && $0.state == $1.state
        }
        switch closest(one, other) {
        case .same:
            if agrees { return .several }
            let areOneChamber = pairs(one, other).contains { $0.chamber == $1.chamber }
            if areOneChamber { return .state }
            return isOneState || !bothSayState(one, other) ? .chamber : nil
        case .fits:
            if !areBothSeated { return .seat }
            if isSame { return .several }
            if agrees { return .district }
            return isOneState ? .chamber : nil
        case .contradicts: return isOneSeat ? .middle : nil
        case .differs:
            return isOneSeat && (bothFiled || beginAlike(one, other)) ? .first : nil
        }
    }

    private func bothSayState(_ one: Filer, _ other: Filer) -> Bool {
        one.seats.contains { $0.state != nil } && other.seats.contains { $0.state != nil }
    }

    private func pairs(_ one: Filer, _ other: Filer) -> [(Seat, Seat)] {
        one.seats.flatMap { left in other.seats.map { (left, $0) } }
    }

    private func closest(_ one: Filer, _ other: Filer) -> NameRelation {
        let relations = one.names.map { relation($0, other) }
        var result = NameRelation.differs
        for relation in relations {
            switch relation {
            case .same: return .same
            case .fits: result = .fits
            case .contradicts: if case .differs = result { result = .contradicts }
            case .differs: break
            }
        }
        return result
    }

    /// Whether a first name of the one begins as any given name of the other does.
    private func beginAlike(_ one: Filer, _ other: Filer) -> Bool {
        func isAlike(_ left: PersonName, _ right: PersonName) -> Bool {
            guard left.surname == right.surname, let first = left.words.first else { return false }
            return right.words.dropLast().contains { word in
                let length = PersonName.isInitial(first) || PersonName.isInitial(word) ? 1 : 2
                return first.utf8.prefix(length).elementsEqual(word.utf8.prefix(length))
            }
        }
        return one.names.contains { left in
            other.names.contains { isAlike(left, $0) || isAlike($0, left) }
        }
    }
}
