/// What a stream of chance decides. Each has its own, so that changing one leaves the others.
enum Purpose: UInt64 {
    case regimes = 1
    case market
    case sectors
    case companies
    case people
    case documents
    case skill
    case dirt
    case path
    case volume
}

/// A sequence of random numbers that depends on (seed, purpose, number) alone: SplitMix64.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
struct ChanceStream {
    private var state: UInt64
    private var spare: Double?

    init(seed: UInt64, _ purpose: Purpose, _ number: Int = 0) {
        let key = purpose.rawValue << 32 | UInt64(number)
        state = ChanceStream.mixed(seed &+ 0x9E37_79B9_7F4A_7C15) ^ ChanceStream.mixed(key)
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// The next 64 bits.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return ChanceStream.mixed(state)
    }

    /// A number in 0..<1.
    mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// A number in `low`..<`high`.
    mutating func uniform(_ low: Double, _ high: Double) -> Double {
        low + (high - low) * uniform()
    }

    /// A whole number in 0..<`bound`.
    mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// Whether an event of this probability happens.
    mutating func happens(_ probability: Double) -> Bool { uniform() < probability }

    /// −ln of a uniform number: exponential of mean 1.
    mutating func exponential() -> Double { -PortableMath.log(1 - uniform()) }

    /// A standard normal number, by Marsaglia's polar method.
    mutating func normal() -> Double {
        if let kept = spare {
            spare = nil
            return kept
        }
        while true {
            let first = uniform(-1, 1)
            let second = uniform(-1, 1)
            let square = first * first + second * second
            guard square < 1, square > 0 else { continue }
            let factor = (-2 * PortableMath.log(square) / square).squareRoot()
            spare = second * factor
            return first * factor
        }
    }

    /// The logarithm of a lognormal factor of this variance whose expectation is 1.
    mutating func factor(variance: Double) -> Double {
        variance.squareRoot() * normal() - variance / 2
    }

    /// Puts `values` into random order.
    mutating func shuffle<Value>(_ values: inout [Value]) {
        for index in values.indices.dropLast() {
            values.swapAt(index, index + below(values.count - index))
        }
    }
}

/// A choice among numbers with given weights.
struct WeightedChoice {
    private var sums: [Double] = []

    init(_ weights: [Double]) {
        var sum = 0.0
        for weight in weights {
            sum += weight
            sums.append(sum)
        }
    }

    func draw(_ chance: inout ChanceStream) -> Int {
        let target = chance.uniform() * (sums.last ?? 0)
        var low = 0
        var high = sums.count - 1
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > target { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
