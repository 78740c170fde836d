import Foundation

/// The secret that signs what is posted. It stands in no text: not in a log, not in an event.
public struct AlertSecret: Sendable, CustomStringConvertible, CustomReflectable {
    let bytes: [UInt8]

    /// The variable that holds it, where no file does.
    public static let variable = "RECOUNTD_ALERT_SECRET"

    /// Bytes of a secret at least.
    static let shortest = 16

    /// A secret of a text.
    ///
    /// - Throws: `AlertRefusal` where it is too short to be one.
    init(_ text: String, of place: String) throws(AlertRefusal) {
        bytes = Array(text.utf8)
        guard bytes.count >= AlertSecret.shortest else {
            throw AlertRefusal(
                description: "\(place) has no secret of \(AlertSecret.shortest) letters or more; "
                    + "make one: openssl rand -hex 32")
        }
    }

    /// The secret of a file that its owner alone may read, else of the environment.
    ///
    /// - Throws: `AlertRefusal` where there is none, or others may read it.
    public static func load(
        file: String?, environment: [String: String]
    ) throws(AlertRefusal) -> AlertSecret {
        guard let file else {
            guard let text = environment[variable] else {
                throw AlertRefusal(
                    description: "alert_webhook needs a secret that signs: name a file of mode "
                        + "0600 by alert_secret_file, or set \(variable)")
            }
            return try AlertSecret(text, of: variable)
        }
        var status = stat()
        guard stat(file, &status) == 0, let data = FileManager.default.contents(atPath: file) else {
            throw AlertRefusal(description: "alert_secret_file: \(file) cannot be read")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw AlertRefusal(
                description: "alert_secret_file: others may read \(file); chmod 600 \(file)")
        }
        let text = String(decoding: data, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        return try AlertSecret(text, of: file)
    }

    /// Not the secret.
    public var description: String { "(a secret)" }

    /// Without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
