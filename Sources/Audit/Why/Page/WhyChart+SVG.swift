import Events
import Foundation

extension WhyChart {
    private static let (width, height) = (760.0, 300.0)
    private static let (left, right, top, bottom) = (58.0, 16.0, 14.0, 46.0)

    /// The chart as an inline SVG image; its colours are those of the page.
    var svg: String {
        let scale = Scale(self)
        var parts = grid(scale)
        parts += lines(scale)
        parts += marks.map { shape($0, scale) }
        let label =
            "Closing prices of \(ticker) from \(points[0].day) to \(points[points.count - 1].day), "
            + "with filings, decisions and trades"
        return """
            <svg viewBox="0 0 \(Int(WhyChart.width)) \(Int(WhyChart.height))" role="img" \
            aria-label="\(MarkupText.escaped(label))">
            \(parts.joined(separator: "\n"))
            </svg>
            """
    }

    /// From days and dollars to places.
    private struct Scale {
        let firstDay: Double
        let days: Double
        let low: Double
        let high: Double

        init(_ chart: WhyChart) {
            let days =
                chart.points.map { Double($0.day.rawValue) }
                + chart.marks.map { Double($0.day.rawValue) }
            let prices = chart.points.map(\.close) + chart.marks.compactMap(\.price)
            firstDay = days.min() ?? 0
            self.days = max(1, (days.max() ?? 1) - firstDay)
            let (least, most) = (prices.min() ?? 0, prices.max() ?? 1)
            let room = max((most - least) * 0.08, most.magnitude * 0.002, 1e-9)
            (low, high) = (least - room, most + room)
        }

        func x(_ day: Day) -> String {
            let share = (Double(day.rawValue) - firstDay) / days
            return WhyNumbers.fixed(left + share * (width - left - right), 1)
        }

        func y(_ price: Double) -> String {
            let share = (price - low) / (high - low)
            return WhyNumbers.fixed(height - bottom - share * (height - top - bottom), 1)
        }
    }

    /// Four levels of price, and the first and last day.
    private func grid(_ scale: Scale) -> [String] {
        var parts: [String] = []
        let (from, to) = (WhyChart.left, WhyChart.width - WhyChart.right)
        for step in 0...3 {
            let price = scale.low + (scale.high - scale.low) * Double(step) / 3
            let y = scale.y(price)
            parts.append(
                "<line class=\"grid\" x1=\"\(from)\" x2=\"\(to)\" y1=\"\(y)\" y2=\"\(y)\"/>")
            parts.append(
                "<text x=\"\(from - 6)\" y=\"\(y)\" dy=\".32em\" text-anchor=\"end\">"
                    + "\(WhyNumbers.dollars(price, scale.high < 10 ? 2 : 0))</text>")
        }
        let base = WhyChart.height - WhyChart.bottom + 34
        parts.append("<text x=\"\(from)\" y=\"\(base)\">\(points[0].day)</text>")
        parts.append(
            "<text x=\"\(to)\" y=\"\(base)\" text-anchor=\"end\">"
                + "\(points[points.count - 1].day)</text>")
        return parts
    }

    /// The closes that were known, and those that came after.
    private func lines(_ scale: Scale) -> [String] {
        func path(_ points: some Collection<Point>, _ name: String) -> String {
            let places = points.map { "\(scale.x($0.day)),\(scale.y($0.close))" }
            return "<polyline class=\"\(name)\" points=\"\(places.joined(separator: " "))\"/>"
        }
        let known = points.prefix { $0.isKnown }
        var parts: [String] = []
        if known.count < points.count {
            parts.append(path(points.dropFirst(max(0, known.count - 1)), "after"))
        }
        if known.count > 1 { parts.append(path(known, "close")) }
        return parts
    }

    private func shape(_ mark: WhyMark, _ scale: Scale) -> String {
        let x = scale.x(mark.day)
        let title = MarkupText.escaped("\(mark.words) on \(mark.day)")
        let floor = WhyChart.height - WhyChart.bottom
        switch mark.kind {
        case .filedPurchase, .filedSale:
            // Below the prices, as filings have none.
            let y = floor + (mark.kind == .filedPurchase ? 6 : 16)
            return "<circle class=\"\(mark.name)\" cx=\"\(x)\" cy=\"\(y)\" r=\"3.5\">"
                + "<title>\(title)</title></circle>"
        case .decision:
            return "<line class=\"\(mark.name)\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(WhyChart.top)\" "
                + "y2=\"\(floor)\"><title>\(title)</title></line>"
        case .bought, .sold:
            let y = Double(scale.y(mark.price ?? scale.low)) ?? floor
            let (tip, foot) = mark.kind == .bought ? (y - 7, y + 5) : (y + 7, y - 5)
            let place = Double(x) ?? 0
            let corners = [(place, tip), (place - 6, foot), (place + 6, foot)].map {
                "\(WhyNumbers.fixed($0.0, 1)),\(WhyNumbers.fixed($0.1, 1))"
            }
            return "<polygon class=\"\(mark.name)\" points=\"\(corners.joined(separator: " "))\">"
                + "<title>\(title)</title></polygon>"
        }
    }

    /// What the shapes mean; only those that are there.
    var legend: String {
        var items: [String] = ["<li><i class=\"close\"></i>close, as far as it was known</li>"]
        if points.contains(where: { !$0.isKnown }) {
            items.append("<li><i class=\"after\"></i>what came after</li>")
        }
        for kind in [WhyMark.Kind.filedPurchase, .filedSale, .decision, .bought, .sold] {
            guard let mark = marks.first(where: { $0.kind == kind }) else { continue }
            items.append("<li><i class=\"\(mark.name)\"></i>\(mark.words)</li>")
        }
        return "<ul class=\"legend\">\(items.joined())</ul>"
    }
}

extension WhyMark {
    var words: String {
        switch kind {
        case .filedPurchase: "a filed purchase became known"
        case .filedSale: "a filed sale became known"
        case .decision: "decided after this session"
        case .bought: "bought"
        case .sold: "sold"
        }
    }

    var name: String {
        switch kind {
        case .filedPurchase: "filed buy"
        case .filedSale: "filed sell"
        case .decision: "decision"
        case .bought: "trade buy"
        case .sold: "trade sell"
        }
    }
}
