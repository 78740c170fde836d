import Foundation
import Synchronization
import TestKit
import Testing

@testable import EventLog

@Suite("Locks on files")
struct FileLockTests {
    private let folder = TemporaryFolder()

    @Test("one holds it alone, several share it, and it is free when they are gone")
    func modes() throws {
        let path = "\(folder.path)/lock"
        #expect(!FileLock.isHeld(path))
        var one: FileLock? = try FileLock(path, .exclusive)
        try one?.write("17\n")
        #expect(FileLock.isHeld(path) && FileLock.text(path) == "17")
        #expect(throws: FileLockError.held(path: path, by: "17")) {
            _ = try FileLock(path, .shared)
        }
        one = nil
        #expect(!FileLock.isHeld(path))
        let several = try [FileLock(path, .shared), FileLock(path, .shared)]
        #expect(throws: FileLockError.self) { _ = try FileLock(path, .exclusive) }
        #expect(several.count == 2 && FileLock.isHeld(path))
    }

    @Test("a lock that is refused closes its own file, once, and nobody else's")
    func refused() throws {
        let path = "\(folder.path)/lock"
        let holder = try FileLock(path, .exclusive)
        let isOver = Atomic(false)
        let lost = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 2) { lane in
            guard lane == 0 else {
                // Whose number is closed by another is told at the next use.
                while !isOver.load(ordering: .relaxed) {
                    let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
                    var status = stat()
                    for _ in 0..<20 where fstat(descriptor, &status) != 0 {
                        lost.add(1, ordering: .relaxed)
                    }
                    if close(descriptor) != 0 { lost.add(1, ordering: .relaxed) }
                }
                return
            }
            for _ in 0..<20_000 { _ = try? FileLock(path, .exclusive) }
            isOver.store(true, ordering: .relaxed)
        }
        #expect(lost.load(ordering: .relaxed) == 0)
        withExtendedLifetime(holder) {}
    }
}
