import Glibc

/// Counts a process's live transactions in one environment and lets a change of the map wait until
/// there is none.
///
/// LMDB may only remap while no transaction of this process is active. A transaction may end on
/// another thread than the one it began on, so a read-write lock of the system does not fit.
final class TransactionGate {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    private var live = 0
    private var isClosed = false

    init() {
        mutex = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(changed)
        mutex.deallocate()
        changed.deallocate()
    }

    /// Counts one transaction in, waiting while the map is being changed.
    func enter() {
        pthread_mutex_lock(mutex)
        while isClosed { pthread_cond_wait(changed, mutex) }
        live += 1
        pthread_mutex_unlock(mutex)
    }

    /// Counts one transaction out.
    func leave() {
        pthread_mutex_lock(mutex)
        live -= 1
        if live == 0 { pthread_cond_broadcast(changed) }
        pthread_mutex_unlock(mutex)
    }

    /// Runs `body` while no transaction is live; nil when some are not ended within the seconds.
    func drained(seconds: Int, _ body: () -> Int32) -> Int32? {
        pthread_mutex_lock(mutex)
        defer {
            isClosed = false
            pthread_cond_broadcast(changed)
            pthread_mutex_unlock(mutex)
        }
        while isClosed { pthread_cond_wait(changed, mutex) }
        isClosed = true
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        deadline.tv_sec += seconds
        while live > 0 {
            if pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT, live > 0 {
                return nil
            }
        }
        return body()
    }
}
