import Events
import Foundation
import TestKit
import Testing

@testable import XGBoost

@Suite("The use of stored models")
struct ModelStoreUseTests {
    private let folder = TemporaryFolder()
    private var store: ModelStore { ModelStore("\(folder.path)/models") }

    @Test("what was used last is named last, and goes last")
    func order() throws {
        let artefacts = try (1...4).map { try store.write([UInt8](repeating: $0, count: 10)) }
        for (age, artefact) in zip([40, 30, 20, 10], artefacts) {
            var times = [timespec(), timespec()]
            for index in 0...1 { times[index].tv_sec = time(nil) - age }
            #expect(utimensat(AT_FDCWD, store.file(artefact), times, 0) == 0)
        }
        #expect(store.artefacts().map(\.artefact) == artefacts)
        store.touch(artefacts[1])
        #expect(
            store.artefacts().map(\.artefact)
                == [artefacts[0], artefacts[2], artefacts[3], artefacts[1]])
    }

    @Test("nothing is done while another holds the models, and this process holds them afterwards")
    func held() throws {
        #expect(store.whileUnused { 1 } == nil, "there is no folder")
        _ = try store.write([1, 2, 3])
        #expect(store.whileUnused { 1 } == 1)
        let other = open(store.path, O_RDONLY)
        defer { close(other) }
        #expect(flock(other, LOCK_EX | LOCK_NB) != 0, "this process uses them")
        #expect(flock(other, LOCK_SH | LOCK_NB) == 0)
        #expect(store.whileUnused { 1 } == nil)
        #expect(flock(other, LOCK_UN) == 0)
        #expect(store.whileUnused { 2 } == 2)
        // Another folder of the same name is another one.
        try FileManager.default.removeItem(atPath: store.path)
        _ = try store.write([1, 2, 3])
        let new = open(store.path, O_RDONLY)
        defer { close(new) }
        #expect(flock(new, LOCK_EX | LOCK_NB) != 0)
    }
}
