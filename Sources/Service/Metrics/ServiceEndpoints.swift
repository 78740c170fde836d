public import EventLog
import Events
import Foundation

/// What a service answers to whoever watches it: pure of any server.
public struct ServiceEndpoints: Sendable {
    /// An answer.
    public struct Answer: Hashable, Sendable {
        /// The HTTP status.
        public var status: Int
        /// The media type.
        public var type: String
        /// The body.
        public var body: String
    }

    private let probe: DaemonProbe
    private let registry: PrometheusRegistry
    private let folder: DataFolder
    private let run: String

    /// Seconds without a sign after which a loop stands still.
    public static let stillSeconds = 60.0
    /// Seconds for which what projectors wrote of themselves holds.
    static let projectorSeconds = 300.0

    /// The answers of a daemon.
    public init(
        _ probe: DaemonProbe, _ registry: PrometheusRegistry, run: String, in folder: DataFolder
    ) {
        (self.probe, self.registry, self.run, self.folder) = (probe, registry, run, folder)
    }

    /// `/healthz`: 200 while the loop gives signs of life, and before its first.
    public func health() -> Answer {
        let age = probe.pulse.age
        let isStill = isStill(age)
        var object = JSONObject()
        object.boolean("alive", !isStill)
        object.text("state", probe.current.state)
        object.real("seconds_since_step", age.map { ($0 * 1_000).rounded() / 1_000 })
        return answer(object, !isStill)
    }

    /// `/readyz`: 200 while the run is open and decides, 503 with the reason otherwise.
    public func readiness() -> Answer {
        let standing = probe.current
        let isStill = isStill(probe.pulse.age)
        let isAtWork = ["idle", "waiting", "running"].contains(standing.state)
        let isReady = standing.isOpen && isAtWork && !isStill
        let reason: String? =
            isReady
            ? nil
            : isStill
                ? "the loop gave no sign for \(Int(probe.pulse.age ?? 0)) s"
                : standing.isOpen
                    ? "\(standing.state): \(standing.next)" : "the run is not open yet"
        var object = JSONObject()
        object.boolean("ready", isReady)
        object.text("state", standing.state)
        object.text("reason", reason)
        object.text("next", standing.next)
        return answer(object, isReady)
    }

    /// Whether a loop whose run is open stands still: to open it takes as long as it takes.
    private func isStill(_ age: Double?) -> Bool {
        guard let age, probe.current.isOpen else { return false }
        return age > ServiceEndpoints.stillSeconds
    }

    private func answer(_ object: JSONObject, _ isGood: Bool) -> Answer {
        Answer(
            status: isGood ? 200 : 503, type: "application/json", body: object.text + "\n")
    }

    /// `/metrics`: what the service measures, what the process takes, and what projectors beside
    /// it wrote of themselves.
    public func metrics() -> Answer {
        var text = PrometheusText()
        text.metric("recountd_build_info", "gauge", "1; the program and the run.")
        text.sample("recountd_build_info", [("version", Program.name), ("run", run)], "1")
        registry.write(to: &text)
        ProcessMetrics.write(to: &text)
        return Answer(
            status: 200, type: "text/plain; version=0.0.4; charset=utf-8",
            body: text.text + projectors())
    }

    private func projectors() -> String {
        let path = "\(folder.path)/views/recount.prom"
        var status = stat()
        guard stat(path, &status) == 0,
            Date().timeIntervalSince1970 - Double(status.st_mtim.tv_sec)
                < ServiceEndpoints.projectorSeconds,
            let data = FileManager.default.contents(atPath: path)
        else { return "" }
        return String(decoding: data, as: UTF8.self)
    }
}

/// What a process takes of the machine, under the names that Prometheus's clients use.
enum ProcessMetrics {
    static func write(to text: inout PrometheusText) {
        let statistics = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = statistics.split(separator: " ").compactMap { Int($0) }
        if pages.count > 1 {
            text.metric("process_resident_memory_bytes", "gauge", "Memory that is resident.")
            text.sample(
                "process_resident_memory_bytes", "\(pages[1] * sysconf(Int32(_SC_PAGESIZE)))")
        }
        if let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            text.metric("process_open_fds", "gauge", "Files that are open.")
            text.sample("process_open_fds", "\(files.count)")
        }
        var usage = rusage()
        guard getrusage(Int32(RUSAGE_SELF.rawValue), &usage) == 0 else { return }
        let seconds =
            Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
        text.metric("process_cpu_seconds_total", "counter", "Time of processors, user and system.")
        text.sample("process_cpu_seconds_total", PrometheusText.number(seconds))
    }
}
