import Events

extension Plot {
    /// The places of a series that a small chart shows: evenly, the last among them.
    static func places(_ count: Int, atMost: Int = 200) -> [Int] {
        guard count > 0 else { return [] }
        let step = max(1, (count + atMost - 1) / atMost)
        var places = Array(stride(from: 0, to: count, by: step))
        if places.last != count - 1 { places.append(count - 1) }
        return places
    }

    /// A line through those values of a series that are known, with gaps where they are not.
    mutating func line(_ values: [Double?], at places: [Int], kind: String = "") {
        var part: [(Double, Double)] = []
        for place in places {
            if let value = values[place] {
                part.append((Double(place), value))
                continue
            }
            if part.count > 1 { line(part, kind: kind) }
            part = []
        }
        if part.count > 1 { line(part, kind: kind) }
    }

    /// Steps: each value holds from its place until the next.
    mutating func steps(_ values: [(at: Double, value: Double)], until end: Double, kind: String) {
        var points: [(Double, Double)] = []
        for (number, one) in values.enumerated() {
            // Of several at one place the last holds.
            if number + 1 < values.count, values[number + 1].at == one.at { continue }
            guard let last = points.last else {
                points.append((one.at, one.value))
                continue
            }
            guard last.1 != one.value else { continue }
            points += [(one.at, last.1), (one.at, one.value)]
        }
        if let last = points.last { points.append((end, last.1)) }
        if points.count > 1 { line(points, kind: kind) }
    }

    /// The years below sessions, as many as have room; of under two years some dates.
    mutating func axisYears(_ days: [Day]) {
        guard let first = days.first, let last = days.last else { return }
        guard last - first > 2 * 365 else {
            let places = [days.count / 6, days.count / 2, days.count * 5 / 6]
            axisX(places.map { (Double($0), "\(days[$0])") }, name: "")
            return
        }
        var starts: [(at: Double, text: String)] = []
        for (place, day) in days.enumerated()
        where place > 0 && day.civil.year != days[place - 1].civil.year {
            starts.append((Double(place), "\(day.civil.year)"))
        }
        let step = max(1, (starts.count + 5) / 6)
        axisX(starts.enumerated().filter { $0.offset % step == 0 }.map(\.element), name: "")
    }
}

/// The colours of a chart's lines, and their names.
enum Key {
    /// A line's mark and name, one after the other.
    static func html(_ names: [(kind: String, name: String)]) -> String {
        let parts = names.map { kind, name in
            "<span><i style=\"background:var(--\(kind))\"></i>\(Markup.escaped(name))</span>"
        }
        return "<div class=\"key\">\(parts.joined())</div>"
    }
}
