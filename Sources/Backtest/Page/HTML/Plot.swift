/// A small chart as inline SVG: readable without scripts, coloured by the page's style sheet.
struct Plot {
    /// Width of the drawing, in its own units; text is 12 of them high.
    static let width = 440.0
    private static let right = 10.0
    private static let top = 14.0
    private static let bottom = 38.0

    /// What the chart shows, for readers who do not see it.
    let label: String
    /// The range of the horizontal axis.
    let x: ClosedRange<Double>
    /// The range of the vertical axis.
    let y: ClosedRange<Double>
    /// Its height.
    let height: Double
    /// Room for the labels of the vertical axis.
    let left: Double
    private var content = ""

    /// An empty chart.
    init(
        _ label: String, x: ClosedRange<Double>, y: ClosedRange<Double>, height: Double = 230,
        left: Double = 52
    ) {
        self.label = label
        self.x = x
        self.y = y
        self.height = height
        self.left = left
    }

    /// The range of some values with room at both ends, with `including` inside.
    static func range(_ values: [Double], including: Double = 0) -> ClosedRange<Double> {
        let low = min(values.min() ?? including, including)
        let high = max(values.max() ?? including, including)
        guard high > low else {
            let room = max(low.magnitude * 0.01, 0.01)
            return (low - room)...(high + room)
        }
        let room = (high - low) * 0.06
        return (low < including ? low - room : low)...(high > including ? high + room : high)
    }

    /// Decimals of a per cent that tell the ticks of a range of shares apart.
    static func decimals(_ range: ClosedRange<Double>) -> Int {
        let span = range.upperBound - range.lowerBound
        return span >= 0.04 ? 0 : span >= 0.004 ? 1 : span >= 0.000_4 ? 2 : 3
    }

