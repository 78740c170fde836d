import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline

/// What stands above a report: the command that makes it again, the program, the data with its
/// seal, the files that it came from, and the date of the newest fact.
struct ReportHead {
    /// Facts of one import, by the digest that they carry.
    struct File {
        let digest: String
        let kind: String
        var rows: UInt64
    }

    /// The command, without the folder and the form of the answer.
    let command: String
    /// Where the data log ends, POSITION:SEAL; nil where there is none in the folder.
    let data: String?
    /// The seal of the timeline that was read.
    let timeline: Digest?
    /// When the newest fact of the timeline was known.
    let newest: Instant?
    /// In order of the first fact of each; filings carry no file, and are one line.
    let files: [File]

    /// The head of a report on what was read of a timeline.
    init(_ command: String, _ option: DataOption, timeline log: EventLog?) throws {
        self.command = command
        data = try option.anchor()
        let head = try log?.head()
        timeline = head?.seal
        var newest: Instant?
        if let log, let head, head.position > 0 {
            _ = try log.record(at: head.position) {
                newest = try Envelope(message: $0.message).knownAt
            }
        }
        self.newest = newest
        files =
            data == nil ? [] : try ReportHead.files(EventLog.open(at: option.folder.log))
    }

    /// The head of a report on a run.
    init(_ run: OpenedRun, _ origin: RunOrigin, _ option: DataOption) throws {
        try self.init(ReportHead.command(of: run, origin), option, timeline: run.timeline)
    }

    /// The command that was given, without what says where and how.
    static var given: String {
        var words: [String] = []
        var arguments = CommandLine.arguments.dropFirst().makeIterator()
        while let word = arguments.next() {
            switch word {
            case "--json", "--quiet", "--plain": continue
            case "--data", "--html", "--lanes": _ = arguments.next()
            case _ where ["--data=", "--html=", "--lanes="].contains(where: word.hasPrefix):
                continue
            default: words.append(quoted(word))
            }
        }
        return "recount " + words.joined(separator: " ")
    }

    /// The command that makes a run again, by what the run recorded of itself.
    private static func command(of run: OpenedRun, _ origin: RunOrigin) -> String {
        let strategy = origin.strategy.strategy
        let isBuiltIn = StrategyFile.builtIn.contains(strategy.name)
        let live = run.manifest?.live
        if let parent = run.manifest?.parent, live == nil {
            return
                "recount fork --run \(parent.run) --as-of r\(parent.position.own) --as \(run.name) "
                + "(and what recount diff --run \(parent.run) --run \(run.name) shows as changed)"
        }
        var words = live == nil ? ["recount", "backtest"] : ["recountd", "run"]
        words += ["--strategy", isBuiltIn ? strategy.name : quoted("\(strategy.name).yaml")]
        if isBuiltIn, let plain = try? StrategyFile.load(strategy.name) {
            let known = Set(plain.strategy.canonicalText.split(separator: "\n"))
            for line in strategy.canonicalText.split(separator: "\n") where !known.contains(line) {
                guard let mark = line.range(of: ": ") else { continue }
                words += [
                    live == nil ? "--set" : "--strategy-set",
                    quoted("\(line[..<mark.lowerBound])=\(line[mark.upperBound...])"),
                ]
            }
        }
        if let live {
            if let from = origin.window.from, from < live.instant.day {
                words += ["--warm-from", "\(from)"]
            }
            return (words + ["--run", run.name]).joined(separator: " ")
                + " (on facts as they came; recount reproduce --run \(run.name) decides it again)"
        }
        if let from = origin.window.from { words += ["--from", "\(from)"] }
        if let to = origin.window.to { words += ["--to", "\(to)"] }
        return (words + ["--run", run.name]).joined(separator: " ")
    }

