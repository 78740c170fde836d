import Events
import Foundation
import Learning
import TestKit
import Testing
import XGBoost

@Suite("The store of models")
struct ModelStoreTests {
    private let folder = TemporaryFolder()
    private var store: ModelStore { ModelStore("\(folder.path)/models") }

    @Test("an artefact is kept once, under its SHA-256, and read back")
    func kept() throws {
        let digest = try store.write(Array("abc".utf8))
        #expect(
            digest.description
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(try store.write(Array("abc".utf8)) == digest)
        try store.write([])
        let names = try FileManager.default.contentsOfDirectory(atPath: store.path).sorted()
        #expect(names == ["\(digest).ubj", "\(ModelStore.digest(of: [])).ubj"])
        #expect(try store.read(digest) == Array("abc".utf8))
        #expect(try store.read(ModelStore.digest(of: [])) == [])
    }

    @Test("a changed file is an error that names it and the remedy; writing again mends it")
    func changed() throws {
        let digest = try store.write(Array("abc".utf8))
        try Data("abd".utf8).write(to: URL(fileURLWithPath: store.file(digest)))
        let error = #expect(throws: TrainerError.self) { try store.read(digest) }
        #expect(error?.reason == .artefactLost)
        #expect(
            error?.description
                == "models/\(digest).ubj: the file was changed, its SHA-256 is "
                + "a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9; "
                + "put a copy back, or train again: the same rows give the same model")
        try store.write(Array("abc".utf8))
        #expect(try store.read(digest) == Array("abc".utf8))
    }

    @Test("a lost file is an error that names it, and not where the folder lies")
    func lost() {
        let error = #expect(throws: TrainerError.self) { try store.read(.zero) }
        #expect(error?.reason == .artefactLost)
        #expect(error?.description.hasPrefix("models/\(Digest.zero).ubj: no such file; ") == true)
        #expect(error?.description.contains(folder.path) == false)
    }

    @Test("a place that cannot be written is an error, and leaves nothing")
    func unwritable() throws {
        let file = try folder.write("models", "a file where the folder should be")
        let error = #expect(throws: TrainerError.self) { try ModelStore(file).write([1]) }
        #expect(error?.reason == .artefactLost)
        #expect(error?.description.contains("the model cannot be kept") == true)
        let taken = ModelStore("\(folder.path)/others")
        let place = taken.file(ModelStore.digest(of: [1]))
        try FileManager.default.createDirectory(
            atPath: "\(place)/full", withIntermediateDirectories: true)
        #expect(throws: TrainerError.self) { try taken.write([1]) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: taken.path).count == 1)
    }
}
