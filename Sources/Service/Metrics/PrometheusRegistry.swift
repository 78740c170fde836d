public import CoreMetrics
public import Events
import Synchronization

/// A backend of swift-metrics that keeps every value and writes them as Prometheus reads them.
///
/// A label is a metric's name as it is written; meters are gauges, timers and aggregating
/// recorders histograms in seconds or in what they record.
public final class PrometheusRegistry: MetricsFactory {
    /// One series of a metric.
    private enum Series {
        case counter(CounterValue)
        case gauge(GaugeValue)
        case histogram(HistogramValue)

        var type: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    private struct Entry {
        let labels: [(String, String)]
        let series: Series
    }

    private struct State {
        /// Names in the order in which they came.
        var names: [String] = []
        var entries: [String: [Entry]] = [:]
        var help: [String: String] = [:]
    }

    private let state = Mutex(State())

    /// No metric yet.
    public init() {}

    /// Says what a metric means.
    public func describe(_ name: String, _ help: String) {
        state.withLock { $0.help[name] = help }
    }

    /// The series of a name and its labels, made where it is not there. One of another type than
    /// its name has is no part of what is written.
    private func series<Value>(
        _ name: String, _ labels: [(String, String)], _ make: () -> (Value, Series),
        _ take: (Series) -> Value?
    ) -> Value {
        state.withLock { state in
            let entries = state.entries[name] ?? []
            let found = entries.first { entry in
                entry.labels.elementsEqual(labels) { $0 == $1 }
            }
            if let found, let value = take(found.series) { return value }
            let (value, series) = make()
            guard found == nil, entries.first.map({ $0.series.type == series.type }) ?? true else {
                return value
            }
            if entries.isEmpty { state.names.append(name) }
            state.entries[name, default: []].append(Entry(labels: labels, series: series))
            return value
        }
    }

    /// A counter.
    public func makeCounter(
        label: String, dimensions: [(String, String)]
    ) -> any CounterHandler {
        series(label, dimensions) {
            let value = CounterValue()
            return (value, .counter(value))
        } _: {
            if case .counter(let value) = $0 { value } else { nil }
        }
    }

    /// A gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    private func gauge(_ name: String, _ labels: [(String, String)]) -> GaugeValue {
        series(name, labels) {
            let value = GaugeValue()
            return (value, .gauge(value))
        } _: {
            if case .gauge(let value) = $0 { value } else { nil }
        }
    }

    private func histogram(
        _ name: String, _ labels: [(String, String)], _ scale: Double
    ) -> HistogramValue {
        series(name, labels) {
            let value = HistogramValue(scale: scale)
            return (value, .histogram(value))
        } _: {
            if case .histogram(let value) = $0 { value } else { nil }
        }
    }

    /// A histogram where it aggregates, else a gauge.
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        aggregate ? histogram(label, dimensions, 1) : gauge(label, dimensions)
    }

    /// A histogram in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions, 1e-9)
    }

    /// Keeps it: what was counted stays counted.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// Keeps it.
    public func destroyMeter(_ handler: any MeterHandler) {}
    /// Keeps it.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Keeps it.
    public func destroyTimer(_ handler: any TimerHandler) {}

    /// All metrics, in the order in which they came to be.
    public func write(to text: inout PrometheusText) {
        let (names, entries, help) = state.withLock { ($0.names, $0.entries, $0.help) }
        for name in names {
            guard let series = entries[name], let first = series.first else { continue }
            text.metric(name, first.series.type, help[name] ?? "\(name).")
            for entry in series {
                let labels = entry.labels.map { (name: $0.0, value: $0.1) }
                switch entry.series {
                case .counter(let value): text.sample(name, labels, "\(value.count)")
                case .gauge(let value):
                    text.sample(name, labels, PrometheusText.number(value.value))
                case .histogram(let value): value.write(name, labels, to: &text)
                }
            }
        }
    }
}

/// What was counted.
final class CounterValue: CounterHandler {
    private let value = Atomic<Int64>(0)

    var count: Int64 { value.load(ordering: .relaxed) }

    func increment(by amount: Int64) { value.wrappingAdd(amount, ordering: .relaxed) }

    func reset() { value.store(0, ordering: .relaxed) }
}

/// What was set last.
final class GaugeValue: MeterHandler, RecorderHandler {
    private let state = Mutex(0.0)

    var value: Double { state.withLock { $0 } }

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { state.withLock { $0 = value } }
    func increment(by amount: Double) { state.withLock { $0 += amount } }
    func decrement(by amount: Double) { state.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
}

/// How often what was recorded lay below each of some bounds.
final class HistogramValue: TimerHandler, RecorderHandler {
    /// Bounds: from a tenth of a millisecond to ten minutes, where seconds are recorded.
    static let bounds = [
        0.000_1, 0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 600,
    ]

    private struct State {
        var counts = [UInt64](repeating: 0, count: HistogramValue.bounds.count + 1)
        var sum = 0.0
    }

    private let state = Mutex(State())
    private let scale: Double

    /// Values are multiplied by a scale.
    init(scale: Double) { self.scale = scale }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration)) }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let value = value * scale
        let place =
            HistogramValue.bounds.firstIndex { value <= $0 } ?? HistogramValue.bounds.count
        state.withLock { state in
            state.counts[place] += 1
            state.sum += value
        }
    }

    func write(
        _ name: String, _ labels: [(name: String, value: String)], to text: inout PrometheusText
    ) {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        var total: UInt64 = 0
        for (place, count) in counts.enumerated() {
            total += count
            let bound =
                place < HistogramValue.bounds.count
                ? PrometheusText.number(HistogramValue.bounds[place]) : "+Inf"
            text.sample("\(name)_bucket", labels + [("le", bound)], "\(total)")
        }
        text.sample("\(name)_sum", labels, PrometheusText.number(sum))
        text.sample("\(name)_count", labels, "\(total)")
    }
}
