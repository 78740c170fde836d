import CXGBoost
import Events
import Learning

/// The installed XGBoost.
public enum XGBoostLibrary {
    /// Its version, for example `1.7.4`.
    public static var version: String {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        XGBoostVersion(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }

    /// The architecture this program runs on.
    static var architecture: String {
        #if arch(x86_64)
        "x86_64"
        #elseif arch(arm64)
        "arm64"
        #else
        "unknown"
        #endif
    }

    /// Throws what the library says where `status`, the result of one of its calls, is a failure.
    ///
    /// The text of the last error is kept per thread, so it is asked for on the spot.
    static func check(_ status: Int32) throws(TrainerError) {
        if status == 0 { return }
        throw failure(XGBGetLastError().map { String(cString: $0) } ?? "XGBoost gave no reason")
    }

    /// The error with a text of the library, of which the reason is kept: what goes into an event
    /// may hold neither the time of day and place in the code before it nor the stack trace behind.
    static func failure(_ text: String) -> TrainerError {
        var reason = text.prefix { $0 != "\n" }
        if reason.first == "[", let place = reason.firstRange(of: ": ") {
            reason = reason[place.upperBound...]
        }
        let wants = ["bad_alloc", "bad_array_new_length", "length_error", "vector::"]
        guard wants.contains(where: { reason.contains($0) }) else {
            return TrainerError(.library, "XGBoost: \(reason)")
        }
        return TrainerError(
            .memory, "XGBoost: \(reason): out of memory; give it fewer rows or more memory")
    }

    /// Lets the library print nothing; the setting belongs to the calling thread.
    static func quiet() throws(TrainerError) {
        try check(XGBSetGlobalConfig(#"{"verbosity":0}"#))
    }
}
