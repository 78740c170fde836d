import Events
import Foundation
import LMDB

/// A batch that waits to be written.
final class AppendJob: @unchecked Sendable {
    // Guarded: from being handed over until `done` is signalled, the leading thread uses it alone.
    let now: Instant
    /// Decides what to append; false when it threw. Dropped before `done` is signalled.
    var decide: ((inout AppendBatch) -> Bool)?
    /// Why the batch is not in the log although it was decided.
    var failure: (any Error)?
    /// Whether its caller is to write the next group, its own batch among them.
    var leads = false
    let done = DispatchSemaphore(value: 0)

    init(now: Instant, decide: @escaping (inout AppendBatch) -> Bool) {
        self.now = now
        self.decide = decide
    }
}

/// Writes a log's batches one group after the other: group commit.
///
/// The caller that finds no one at work leads: it writes all batches that wait, its own included,
/// in one transaction on its own thread, and hands the lead to one of those that came meanwhile.
/// Batches that wait at the same time so share one flush, each with a commit and a seal of its own,
/// and a single writer never waits for another thread to wake.
final class Appender: @unchecked Sendable {
    // Guarded by `lock`: waiting, isLed, leader.
    private let lock = NSLock()
    private var waiting: [AppendJob] = []
    private var isLed = false
    private var leader: pthread_t?

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

    /// Sees to it that a batch is written, here or by the caller that leads, and returns when it is
    /// durable or has failed.
    func perform(_ job: AppendJob) {
        let isFirst = lock.withLock {
            precondition(leader != pthread_self(), "an append is not made inside an append")
            waiting.append(job)
            defer { isLed = true }
            return !isLed
        }
        if !isFirst {
            job.done.wait()
            guard job.leads else { return }
        }
        lead(job)
    }

    /// Number of batches that wait now.
    var waitingCount: Int { lock.withLock { waiting.count } }

    /// Writes everything that waits, `own` among it, and hands on the lead.
    private func lead(_ own: AppendJob) {
        let jobs = lock.withLock {
            leader = pthread_self()
            defer { waiting = [] }
            return waiting
        }
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
            if job !== own { job.done.signal() }
        }
        let next = lock.withLock {
            leader = nil
            isLed = !waiting.isEmpty
            return waiting.first
        }
        guard let next else { return }
        next.leads = true
        next.done.signal()
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
