/// Refuses requests whose `Host` is not this machine's: a page of the web whose name was made to
/// lead here would send its own.
enum HostGuard {
    /// The names of this machine.
    private static var names: [String] { ["127.0.0.1", "localhost", "[::1]"] }

    /// Whether a `Host` names this machine, with a port or without.
    static func isOfLoopback(_ host: String?) -> Bool {
        guard let host else { return false }
        return names.contains { name in
            guard host.hasPrefix(name) else { return false }
            let rest = host.dropFirst(name.count)
            return rest.isEmpty
                || rest.first == ":" && rest.count > 1 && rest.dropFirst().allSatisfy(\.isNumber)
        }
    }
}
