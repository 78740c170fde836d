public import Events

/// One mature row of a holdout with what both models said of it before its label was known.
public struct HoldoutRow: Hashable, Sendable {
    /// The decision date.
    public var day: Day
    /// Number of the decision session.
    public var session: Int
    /// What was evaluated.
    public var ticker: Ticker
    /// Class of the long side's net return.
    public var label: OutcomeClass
    /// Net return of the long side, a fraction.
    public var netReturn: Double
    /// What the champion said; nil when there is none and the majority baseline stands in.
    public var champion: TreeEnsemble.Probabilities?
    /// What the challenger said.
    public var challenger: TreeEnsemble.Probabilities

    /// A row from its parts.
    public init(
        day: Day, session: Int, ticker: Ticker, label: OutcomeClass, netReturn: Double,
        champion: TreeEnsemble.Probabilities?, challenger: TreeEnsemble.Probabilities
    ) {
        self.day = day
        self.session = session
        self.ticker = ticker
        self.label = label
        self.netReturn = netReturn
        self.champion = champion
        self.challenger = challenger
    }

    /// Whether the row comes before `other` in canonical order: by day, then by ticker.
    public func precedes(_ other: HoldoutRow) -> Bool {
        (day, ticker) < (other.day, other.ticker)
    }

    /// Appends what makes the row, without any prediction, so that two comparisons on the same
    /// rows have the same digest: day, ticker, label and the bits of the return, little-endian.
    public func appendIdentity(to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: UInt32(bitPattern: day.rawValue) >> shift))
        }
        for word in [ticker.littleEndianCharacters, netReturn.bitPattern] {
            for shift in stride(from: 0, to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        bytes.append(label.rawValue)
    }
}

extension TreeEnsemble.Probabilities {
    /// The class with the highest probability; on a tie the class with the lower raw value, so
    /// loss before breakeven before win.
    public var predicted: OutcomeClass {
        if loss >= breakeven && loss >= win { return .loss }
        return breakeven >= win ? .breakeven : .win
    }

    /// P(win)/(P(win) + P(loss)); nil when both are zero.
    public var winShare: Double? {
        let sum = Double(win) + Double(loss)
        return sum > 0 ? Double(win) / sum : nil
    }

    /// The probability of one class.
    public subscript(outcome: OutcomeClass) -> Float {
        switch outcome {
        case .loss: loss
        case .breakeven: breakeven
        default: win
        }
    }
}

/// The win shares from which a model says buy or sell.
public struct MachineThresholds: Hashable, Sendable {
    /// Buy at this many hundredths or more.
    public var buyHundredths: Int
    /// Sell at this many hundredths or fewer.
    public var sellHundredths: Int

    /// Thresholds in hundredths, .55 and .45 unless told.
    public init(buyHundredths: Int = 55, sellHundredths: Int = 45) {
        self.buyHundredths = buyHundredths
        self.sellHundredths = sellHundredths
    }

    /// What a row earns: the net return on a buy, its negative on a sell, nothing when neutral.
    ///
    /// - Parameter share: the win share; nil is neutral.
    public func profit(share: Double?, netReturn: Double) -> Double {
        guard let share else { return 0 }
        if share >= Double(buyHundredths) / 100 { return netReturn }
        return share <= Double(sellHundredths) / 100 ? -netReturn : 0
    }
}
