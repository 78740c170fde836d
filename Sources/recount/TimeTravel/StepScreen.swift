import Application
import EventLog
import Events
import Foundation
import Projections

/// The stepper on a terminal: one event and its changes at a time, a key a step.
struct StepScreen {
    private var walk: HistoryWalk
    private let option: HistoryOption
    private var message = ""
    private let keys = RawTerminal()

    init(_ walk: HistoryWalk, _ option: HistoryOption) {
        (self.walk, self.option) = (walk, option)
    }

    func run() throws {
        var screen = self
        screen.keys.begin()
        defer { screen.keys.end() }
        try screen.draw()
        while let key = screen.keys.next(), key != .character("q"), try screen.obey(key) {
            try screen.draw()
        }
    }

    private mutating func obey(_ key: RawTerminal.Key) throws -> Bool {
        message = ""
        switch key {
        case .right, .down, .character("n"), .character(" "), .character("\n"):
            try stepping(along: nil) { try $0.forth() }
        case .left, .up, .character("p"): try stepping(along: nil) { try $0.back() }
        case .character("N"): try stepping(along: walk.expression) { try $0.forth() }
        case .character("P"): try stepping(along: walk.expression) { try $0.back() }
        case .character("/"): try askPath()
        case .character("g"): try askMoment()
        default: message = "n next  p previous  / path  N P along it  g go to  q end"
        }
        return true
    }

    private mutating func stepping(
        along expression: HistoryExpression?, _ step: (inout HistoryWalk) throws -> UInt64?
    ) throws {
        let path = walk.expression
        walk.expression = expression
        defer { walk.expression = path }
        if try step(&walk) == nil { message = "there is no other event that way" }
    }

    private mutating func askPath() throws {
        guard let text = keys.line("path: "), !text.isEmpty else { return }
        do {
            let expression = try HistoryExpression(text)
            let end = try walk.history.view.merged.end().position
            try option.ensure(expression.projections, through: end, in: walk.history)
            walk.expression = expression
            message = "N and P go along \(text)"
        } catch {
            message = "\(error)".replacingOccurrences(of: "\n", with: " ")
        }
    }

    private mutating func askMoment() throws {
        guard let text = keys.line("go to: "), !text.isEmpty else { return }
        do {
            walk.go(to: try option.position(text, in: walk.history).position)
        } catch {
            message = "\(error)"
        }
    }

    private func draw() throws {
        let (width, height) = RawTerminal.size()
        let event = try EventAt(walk.position, in: walk.history)
        var lines = ["\(walk.projection) of \(walk.history.view.name), position \(walk.position)"]
        lines += [event.text, ""]
        let changes = try walk.changes()
        lines += changes.flatMap { ChangeText.lines($0) }
        if changes.isEmpty { lines.append("this event changes nothing here") }
        if let expression = walk.expression {
            let value = try walk.history.value(of: expression, at: walk.position)
            lines += ["", "\(expression.text) = \(RowText.plain(value))"]
        }
        let room = max(1, height - 2)
        if lines.count > room {
            lines = lines.prefix(room - 1) + ["… \(lines.count - room + 1) more lines"]
        }
        var text = "\u{1B}[2J\u{1B}[H"
        for line in lines { text += Terminal.line(String(line.prefix(width))) + "\r\n" }
        text += "\u{1B}[\(height);1H\u{1B}[2m"
        text += Terminal.line(
            String((message.isEmpty ? "n p / N P g q" : message).prefix(width)))
        text += "\u{1B}[0m"
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}

/// A terminal that gives each key at once.
final class RawTerminal {
    enum Key: Hashable {
        case left
        case right
        case up
        case down
        case character(Character)
    }

    private var former = termios()
    private var isRaw = false

    deinit { end() }

    /// Width and height in characters.
    static func size() -> (width: Int, height: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Keys come at once and are not shown; control-C goes on ending the program.
    func begin() {
        guard tcgetattr(STDIN_FILENO, &former) == 0 else { return }
        var raw = former
        raw.c_lflag &= ~UInt32(ICANON | ECHO)
        isRaw = tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) == 0
    }

    /// As it was before, on a line of its own.
    func end() {
        guard isRaw else { return }
        isRaw = false
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &former)
        FileHandle.standardOutput.write(Data("\r\n".utf8))
    }

    /// The next key; nil at the end of the input.
    func next() -> Key? {
        guard let byte = byte() else { return nil }
        guard byte == 0x1B else { return .character(Character(UnicodeScalar(byte))) }
        guard self.byte() == UInt8(ascii: "["), let code = self.byte() else {
            return .character("q")
        }
        switch code {
        case UInt8(ascii: "A"): return .up
        case UInt8(ascii: "B"): return .down
        case UInt8(ascii: "C"): return .right
        case UInt8(ascii: "D"): return .left
        default: return .character("?")
        }
    }

    /// A line that a person writes at the foot of the screen.
    func line(_ prompt: String) -> String? {
        let height = RawTerminal.size().height
        FileHandle.standardOutput.write(Data("\u{1B}[\(height);1H\u{1B}[K\(prompt)".utf8))
        if isRaw { tcsetattr(STDIN_FILENO, TCSAFLUSH, &former) }
        defer { if isRaw { begin() } }
        return readLine()
    }

    private func byte() -> UInt8? {
        var byte: UInt8 = 0
        return read(STDIN_FILENO, &byte, 1) == 1 ? byte : nil
    }
}
