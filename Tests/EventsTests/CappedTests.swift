import Testing

@testable import Events

/// What a log says may be any number: no arithmetic on it traps, and none makes a null of the wire.
@Suite("Values at the ends of their ranges")
struct CappedTests {
    private static let numbers: [Int64] = [
        0, 1, -1, 100_000_000, .max, .max - 1, .min + 1, .min + 2, .max / 2, .min / 2 - 1,
    ]
    private static let reals: [Double] = [
        0, 1, -1, .nan, .infinity, -.infinity, 1e300, -1e300, .leastNonzeroMagnitude,
        92_233_720_368.6,
        0x1p63, -0x1p63,
    ]

    @Test("sums and differences of money, shares and instants are exact or at an end")
    func sums() {
        for left in Self.numbers {
            for right in Self.numbers {
                let sum = Int128(left) + Int128(right)
                let difference = Int128(left) - Int128(right)
                func capped(_ exact: Int128) -> Int64 {
                    Int64(min(max(exact, Int128(Int64.min + 1)), Int128(Int64.max)))
                }
                let (a, b) = (Money(rawValue: left), Money(rawValue: right))
                #expect((a + b).rawValue == capped(sum))
                #expect((a - b).rawValue == capped(difference))
                let (c, d) = (Quantity(rawValue: left), Quantity(rawValue: right))
                #expect((c + d).rawValue == capped(sum) && (c - d).rawValue == capped(difference))
                #expect(
                    Instant(rawValue: left).adding(nanoseconds: right).rawValue == capped(sum))
                #expect(
                    Instant(rawValue: left).adding(seconds: right).rawValue
                        == capped(Int128(left) + Int128(right) * 1_000_000_000))
            }
            #expect(Quantity(shares: left).rawValue.magnitude <= Int64.max.magnitude)
        }
    }

    @Test("what no amount can be is capped, and no number is none")
    func reals() {
        #expect(Money(dollars: .nan) == .zero)
        #expect(Money(dollars: .infinity).rawValue == .max)
        #expect(Money(dollars: -1e300).rawValue == .min + 1)
        #expect(Money(dollars: 0.000_000_005).rawValue == 1, "ties away from zero, as ever")
        #expect(Money(dollars: 90_000_000_000).isInLedger)
        #expect(!Money(dollars: -90_000_000_000.01).isInLedger)
        #expect(Quantity(shares: 1.999_999_999, fractional: true).rawValue == 199_999_999)
        #expect(Quantity(shares: 1.999_999_999, fractional: false).rawValue == 100_000_000)
        for real in Self.reals {
            #expect(Int64(capped: real).magnitude <= Int64.max.magnitude)
            #expect(Int(capped: real) == Int(Int64(capped: real)))
            #expect(Money(dollars: real).rawValue > .min)
            #expect(Quantity(shares: real, fractional: true).rawValue > .min)
            #expect(Quantity(shares: real, fractional: false).rawValue > .min)
        }
        #expect(Int(capped: -2.9) == -2 && Int(capped: 2.9) == 2)
    }

    @Test("days and instants are capped at their ends, and their texts are read back or refused")
    func dates() {
        let last = Day(rawValue: .max)
        #expect(last + 1 == last && Day(rawValue: .min + 2) - 5 == Day(rawValue: .min + 1))
        #expect(last + Int.max == last && last - Int.min == last)
        #expect(Instant(last, hour: 23).rawValue == .max)
        #expect(Day(rawValue: .min + 1).mondayOfWeek.rawValue > .min)
        for text in ["1677-09-22", "1970-01-01", "2262-04-11"] {
            #expect(Instant("\(text)T00:00:00Z").map { "\($0)" } == "\(text)T00:00:00Z")
        }
        for text in ["0001-01-01", "1677-09-20", "2262-04-12", "9999-12-31"] {
            #expect(Instant("\(text)T00:00:00Z") == nil, "\(text)")
        }
    }

    @Test("a reason that version 2 made raises the version of its message, and no other's")
    func sizeLimit() throws {
        func version(_ reason: SkipReason) throws -> UInt16 {
            let envelope = Envelope(knownAt: .epoch, recordedAt: .epoch, actor: .market)
            let event = SignalSkipped(
                envelope: envelope, signal: .none, day: Day(rawValue: 0),
                ticker: Ticker("ACME")!, reason: reason)
            let bytes = event.encoded()
            let span = bytes.span
            return try MessageHeader(span.bytes).version
        }
        #expect(try version(.sizeLimit) == 2 && version(.volumeCap) == 0)
    }
}
