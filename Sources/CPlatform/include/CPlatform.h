/// What Recount needs of the machine and cannot say in Swift: CRC-32C, a futex on a shared word,
/// atomic access to that word, and the kind of a file system.
#ifndef RECOUNT_CPLATFORM_H
#define RECOUNT_CPLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli) of `length` bytes, continuing from `seed`, which is 0 at the start or an
/// earlier result. Uses the processor's instructions where it has them.
uint32_t recount_crc32c(uint32_t seed, const void *bytes, size_t length);

/// The same value by table, on any machine: what the fast versions are tested against.
uint32_t recount_crc32c_portable(uint32_t seed, const void *bytes, size_t length);

/// The record checksum: CRC-32C over the 8 little-endian bytes of `position`, then the message.
uint32_t recount_record_crc(uint64_t position, const void *message, size_t length);

/// The record as stored: copies the message to `to` and its checksum (little-endian) behind it.
void recount_store_record(uint64_t position, const void *message, size_t length, void *to);

/// A word shared between processes: the durable head of a log, with a futex to wait on.
struct recount_wake {
    uint64_t head;
    uint32_t sequence;
    uint32_t waiters;
};

/// Reads the durable head.
uint64_t recount_wake_head(const struct recount_wake *wake);

/// Raises the durable head to `head` (it never falls) and wakes every waiter.
void recount_wake_raise(struct recount_wake *wake, uint64_t head);

/// Sets the head whatever it was: at open, to what the log itself says.
void recount_wake_reset(struct recount_wake *wake, uint64_t head);

/// Waits until the head passes `beyond` or `timeout_nanoseconds` have gone; returns the head.
uint64_t recount_wake_wait(struct recount_wake *wake, uint64_t beyond, int64_t timeout_nanoseconds);

/// The magic number of the file system that holds `path` (statfs), or a negative errno.
int64_t recount_file_system(const char *path);

/// The kernel's number of the calling thread.
int32_t recount_thread_id(void);

/// The wall clock in nanoseconds since 1970-01-01 00:00 UTC.
int64_t recount_wall_clock(void);

/// A clock that never goes back, in nanoseconds.
int64_t recount_monotonic_clock(void);

/// Asks the system to begin writing a file's changed pages; waits for nothing, promises nothing.
void recount_begin_writing(int file);

/// Flushes a directory's entries; 0 or an errno.
int recount_sync_directory(const char *path);

/// The commit that this program was built from; "unknown" where the build could not tell.
const char *recount_commit(void);

#endif
