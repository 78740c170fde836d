extension Instant: LosslessStringConvertible {
    /// Reads `YYYY-MM-DDTHH:MM:SSZ`, the seconds optional, and nothing else; nothing before 1677
    /// or after 2262 either.
    public init?(_ description: String) {
        let parts = description.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, let day = Day(String(parts[0])), parts[1].hasSuffix("Z") else {
            return nil
        }
        let clock = parts[1].dropLast().split(separator: ":", omittingEmptySubsequences: false)
        let numbers = clock.compactMap { digits in
            digits.utf8.count == 2 && digits.utf8.allSatisfy { 48...57 ~= $0 } ? Int(digits) : nil
        }
        guard numbers.count == clock.count, 2...3 ~= numbers.count, numbers[0] < 24,
            numbers.dropFirst().allSatisfy({ $0 < 60 })
        else { return nil }
        let seconds = numbers.count == 3 ? Int64(numbers[2]) : 0
        self = Instant(day, hour: numbers[0], minute: numbers[1]).adding(seconds: seconds)
        // Of what is capped the day is another.
        guard self.day == day else { return nil }
    }
}
