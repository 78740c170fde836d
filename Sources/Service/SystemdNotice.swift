import Foundation

/// What a service tells whoever supervises it, in the protocol of systemd (sd_notify(3)): a
/// datagram to the socket that `NOTIFY_SOCKET` names.
public enum SystemdNotice {
    /// The variable that names the socket; a name that begins with `@` is an abstract one.
    public static let variable = "NOTIFY_SOCKET"

    /// Sends assignments, a line each, such as `READY=1`; false where nobody listens.
    @discardableResult
    public static func send(_ text: String, to socketName: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(socketName.utf8)
        guard !name.isEmpty, name.count < MemoryLayout.size(ofValue: address.sun_path) else {
            return false
        }
        if name[0] == UInt8(ascii: "@") { name[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let file = socket(
            AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard file >= 0 else { return false }
        defer { close(file) }
        let length = MemoryLayout<sa_family_t>.size + name.count
        let bytes = Array(text.utf8)
        let sent = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                sendto(
                    file, bytes, bytes.count, Int32(MSG_NOSIGNAL), address,
                    socklen_t(length))
            }
        }
        return sent == bytes.count
    }
}
