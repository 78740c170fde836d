import Foundation

/// Modes of new files.
enum FileMode {
    /// What the user does not want others to be allowed; read once, since asking sets it for a
    /// moment.
    static let umask: mode_t = {
        let mask = Foundation.umask(0o022)
        _ = Foundation.umask(mask)
        return mask
    }()
}
