/// Random numbers that depend on a seed alone: SplitMix64 (Steele, Lea and Flood, 2014).
struct SeededDraws {
    private var state: UInt64

    /// Starts from a seed.
    init(seed: UInt64) {
        state = seed
    }

    /// A whole number from 0 to `count` − 1, each as likely to one part in 2^64 / `count`.
    ///
    /// - Precondition: `count` is above 0.
    mutating func below(_ count: Int) -> Int {
        precondition(count > 0, "something to draw from is needed")
        return Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
