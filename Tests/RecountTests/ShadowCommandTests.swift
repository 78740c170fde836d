import ArgumentParser
import EventLog
import Events
import Foundation
import Learning
import Pipeline
import TestKit
import TestWorlds
import Testing

@testable import recount

/// What a person and a program read of a live run beside its backtest.
@Suite("recount shadow", .timeLimit(.minutes(10)))
struct ShadowCommandTests {
    private let folder = TemporaryFolder()

    /// A data folder with a live run of sixty sessions, half of them halted, and a backtest.
    private func live(halts: Bool) throws {
        let world = SmallWorld(seed: 21, sessions: 120)
        let data = DataFolder("\(folder.path)/d")
        let log = try EventLog.create(
            at: data.log,
            identity: LogIdentity(
                kind: .data, logID: Digest(w0: 1, w1: 1, w2: 1, w3: 1),
                schemaVersion: EventSchema.version))
        try DataSetting.choose(.xnys, in: log, at: .epoch)
        var facts = world.facts[...]
        func come(through instant: Instant) throws {
            try log.append(now: instant) { (batch: inout AppendBatch) in
                while let fact = facts.first,
                    try Envelope(message: fact.span.bytes).knownAt <= instant
                {
                    batch.append(encoded: fact.span.bytes)
                    facts.removeFirst()
                }
            }
        }
        let first = world.days[59]
        try come(through: Instant(first, hour: 22))
        try LiveRuns.make(
            try SmallWorld.strategy(), named: "live", in: data, data: log, prefix: 1)
        let loop = try LiveRuns.open("live", in: data, data: log)
        for day in world.days[60...] {
            for hour in [6, 12, 22] {
                let now = Instant(day, hour: hour)
                try come(through: now)
                while case .due = try loop.turn(at: now) {}
            }
            if halts, day == world.days[80] {
                _ = try OperatorLedger.halt(
                    .person, who: "ann", reason: "odd fills", in: log,
                    now: Instant(day, hour: 22))
            }
        }
    }

    private func shadow(_ arguments: String) throws -> (output: String, status: Int32) {
        try Shell.run("$R shadow \(arguments) --data d", in: folder.path)
    }

    /// All files of the folder but locks, with their contents.
    private func contents() throws -> [String: Data] {
        var found: [String: Data] = [:]
        let root = "\(folder.path)/d"
        for path in try FileManager.default.subpathsOfDirectory(atPath: root) {
            guard !path.hasSuffix("lock.mdb") else { continue }
            if let data = FileManager.default.contents(atPath: "\(root)/\(path)") {
                found[path] = data
            }
        }
        return found
    }

    @Test("lists what a halt cost in a table of a hundred columns, and writes nothing")
    func text() throws {
        try live(halts: true)
        let before = try contents()
        let answer = try shadow("live")
        #expect(answer.status == 0, "\(answer.output)")
        #expect(try contents() == before)
        let lines = answer.output.split(separator: "\n").map(String.init)
        #expect(lines.allSatisfy { $0.count <= 100 }, "\(lines.filter { $0.count > 100 })")
        #expect(lines[0] == "live beside a backtest over its own facts, as it was told of them")
        #expect(lines.contains { $0.hasPrefix("missed  ") })
        #expect(lines.contains { $0.contains("a person: odd fills)") })
        let listed = try #require(lines.first { $0.hasPrefix("all that is listed") })
        let total = try #require(lines.first { $0.hasPrefix("backtest less live") })
        #expect(listed.split(separator: " ").suffix(2) == total.split(separator: " ").suffix(2))
        #expect(lines.last?.hasSuffix(" listed and 0.00 rest") == true)
        let few = try shadow("live --limit 2 --kind entry_missed")
        #expect(few.output.contains("more, none dearer; --limit shows them"))
        #expect(!few.output.contains("\nsize  "))
        #expect(try shadow("live --check").status == 65)
        #expect(try shadow("live --derived").status == 0)
    }

