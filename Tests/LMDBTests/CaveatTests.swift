import Foundation
import Synchronization
import TestKit
import Testing

@testable import LMDB

/// What LMDB itself must be kept from; the log's own caveats are in EventLogTests.
@Suite("LMDB")
struct CaveatTests {
    let folder = TemporaryFolder()

    private func options(mapSize: Int = 1 << 30, drainSeconds: Int = 10) -> Environment.Options {
        var options = Environment.Options()
        options.mapSize = mapSize
        options.drainSeconds = drainSeconds
        return options
    }

    private func put(_ environment: Environment, _ keys: ClosedRange<UInt64>) throws {
        let transaction = try environment.beginWrite()
        let numbers = try transaction.makeDatabase("numbers", keys: .integers)
        for key in keys { try transaction.append(key, [UInt8(key & 255)], to: numbers) }
        try transaction.commit()
    }

    private func lastNumber(_ environment: Environment) throws -> UInt64? {
        let transaction = try environment.beginRead()
        guard let numbers = try transaction.database("numbers") else { return nil }
        var cursor = try transaction.cursor(numbers)
        return try cursor.last() ? cursor.integerKey : nil
    }

    @Test("a map that another process outgrew is taken anew, for reading and for writing")
    func outgrownMap() throws {
        let environment = try Environment.open(
            path: folder.path, options: options(mapSize: 1 << 20))
        #expect(try environment.information().mapSize == 1 << 20)
        let peer = try Peer.run(["grow", folder.path, "\(64 << 20)", "600"])
        #expect(peer.status == 0, "\(peer.output)")
        #expect(try lastNumber(environment) == 600)
        #expect(try environment.information().mapSize > 1 << 20)
        try put(environment, 601...700)
        #expect(try lastNumber(environment) == 700)
    }

    @Test("a transaction that is held keeps the map from being taken anew, and the error says so")
    func heldWhileOutgrown() throws {
        let environment = try Environment.open(
            path: folder.path, options: options(mapSize: 1 << 20, drainSeconds: 1))
        try put(environment, 1...1)
        let held = try environment.beginRead()
        let peer = try Peer.run(["grow", folder.path, "\(64 << 20)", "600"])
        #expect(peer.status == 0, "\(peer.output)")
        let refusal = #expect(throws: LMDBError.self) { try lastNumber(environment) }
        #expect("\(try #require(refusal))".contains("end this process's transactions"))
        try held.commit()
        #expect(try lastNumber(environment) == 601)
    }

    @Test("an environment is shared within a process, and a reader's is not given to a writer")
    func openedTwice() throws {
        let first = try Environment.open(path: folder.path, options: options())
        let again = try Environment.open(path: folder.path + "/.", options: options())
        #expect(first === again)
        let other = TemporaryFolder()
        do { _ = try Environment.open(path: other.path, options: options()) }
        var readOnly = options()
        readOnly.isReadOnly = true
        let reader = try Environment.open(path: other.path, options: readOnly)
        let refusal = #expect(throws: LMDBError.self) {
            _ = try Environment.open(path: other.path, options: options())
        }
        #expect(refusal?.code == EBUSY)
        #expect("\(try #require(refusal))".contains("open for reading only"))
        _ = reader
    }

    @Test("an environment that was closed opens again")
    func reopened() throws {
        for round in 1...20 as ClosedRange<UInt64> {
            let environment = try Environment.open(path: folder.path, options: options())
            try put(environment, round...round)
            #expect(try lastNumber(environment) == round)
        }
    }

    @Test("a write transaction that is dropped leaves nothing")
    func dropped() throws {
        let environment = try Environment.open(path: folder.path, options: options())
        try put(environment, 1...10)
        do {
            let transaction = try environment.beginWrite()
            let numbers = try transaction.makeDatabase("numbers", keys: .integers)
            try transaction.append(11, [1], to: numbers)
        }
        #expect(try lastNumber(environment) == 10)
    }

    @Test("an append below the last key is refused")
    func appendBelow() throws {
        let environment = try Environment.open(path: folder.path, options: options())
        try put(environment, 5...5)
        #expect(throws: LMDBError.self) { try put(environment, 4...4) }
        #expect(try lastNumber(environment) == 5)
    }

    @Test("reads from many threads at once serve each its own snapshot")
    func manyReaders() async throws {
        let environment = try Environment.open(path: folder.path, options: options())
        try put(environment, 1...100)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<200 {
                        let last = try lastNumber(environment)
                        #expect(last ?? 0 >= 100)
                    }
                }
            }
            for key in 101...150 as ClosedRange<UInt64> { try put(environment, key...key) }
            try await group.waitForAll()
        }
        let held = try environment.readers().filter { $0.transaction != nil }
        #expect(held.isEmpty)
    }

    @Test("1,024 readers have places")
    func readerPlaces() throws {
        let environment = try Environment.open(path: folder.path, options: options())
        try put(environment, 1...1)
        var held = Holder()
        for _ in 0..<200 { held = Holder(try environment.beginRead(), before: held) }
        let live = try environment.readers().filter { $0.transaction != nil }
        #expect(live.count == 200)
        _ = held
    }

    @Test(
        "the LMDB releases with racing openers are warned of, the others are not",
        arguments: [(24, false), (25, false), (26, true), (31, true), (32, false), (35, false)])
    func versions(patch: Int, isWarned: Bool) {
        #expect((Environment.warning(about: (0, 9, patch)) != nil) == isWarned)
    }

    @Test("after EIO from a commit nothing is tried again in this process")
    func brokenDisk() throws {
        let environment = try Environment.open(path: folder.path, options: options())
        try put(environment, 1...1)
        environment.plantedFault.store(EIO, ordering: .relaxed)
        let first = #expect(throws: LMDBError.self) { try put(environment, 2...2) }
        #expect(first?.code == EIO)
        #expect(first?.isFatal == true)
        let second = #expect(throws: LMDBError.self) { try put(environment, 2...2) }
        #expect("\(try #require(second))".contains("stop this process"))
        #expect(throws: LMDBError.self) { try lastNumber(environment) }
    }
}

/// A chain of transactions that are held.
private final class Holder {
    private let transaction: ReadTransaction?
    private let before: Holder?

    init() {
        transaction = nil
        before = nil
    }

    init(_ transaction: consuming ReadTransaction, before: Holder) {
        self.transaction = consume transaction
        self.before = before
    }
}
