import EventLog
import Events
import Foundation

/// What a child found when it opened a log after a crash, as a line of words.
struct LogState: Equatable {
    /// Whether the log is there and whole, is not there, or is damaged.
    enum Kind: String {
        case sound, absent, damaged
    }

    var kind: Kind
    /// Head when it was opened.
    var position: UInt64 = 0
    var seal = ""
    /// Head after one more batch; 0 when none was asked for.
    var nextPosition: UInt64 = 0
    var nextSeal = ""
    var remark = ""

    /// Opens, verifies, and appends a batch with `seed` where one is given.
    static func examine(_ path: String, appendingWith seed: UInt64?) -> LogState {
        do {
            let report = try LogVerifier.verify(path)
            guard report.isSound else {
                return LogState(kind: .damaged, remark: report.sentence(path: "log"))
            }
            var state = LogState(kind: .sound, position: report.events, seal: report.seal)
            if let seed {
                let log = try EventLog.open(at: path, access: .write)
                state.nextPosition = try ExpectedLog.append(to: log, seed: seed)
                let head = try log.head()
                guard head.position == state.nextPosition else {
                    return LogState(kind: .damaged, remark: "an append does not move the head")
                }
                state.nextSeal = "\(head.seal)"
            }
            return state
        } catch LogError.missing {
            return LogState(kind: .absent, remark: "no log")
        } catch {
            return LogState(kind: .damaged, remark: "\(error)")
        }
    }

    /// As one line.
    var line: String {
        "\(kind.rawValue)|\(position)|\(seal)|\(nextPosition)|\(nextSeal)|"
            + remark.replacingOccurrences(of: "\n", with: " ")
    }

    /// From its line; a child that died said nothing.
    init?(line: String) {
        let parts = line.split(separator: "|", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, let kind = Kind(rawValue: String(parts[0])),
            let position = UInt64(parts[1]), let next = UInt64(parts[3])
        else { return nil }
        self.init(
            kind: kind, position: position, seal: String(parts[2]), nextPosition: next,
            nextSeal: String(parts[4]), remark: String(parts[5]))
    }

    private init(
        kind: Kind, position: UInt64 = 0, seal: String = "", nextPosition: UInt64 = 0,
        nextSeal: String = "", remark: String = ""
    ) {
        self.kind = kind
        self.position = position
        self.seal = seal
        self.nextPosition = nextPosition
        self.nextSeal = nextSeal
        self.remark = remark
    }

    /// What is wrong with it, when `acknowledged` was; nil when all is as it should be.
    func objection(acknowledged: UInt64, expected: ExpectedLog) throws -> String? {
        switch kind {
        case .damaged: return "the log is damaged: \(remark)"
        case .absent: return acknowledged == 0 ? nil : "the log of \(acknowledged) events is gone"
        case .sound: break
        }
        if position < acknowledged {
            return "\(acknowledged) events were acknowledged, \(position) are left"
        }
        guard let head = try expected.head(at: position), seal == "\(head.seal)" || position == 0
        else { return "the seal at position \(position) is not the writer's" }
        if nextPosition > 0 {
            guard let next = try expected.head(at: nextPosition), nextSeal == "\(next.seal)" else {
                return "the batch after position \(position) has the wrong seal"
            }
        }
        return nil
    }
}
