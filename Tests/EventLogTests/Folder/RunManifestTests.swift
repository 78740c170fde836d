import EventLog
import Events
import Foundation
import TestKit
import Testing

@Suite("Run manifests")
struct RunManifestTests {
    @Test("say the same when read again, for a run and for a fork")
    func roundTrip() throws {
        let runs = try RunFolder()
        let parent = RunManifest.Parent(
            run: "first", seal: Digest(w0: 9, w1: 8, w2: 7, w3: 6),
            position: MergedPosition(own: 45, timeline: 123), timeline: .continued)
        for manifest in [runs.manifest("a"), runs.manifest("a", parent: parent)] {
            try? FileManager.default.removeItem(atPath: runs.data.run("a"))
            try runs.make("a", manifest: manifest)
            #expect(try RunManifest.read(in: runs.data.run("a")) == manifest)
            #expect(manifest.program == Program.name)
        }
    }

    @Test("are in place before the run can be seen, and left behind by no build that failed")
    func inPlace() throws {
        struct Stop: Error {}
        let runs = try RunFolder()
        let identity = LogIdentity(
            kind: .run, logID: RunFolder.id("cut"), schemaVersion: EventSchema.version)
        let folder = "\(runs.folder.path)/runs"
        #expect(throws: Stop.self) {
            try LogBuilder.build(
                at: runs.data.run("cut"), identity: identity, manifest: runs.manifest("cut")
            ) { builder in
                try builder.append(runs.drawn.event(1).span.bytes)
                let building = try #require(
                    try FileManager.default.contentsOfDirectory(atPath: folder).first)
                #expect(building.hasPrefix(".building-"))
                #expect(
                    try RunManifest.read(in: "\(folder)/\(building)") == runs.manifest("cut"),
                    "it is there from before the first event on")
                #expect(runs.data.runNames == [])
                throw Stop()
            }
        }
        #expect(!FileManager.default.fileExists(atPath: folder), "made for nothing, it is gone")
    }

    @Test("change no seal, whether they are there, deleted, or added")
    func outsideTheSeal() throws {
        let runs = try RunFolder()
        let with = try runs.make("a", manifest: runs.manifest("a"), finished: runs.timeline)
        let text = try String(contentsOfFile: runs.manifestPath("a"), encoding: .utf8)
        #expect(try EventLog.open(at: runs.data.run("a")).head() == with)
        #expect(try LogVerifier.verify(runs.data.run("a")).isSound)
        try FileManager.default.removeItem(atPath: runs.manifestPath("a"))
        #expect(try runs.data.openRun("a").log.head() == with)
        #expect(try LogVerifier.verify(runs.data.run("a")).isSound)
        try runs.write(text, to: "a")
        #expect(try runs.data.openRun("a").manifest == runs.manifest("a"))
        #expect(try runs.data.openRun("a").log.head() == with)
        try FileManager.default.removeItem(atPath: runs.data.run("a"))
        #expect(try runs.make("a", manifest: nil, finished: runs.timeline) == with)
    }

    @Test("name the timeline of a run that has not ended; a finished run opens without")
    func timeline() throws {
        let runs = try RunFolder()
        try runs.make("growing", manifest: runs.manifest("growing"))
        try runs.make("old", manifest: nil, finished: runs.timeline)
        for name in ["growing", "old"] {
            let run = try runs.data.openRun(name)
            #expect(try run.timeline.head().seal == runs.timeline)
            #expect((run.manifest == nil) == (name == "old"))
            var cursor = run.merged.cursor()
            var count = 0
            while let record = try cursor.next() {
                if count < runs.drawn.order.count {
                    #expect(record.reference == runs.drawn.order[count])
                }
                count += 1
            }
            #expect(count == runs.drawn.order.count + (name == "old" ? 1 : 0))
        }
        try runs.make("cut", manifest: nil)
        let path = try runs.data.run("cut")
        #expect(throws: RunFolderError.unfinished(path: path)) { try runs.data.openRun("cut") }
        try runs.make("nameless", manifest: nil, finished: .some(nil))
        #expect(throws: RunFolderError.unfinished(path: try runs.data.run("nameless"))) {
            try runs.data.openRun("nameless")
        }
    }

    @Test("that are bad are refused with their path, what is wrong, and the remedy")
    func bad() throws {
        let runs = try RunFolder()
        try runs.make("a", manifest: runs.manifest("a"), finished: runs.timeline)
        let sound = runs.manifest("a").text
        let path = try runs.manifestPath("a")
        let damages: [(text: String, what: String)] = [
            ("", "no JSON"), ("[]", "no JSON object"), (String(sound.dropLast(5)), "no JSON"),
            ("{}", "format is missing"),
            (sound.replacing("\"format\":1", with: "\"format\":\"1\""), "format is 1"),
            (sound.replacing("\"format\":1", with: "\"format\":0"), "format 0"),
            (sound.replacing("\"format\":1", with: "\"format\":1.5"), "format is 1.5"),
            (sound.replacing("\"timeline\":\"", with: "\"timeline\":\"x"), "timeline is x"),
            (sound.replacing("\"timeline\":", with: "\"time\":"), "timeline is missing"),
            (sound.replacing("2020-01-02", with: "2020-02-30"), "window.from is 2020-02-30"),
            (sound.replacing("\"name\":", with: "\"nom\":"), "strategy.name is missing"),
            (sound.replacing("\"window\":{", with: "\"window\":1,\"w\":{"), "window is 1"),
            (runs.manifest("b").text, "another run"),
        ]
        for (text, what) in damages {
            try runs.write(text, to: "a")
            let error = #expect(throws: RunFolderError.self, "\(text)") {
                try runs.data.openRun("a")
            }
            let description = "\(try #require(error))"
            #expect(description.hasPrefix(path) && description.contains(what), "\(description)")
            #expect(description.contains("delete the file"), "\(description)")
        }
        try runs.write(sound.replacing("\"format\":1", with: "\"format\":3"), to: "a")
        #expect(throws: RunFolderError.newerManifest(path: path, format: 3)) {
            try runs.data.openRun("a")
        }
        try FileManager.default.removeItem(atPath: path)
        #expect(try runs.data.openRun("a").manifest == nil, "the remedy helps")
    }

    @Test("that name another timeline than the run's last event, or one that is gone, are refused")
    func otherTimeline() throws {
        let runs = try RunFolder()
        var manifest = runs.manifest("a")
        manifest.timeline = .zero
        try runs.make("a", manifest: manifest, finished: runs.timeline)
        let error = #expect(throws: RunFolderError.self) { try runs.data.openRun("a") }
        #expect("\(try #require(error))".contains("another timeline"))
        manifest = runs.manifest("b")
        manifest.timeline = .zero
        try runs.make("b", manifest: manifest)
        #expect(
            throws: RunFolderError.noTimeline(
                path: try runs.data.run("b"), timeline: "\(Digest.zero)")
        ) { try runs.data.openRun("b") }
    }

    @Test("of forks name the parent, whose past is read before their own")
    func forks() throws {
        let runs = try RunFolder()
        try runs.make("first", manifest: runs.manifest("first"), finished: runs.timeline)
        let parent = try runs.data.openRun("first")
        let position = try #require(try parent.merged.position(60))
        let seal = try parent.merged.seal(of: .own(position.own))
        let messages = (1...3).map {
            Interleaving.message(.own(position.own + $0), at: 0, through: 40)
        }
        try runs.make(
            "fork", messages,
            manifest: runs.manifest(
                "fork", parent: RunManifest.Parent(run: "first", seal: seal, position: position)))
        let fork = try runs.data.openRun("fork")
        var cursor = fork.merged.cursor()
        let given = try cursor.rest()
        let expected =
            Array(runs.drawn.order.prefix(60))
            + (position.timeline + 1...40).map { .timeline($0) }
            + (1...3).map { .own(position.own + $0) }
        #expect(given == Given.all(expected))

        try runs.make(
            "other", messages,
            manifest: runs.manifest(
                "other", parent: RunManifest.Parent(run: "first", seal: .zero, position: position)))
        #expect(
            throws: RunFolderError.otherParent(path: try runs.data.run("other"), parent: "first")
        ) { try runs.data.openRun("other") }
        try runs.make(
            "circle", messages,
            manifest: runs.manifest(
                "circle", parent: RunManifest.Parent(run: "circle", seal: seal, position: position))
        )
        let circle = #expect(throws: RunFolderError.self) { try runs.data.openRun("circle") }
        #expect("\(try #require(circle))".contains("its own parent"))
        try FileManager.default.removeItem(atPath: runs.data.run("first"))
        #expect(throws: DataFolderError.self) { try runs.data.openRun("fork") }
    }
}