    /// Steps of 1, 2 or 5 times a power of ten, about `count` of them in a range.
    static func ticks(_ range: ClosedRange<Double>, _ count: Int) -> [Double] {
        let rough = (range.upperBound - range.lowerBound) / Double(count)
        guard rough > 0, rough.isFinite else { return [range.lowerBound] }
        var power = 1.0
        while power > rough { power /= 10 }
        while power * 10 <= rough { power *= 10 }
        let step = [1.0, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? power * 10
        var ticks: [Double] = []
        var number = (range.lowerBound / step).rounded(.up)
        while number * step <= range.upperBound + step * 1e-9 {
            ticks.append(number * step)
            number += 1
        }
        return ticks
    }

    /// A horizontal place, to a tenth of a unit.
    func placeX(_ value: Double) -> String { Figures.fixed(horizontal(value), 1) }

    /// A vertical place, to a tenth of a unit.
    func placeY(_ value: Double) -> String { Figures.fixed(vertical(value), 1) }

    private func horizontal(_ value: Double) -> Double {
        let span = Plot.width - left - Plot.right
        return left + (value - x.lowerBound) / (x.upperBound - x.lowerBound) * span
    }

    private func vertical(_ value: Double) -> Double {
        let span = height - Plot.top - Plot.bottom
        return Plot.top + (y.upperBound - value) / (y.upperBound - y.lowerBound) * span
    }

    /// Lines and labels of the vertical axis.
    mutating func axisY(_ format: (Double) -> String) {
        for tick in Plot.ticks(y, 4) {
            let place = placeY(tick)
            let kind = tick == 0 ? "zero" : "axis"
            content +=
                "<path class=\"\(kind)\" d=\"M\(Figures.fixed(left, 0)) \(place)"
                + "H\(Figures.fixed(Plot.width - Plot.right, 0))\"/>"
            content += text(
                left - 6, vertical(tick) + 4, Markup.escaped(format(tick)), anchor: "end")
        }
    }

    /// Labels of the horizontal axis at some places, and its name.
    mutating func axisX(_ labels: [(at: Double, text: String)], name: String) {
        for label in labels {
            content += text(
                horizontal(label.at), height - Plot.bottom + 16, Markup.escaped(label.text))
        }
        content += text(
            (left + Plot.width - Plot.right) / 2, height - 4, Markup.escaped(name))
    }

    /// A line through points.
    mutating func line(_ points: [(Double, Double)], kind: String = "") {
        content += "<path class=\"line \(kind)\" d=\"\(path(points))\"/>"
    }

    /// The area between two lines over the same places.
    mutating func band(_ low: [(Double, Double)], _ high: [(Double, Double)]) {
        guard !low.isEmpty else { return }
        content += "<path class=\"band\" d=\"\(path(low + high.reversed()))Z\"/>"
    }

    /// A bar from `base` to `top`, `title` appearing under the pointer.
    mutating func bar(
        _ from: Double, _ to: Double, base: Double = 0, top: Double, kind: String = "",
        title: String
    ) {
        let high = vertical(max(base, top))
        let height = Figures.fixed(vertical(min(base, top)) - high, 1)
        let width = Figures.fixed(max(horizontal(to) - horizontal(from) - 1.5, 0.5), 1)
        content +=
            "<rect class=\"bar \(kind)\" x=\"\(Figures.fixed(horizontal(from) + 0.75, 1))\" "
            + "y=\"\(Figures.fixed(high, 1))\" width=\"\(width)\" height=\"\(height)\">"
            + "<title>\(Markup.escaped(title))</title></rect>"
    }

    /// A background from one place to another, with a note at its top.
    mutating func shade(_ from: Double, _ to: Double, _ note: String) {
        let width = Figures.fixed(horizontal(to) - horizontal(from), 1)
        let height = Figures.fixed(height - Plot.top - Plot.bottom, 1)
        content +=
            "<rect class=\"shade\" x=\"\(placeX(from))\" y=\"\(Figures.fixed(Plot.top, 0))\" "
            + "width=\"\(width)\" height=\"\(height)\"/>"
        content += text(
            (horizontal(from) + horizontal(to)) / 2, Plot.top + 12, Markup.escaped(note))
    }

    /// A vertical mark with a note beside its top, one row lower where another mark is near.
    mutating func mark(_ at: Double, _ note: String, row: Int = 0) {
        content +=
            "<path class=\"mark\" d=\"M\(placeX(at)) \(Figures.fixed(Plot.top, 0))"
            + "V\(Figures.fixed(height - Plot.bottom, 0))\"/>"
        let isRight = horizontal(at) > Plot.width * 0.6
        content += text(
            horizontal(at) + (isRight ? -6 : 6), Plot.top + 10 + 15 * Double(row),
            Markup.escaped(note),
            anchor: isRight ? "end" : "start", kind: "strong")
    }

    /// A dot whose value appears under the pointer.
    mutating func dot(
        _ at: Double, _ value: Double, radius: Double = 4, kind: String = "", title: String
    ) {
        content +=
            "<circle class=\"dot \(kind)\" cx=\"\(placeX(at))\" cy=\"\(placeY(value))\" "
            + "r=\"\(Figures.fixed(radius, 1))\"><title>\(Markup.escaped(title))</title></circle>"
    }

    /// A row's name at the left end and its value at the right one.
    mutating func row(_ name: String, _ value: String, at place: Double, kind: String = "") {
        content += text(
            left, vertical(place), Markup.escaped(name), anchor: "start", kind: kind)
        content += text(
            Plot.width - Plot.right, vertical(place), Markup.escaped(value), anchor: "end",
            kind: kind)
    }

    /// Small dots without a note, as one path.
    mutating func points(_ points: [(Double, Double)], kind: String = "") {
        guard !points.isEmpty else { return }
        let path = points.map { "M\(placeX($0.0)) \(placeY($0.1))h0" }
        content += "<path class=\"points \(kind)\" d=\"\(path.joined())\"/>"
    }

    /// The element.
    var svg: String {
        let box = "0 0 \(Figures.fixed(Plot.width, 0)) \(Figures.fixed(height, 0))"
        return "<svg class=\"figure\" viewBox=\"\(box)\" role=\"img\" "
            + "aria-label=\"\(Markup.escaped(label))\">\(content)</svg>"
    }

    private func path(_ points: [(Double, Double)]) -> String {
        var path = ""
        for (index, point) in points.enumerated() {
            path += "\(index == 0 ? "M" : "L")\(placeX(point.0)) \(placeY(point.1))"
        }
        return path
    }

    private func text(
        _ x: Double, _ y: Double, _ content: String, anchor: String = "middle", kind: String = ""
    ) -> String {
        let kind = kind.isEmpty ? "" : " class=\"\(kind)\""
        return "<text\(kind) x=\"\(Figures.fixed(x, 1))\" y=\"\(Figures.fixed(y, 1))\" "
            + "text-anchor=\"\(anchor)\">\(content)</text>"
    }
}
