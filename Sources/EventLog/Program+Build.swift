import CPlatform
public import Events
import LMDB

extension Program {
    /// The commit that this program was built from, with a `+` where files differed from it;
    /// "unknown" where the build could not tell.
    public static var commit: String { String(cString: recount_commit()) }

    /// The version of the LMDB library in use.
    public static var storageVersion: String {
        let version = Environment.libraryVersion
        return "\(version.major).\(version.minor).\(version.patch)"
    }
}
