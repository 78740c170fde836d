public import Events

extension EventLog {
    /// Decides and appends under the writer's lock, durably: returns when it is on the disk.
    ///
    /// `body` runs while the caller waits, on its thread or on that of another caller: batches of
    /// several threads share a flush. It sees the head that it appends to, can read every event up
    /// to it, and what it throws undoes its batch alone. An empty batch commits nothing. The call
    /// blocks its thread; transactions begin and end on one.
    @discardableResult
    public func append<Result>(
        now: Instant, _ body: (inout AppendBatch) throws -> Result
    ) throws -> Result {
        guard identity.kind.isAppended else {
            throw LogError.sealed(path: path, kind: identity.kind)
        }
        return try AppendJob.result(now: now, body) { appender.perform($0) }
    }
}

extension AppendJob {
    /// Makes a job of `body`, lets `perform` see it through, and gives what came of it.
    static func result<Result>(
        now: Instant, _ body: (inout AppendBatch) throws -> Result,
        perform: (AppendJob) -> Void
    ) throws -> Result {
        var outcome: Swift.Result<Result, any Error>?
        let failure = withoutActuallyEscaping(body) { body in
            let job = AppendJob(now: now) { batch in
                do {
                    outcome = .success(try body(&batch))
                    return true
                } catch {
                    outcome = .failure(error)
                    return false
                }
            }
            perform(job)
            return job.failure
        }
        if let failure { throw failure }
        guard let outcome else { preconditionFailure("a job that did not fail was decided") }
        return try outcome.get()
    }
}
