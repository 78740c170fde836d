/// The loops that the log is held against: the same records through LMDB's and SQLite's own
/// interfaces, with nothing around them. And what a benchmark needs of the machine.
///
/// Every function returns 0, or the code of what failed (errno, LMDB's or SQLite's).
#ifndef RECOUNT_RAW_LOOPS_H
#define RECOUNT_RAW_LOOPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Messages back to back; message i ends at `ends[i]`.
struct raw_messages {
    const uint8_t *bytes;
    const int64_t *ends;
    int64_t count;
};

/// How records are appended. Each gets four bytes of checksum.
struct raw_append_options {
    /// Compute the log's record checksum; without it four zeros are stored in its place.
    bool checksum;
    /// Flush at each commit.
    bool durable;
};

/// An environment or database that is appended to commit by commit.
struct raw_log;

/// Makes a new LMDB environment in the folder `path`.
int raw_lmdb_open(const char *path, struct raw_append_options options, struct raw_log **log);

/// Makes a new SQLite database in the folder `path` (WAL; synchronous=FULL or OFF).
int raw_sqlite_open(const char *path, struct raw_append_options options, struct raw_log **log);

/// Appends the messages from index `first` up to `end` in one transaction; they are keyed by their
/// index plus 1.
int raw_commit(struct raw_log *log, struct raw_messages messages, int64_t first, int64_t end);

/// Closes it.
void raw_close(struct raw_log *log);

/// What a scan came to.
struct raw_scan {
    double seconds;
    int64_t records;
    int64_t bytes;
    /// Records whose checksum did not match.
    int64_t damaged;
    /// A sum over one byte of each record, so that no read can be left out.
    int64_t touched;
};

/// Walks the tree `events` of the environment in the folder `path` with a cursor.
int raw_lmdb_scan(const char *path, bool checksum, struct raw_scan *scan);

/// What a fold of fills came to.
struct raw_fold {
    struct raw_scan scan;
    /// Cash changes, in 1e-8 dollars.
    int64_t cash;
    /// Tickers seen.
    int64_t tickers;
    /// Shares held at the end, in 1e-8 shares.
    int64_t held;
};

/// Walks like `raw_lmdb_scan` with checksums, and folds each OrderFilled into cash and shares a
/// ticker, by the fixed offsets of schema version 0.
int raw_lmdb_fold(const char *path, struct raw_fold *fold);

/// Commits `count` single records that carry their own instant and raises the shared word after
/// each, waiting `pause_nanoseconds` between them.
int raw_tell(const char *path, int64_t count, int64_t pause_nanoseconds);

/// Follows what `raw_tell` writes, through the shared word; gives each record's nanoseconds from
/// its instant to its being read.
int raw_listen(const char *path, int64_t count, int64_t *latencies);

/// Makes every `fdatasync` of this process take so much longer; 0 takes it back.
void raw_slow_flush(int64_t nanoseconds);

/// How often this process has flushed a file (`fdatasync`, `fsync`), and the time that took, on the
/// wall and on the processor.
int64_t raw_flush_count(void);
int64_t raw_flush_nanoseconds(void);
int64_t raw_flush_processor_nanoseconds(void);

/// The median seconds of a flush after overwriting one page, over `rounds`.
int raw_flush_seconds(const char *folder, int64_t rounds, double *seconds);

/// Puts the calling thread before all others, where the system lets it.
void raw_hurry(void);

/// How a child process went.
struct raw_child {
    double seconds;
    /// On the processor, with those it waited for.
    double processor;
    /// Its largest resident set, bytes.
    int64_t memory;
    /// Its exit status, or 128 + the signal that ended it.
    int status;
};

/// Runs a program to its end; `output` takes its standard output, NULL throws it away.
int raw_run_child(char *const arguments[], const char *output, struct raw_child *child);

#endif
