import CXGBoost

/// The installed XGBoost.
enum XGBoostLibrary {
    /// Its version, for example `1.7.4`.
    static var version: String {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        XGBoostVersion(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }
}
