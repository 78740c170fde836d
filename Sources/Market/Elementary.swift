#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The only place of the core that calls the C mathematics library.
///
/// Results may differ in the last bit between library versions; square roots are exact by IEEE 754.
public enum Elementary {
    /// The natural logarithm.
    public static func log(_ value: Double) -> Double {
        #if canImport(Glibc)
        Glibc.log(value)
        #else
        Musl.log(value)
        #endif
    }

    /// e to the power of `value`.
    public static func exp(_ value: Double) -> Double {
        #if canImport(Glibc)
        Glibc.exp(value)
        #else
        Musl.exp(value)
        #endif
    }

    /// The complementary error function, 2/√π times the integral of e^(−t²) from `value` on.
    public static func erfc(_ value: Double) -> Double {
        #if canImport(Glibc)
        Glibc.erfc(value)
        #else
        Musl.erfc(value)
        #endif
    }
}
