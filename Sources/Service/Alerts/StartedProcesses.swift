import Foundation

/// Processes that a hook started and that have left its group, found by a variable that they got
/// from it: what a hook starts is killed with it at its time limit.
enum StartedProcesses {
    /// Kills each process with a line in its environment, until none is left; one that starts
    /// others faster than they are found is given up after some rounds.
    static func kill(mark: String) {
        for _ in 0..<20 {
            let found = processes(with: mark)
            guard !found.isEmpty else { return }
            for process in found { _ = Foundation.kill(process, SIGKILL) }
            usleep(2_000)
        }
    }

    /// Those with a line in the environment that they began with: another user's is not shown, and
    /// was not started here.
    static func processes(with mark: String) -> [pid_t] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        let line = Array(mark.utf8)
        var found: [pid_t] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let process = pid_t(name), process != getpid(),
                let environment = FileManager.default.contents(atPath: "/proc/\(name)/environ"),
                environment.split(separator: 0).contains(where: { $0.elementsEqual(line) })
            else { continue }
            found.append(process)
        }
        return found
    }
}
