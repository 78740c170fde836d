import Events
import Foundation
import LMDB

/// A batch that waits for the appender.
final class AppendJob: @unchecked Sendable {
    // Guarded: the caller waits on `done` while the appender's thread uses the rest.
    let now: Instant
    /// Decides what to append; false when it threw. Dropped before `done` is signalled.
    var decide: ((inout AppendBatch) -> Bool)?
    /// Why the batch is not in the log although it was decided.
    var failure: (any Error)?
    let done = DispatchSemaphore(value: 0)

    init(now: Instant, decide: @escaping (inout AppendBatch) -> Bool) {
        self.now = now
        self.decide = decide
    }
}

/// The thread on which a log's batches are decided and written: group commit.
///
/// Batches that wait at the same time share one flush, each with a commit and a seal of its own.
final class Appender: @unchecked Sendable {
    // Guarded by `condition`: waiting, isRunning, isStopped, thread.
    private let condition = NSCondition()
    private var waiting: [AppendJob] = []
    private var isRunning = false
    private var isStopped = false
    private var thread: Thread?

    private let path: String
    private let environment: Environment
    private let trees: EventLog.Trees
    private let wake: WakeWord?

    init(path: String, environment: Environment, trees: EventLog.Trees, wake: WakeWord?) {
        self.path = path
        self.environment = environment
        self.trees = trees
        self.wake = wake
    }

    /// Hands over a batch and waits until it is durable or has failed.
    func perform(_ job: AppendJob) {
        condition.lock()
        precondition(Thread.current !== thread, "an append is not made inside an append")
        waiting.append(job)
        if !isRunning {
            isRunning = true
            let thread = Thread { [self] in run() }
            thread.name = "recount.append"
            self.thread = thread
            thread.start()
        } else {
            condition.signal()
        }
        condition.unlock()
        job.done.wait()
    }

    /// Number of batches that wait now.
    var waitingCount: Int {
        condition.lock()
        defer { condition.unlock() }
        return waiting.count
    }

    /// Lets the thread end; nobody waits for it any more.
    func stop() {
        condition.lock()
        isStopped = true
        condition.signal()
        condition.unlock()
    }

    private func run() {
        while let jobs = next() {
            var decided: [AppendJob] = []
            do {
                try write(jobs, &decided)
            } catch {
                let failure = (error as? LMDBError).map { LogError.storage($0) } ?? error
                for job in decided { job.failure = failure }
                // Those that were not reached have decided nothing and fail as well.
                for job in jobs where job.decide != nil { job.failure = failure }
            }
            for job in jobs {
                job.decide = nil
                job.done.signal()
            }
        }
    }

    private func next() -> [AppendJob]? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty, !isStopped { condition.wait() }
        guard !waiting.isEmpty else {
            thread = nil
            return nil
        }
        defer { waiting = [] }
        return waiting
    }

    /// Decides and writes the batches in one transaction; `decided` are those that rest on it.
    private func write(_ jobs: [AppendJob], _ decided: inout [AppendJob]) throws {
        let transaction = try environment.beginWrite()
        var writer = RecordWriter(head: try lastHead(transaction), trees: trees)
        let before = writer.head.position
        do {
            for job in jobs {
                try put(job, transaction, &writer, &decided)
            }
        } catch {
            writer.release()
            throw error
        }
        writer.release()
        guard writer.head.position > before else { return }
        try transaction.commit()
        wake?.raise(writer.head.position)
    }

    private func put(
        _ job: AppendJob, _ transaction: borrowing WriteTransaction, _ writer: inout RecordWriter,
        _ decided: inout [AppendJob]
    ) throws {
        var batch = AppendBatch(
            head: writer.head, now: max(job.now, writer.head.recordedAt),
            committed: .tree(try transaction.cursor(trees.events), path: path))
        let decide = job.decide
        job.decide = nil
        guard decide?(&batch) == true else { return }
        if let refusal = batch.refusal(path: path) {
            job.failure = refusal
            return
        }
        decided.append(job)
        guard batch.count > 0 else { return }
        var start = 0
        for end in batch.ends {
            try writer.append(batch.buffer.bytes.extracting(start..<end), to: transaction)
            start = end
        }
        try writer.commit(recordedAt: batch.now, to: transaction)
    }

    private func lastHead(_ transaction: borrowing WriteTransaction) throws -> LogHead {
        var cursor = try transaction.cursor(trees.seals)
        guard try cursor.last() else { return .empty }
        guard let commit = Commit(first: cursor.integerKey, stored: cursor.bytes) else {
            throw LogError.brokenSeal(path: path, first: cursor.integerKey)
        }
        return commit.head
    }
}