    @Test("one JSON object, its names these")
    func json() throws {
        try live(halts: true)
        let answer = try shadow("live --derived --json")
        let value = try JSONSerialization.jsonObject(with: Data(answer.output.utf8))
        let difference =
            "{bp:number,cost:number,decided:text,event:null,fact:null,kind:text,"
            + "live:null,shadow:{label:null,price:number,session:text,shares:number},ticker:text,"
            + "why:text}"
        #expect(
            JSONShapeTests.shape(value)
                == "{capital:number,differences:[\(difference)],from:text,"
                + "kinds:[{bp_of_capital:number,cost:number,count:number,kind:text}],late_facts:[],"
                + "left_account_at:null,left_out:[{count:number,type:text}],listed:number,live_value:number,order:text,"
                + "other_confidences:number,rest:number,run:text,same_positions:number,"
                + "sessions:number,shadow_value:number,shortfall:number,through:text}")
    }

    @Test("without a halt nothing differs, --check ends with 0; refusals say what to do")
    func nothing() throws {
        try live(halts: false)
        let answer = try shadow("live --check")
        #expect(answer.status == 0 && answer.output.contains("\nNothing differs.\n"))
        #expect(answer.output.hasSuffix("0.00 = 0.00 listed and 0.00 rest\n"))
        let backtest = try shadow("live.rehearsal")
        #expect(backtest.status == 64, "\(backtest.output)")
        #expect(backtest.output.contains("live.rehearsal is a backtest"))
        let none = try shadow("liv")
        #expect(none.status == 66 && none.output.contains("did you mean live?"))
        let kind = try shadow("live --kind slipage")
        #expect(kind.status == 64 && kind.output.contains("did you mean slippage?"))
        #expect(try shadow("live --limit -1").status == 64)
    }

    @Test("what it trains lies aside and is gone again; what was trained before is taken")
    func aside() throws {
        let data = try DataOption.parse(["--data", "\(folder.path)/d"])
        func rows(_ seed: UInt64) -> TrainingMatrix {
            var generator = SeededGenerator(seed: seed)
            var rows = TrainingMatrix(columns: 3)
            for _ in 0..<200 {
                let features = (0..<3).map { _ in Float.random(in: 0..<1, using: &generator) }
                rows.append(features, features[0] > 0.5 ? .win : .loss, weight: 1)
            }
            return rows
        }
        func train(_ trainer: some Trainer, _ seed: UInt64) throws -> Digest {
            let model = try trainer.train(
                rows(seed), earlyStopping: TrainingMatrix(columns: 3), TrainingParameters()
            ) { _ in true }
            return try #require(model.digest)
        }
        let known = try train(data.trainer, 1)
        let before = try contents()
        #expect(!before.isEmpty)
        let trainer = AsideTrainer(data)
        #expect(try train(trainer, 1) == known)
        let fresh = try train(trainer, 2)
        #expect(fresh != known)
        #expect(try !trainer.stored(fresh).isEmpty && !trainer.stored(known).isEmpty)
        trainer.clear()
        #expect(throws: TrainerError.self) { _ = try trainer.stored(fresh) }
        #expect(try contents() == before)
    }

    @Test("verify of a live run reads its timeline too; late lists what it was told of too late")
    func verified() throws {
        try live(halts: false)
        func ask(_ command: String) throws -> (output: String, status: Int32) {
            try Shell.run("$R \(command) --data d 2>&1", in: folder.path)
        }
        let sound = try ask("verify --run live")
        #expect(sound.status == 0 && sound.output.contains("d/runs/live/timeline: sound"))
        let late = try ask("late")
        #expect(late.output.contains("Live run live was told of nothing too late."))
        let shape = try JSONSerialization.jsonObject(
            with: Data(try ask("late --json --run live").output.split(separator: "\n")[0].utf8))
        let runs = try #require((shape as? [String: Any])?["live"] as? [[String: Any]])
        #expect(runs.count == 1 && runs[0]["run"] as? String == "live")

        let path = "\(folder.path)/d/runs/live/timeline/data.mdb"
        var bytes = try Data(contentsOf: URL(filePath: path))
        for page in stride(from: 3 * 4_096, to: bytes.count, by: 4_096) {
            bytes[page + 3_000] ^= 0xFF
        }
        try bytes.write(to: URL(filePath: path))
        let damaged = try ask("verify --run live")
        #expect(damaged.status == 65, "\(damaged.output)")
        #expect(damaged.output.contains("d/runs/live: DAMAGED"), "\(damaged.output)")
        let json = try ask("verify --run live --json")
        #expect(json.output.contains("\"sound\":false") && json.output.contains("\"timeline\":{"))
    }
}
