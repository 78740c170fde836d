/// This program, as manifests name it.
public enum Program {
    /// The version: raised with each release.
    public static let version = "0.1"

    /// Name and version.
    public static let name = "recount \(version)"
}
