import ArgumentParser
import Events

/// An event as commands print it: `r45` of a run or of the data log, `t123` of a timeline, or its
/// number alone.
struct EventArgument: ExpressibleByArgument {
    let position: UInt64
    /// Whether it stands in the timeline; nil where a number alone does not say.
    let isTimeline: Bool?

    init?(argument: String) {
        let letter = argument.first
        let isNamed = letter == "r" || letter == "t"
        let digits = isNamed ? argument.dropFirst() : argument[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ 48...57 ~= $0 }),
            let number = UInt64(digits), number > 0, number < 1 << 63
        else { return nil }
        position = number
        isTimeline = isNamed ? letter == "t" : nil
    }

    /// How references are read, for the help of the commands that take them.
    static let explained = """
        r45 is event 45 of the run, or of the data log where no run is named; t123 is event 123 of \
        the timeline that the run read. They are taken wherever they are printed.
        """
}