    /// A word as a shell takes it whole.
    private static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "-_=.,:/+@%".utf8.contains(byte)
        }
        guard !isPlain || word.isEmpty else { return word }
        return "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }

    /// What a data log holds, by the imports that its facts name.
    private static func files(_ log: EventLog) throws -> [File] {
        var found: [(source: Digest?, kind: String, rows: UInt64)] = []
        // Facts of one import stand together: the place before is looked at first.
        var last = 0
        func add(_ source: Digest?, _ kind: String, _ rows: UInt64) {
            if last < found.count, found[last].source == source, found[last].kind == kind {
                found[last].rows += rows
                return
            }
            last = found.firstIndex { $0.source == source && $0.kind == kind } ?? found.count
            if last == found.count { found.append((source, kind, 0)) }
            found[last].rows += rows
        }
        try log.read(through: try log.head().position, check: .trust) { record in
            switch try MessageHeader(record.message).templateID {
            case SessionClosed.templateID:
                let session = try SessionClosedView(record.message)
                add(session.source, "bars", UInt64(session.bars.count))
            case IndexClosed.templateID:
                add(try IndexClosedView(record.message).source, "index closes", 1)
            case CorporateActionAnnounced.templateID:
                add(try CorporateActionAnnouncedView(record.message).source, "actions", 1)
            case DisclosureFiled.templateID, DisclosureAmended.templateID,
                DisclosureWithdrawn.templateID:
                add(nil, "filed rows", 1)
            case PoliticianDescribed.templateID, InstrumentClassified.templateID:
                add(nil, "reference rows", 1)
            default: break
            }
            return .proceed
        }
        return found.map { one in
            File(
                digest: one.source.map { "\($0)" } ?? "", kind: one.kind,
                rows: one.rows)
        }
    }
}

extension RunOption {
    /// The head of a report on the run.
    func head() throws -> ReportHead {
        let (run, origin) = try open()
        return try ReportHead(run, origin, data)
    }
}

extension ReportHead {
    private var program: String { "\(Program.name), commit \(Program.commit)" }

    /// Lines that begin with `#`, so that a program can leave them out.
    var text: String {
        var lines = ["# made by  \(command)", "# program  \(program)"]
        if let data { lines.append("# data     \(data)") }
        if let timeline { lines.append("# read     timeline \(timeline)") }
        for file in files {
            lines.append("# from     \(file.rows) \(file.kind)" + ReportHead.of(file.digest))
        }
        if let newest { lines.append("# newest   fact known \(newest)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func of(_ digest: String) -> String {
        digest.isEmpty ? "" : ", import \(digest.prefix(16))"
    }

    /// The same as an object.
    var json: String {
        var object = JSONObject()
        object.text("command", command)
        object.text("program", program)
        object.text("data", data)
        object.text("timeline", timeline.map { "\($0)" })
        object.json(
            "files",
            JSONObject.list(
                files.map { file in
                    var object = JSONObject()
                    object.text("import", file.digest.isEmpty ? nil : file.digest)
                    object.text("kind", file.kind)
                    object.integer("rows", file.rows)
                    return object.text
                }))
        object.text("newest_fact", newest.map { "\($0)" })
        return object.text
    }

    /// An object with the head as its first field.
    func heading(json object: String) -> String {
        "{\"head\":\(json)" + (object == "{}" ? "" : ",") + object.dropFirst()
    }

    /// A page with the head below its title.
    func heading(html page: String) -> String {
        guard let end = page.range(of: "</header>") else { return page }
        var lines = ["Made by <code>\(escaped(command))</code>", escaped(program)]
        if let data { lines.append("data <code>\(data)</code>") }
        lines += files.map { escaped("\($0.rows) \($0.kind)\(ReportHead.of($0.digest))") }
        if let newest { lines.append("newest fact known \(newest)") }
        return page[..<end.lowerBound]
            + "<p class=\"made\">\(lines.joined(separator: "; "))</p>\n"
            + page[end.lowerBound...]
    }

    private func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;")
            .replacingOccurrences(of: "<", with: "&lt;").replacingOccurrences(of: ">", with: "&gt;")
    }
}
