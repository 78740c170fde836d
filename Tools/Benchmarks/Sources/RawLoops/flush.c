#define _GNU_SOURCE
#include "RawLoops.h"

#include <CPlatform.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static atomic_long delay_nanoseconds;
static atomic_long flush_count;
static atomic_long flush_nanoseconds;
static atomic_long flush_processor_nanoseconds;

void raw_slow_flush(int64_t nanoseconds) { atomic_store(&delay_nanoseconds, nanoseconds); }

int64_t raw_flush_count(void) { return atomic_load(&flush_count); }

int64_t raw_flush_nanoseconds(void) { return atomic_load(&flush_nanoseconds); }

int64_t raw_flush_processor_nanoseconds(void) {
    return atomic_load(&flush_processor_nanoseconds);
}

static int64_t thread_nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int flush(long call, int descriptor) {
    int64_t started = recount_monotonic_clock(), worked = thread_nanoseconds();
    long delay = atomic_load(&delay_nanoseconds);
    if (delay > 0) {
        struct timespec pause = {.tv_sec = delay / 1000000000, .tv_nsec = delay % 1000000000};
        nanosleep(&pause, NULL);
    }
    int result = (int)syscall(call, descriptor);
    atomic_fetch_add(&flush_count, 1);
    atomic_fetch_add(&flush_nanoseconds, recount_monotonic_clock() - started);
    atomic_fetch_add(&flush_processor_nanoseconds, thread_nanoseconds() - worked);
    return result;
}

// These stand before the C library's for the whole process, liblmdb and libsqlite3 included.
int fdatasync(int descriptor) { return flush(SYS_fdatasync, descriptor); }

int fsync(int descriptor) { return flush(SYS_fsync, descriptor); }

static int by_size(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return difference < 0 ? -1 : difference > 0;
}

int raw_flush_seconds(const char *folder, int64_t rounds, double *seconds) {
    static const char page[4096];
    char path[4096];
    double *times = calloc((size_t)rounds, sizeof *times);
    snprintf(path, sizeof path, "%s/flush", folder);
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int code = descriptor < 0 ? errno : 0;
    for (int64_t round = 0; round < rounds && !code; round++) {
        if (pwrite(descriptor, page, sizeof page, 0) != sizeof page) code = errno;
        int64_t started = recount_monotonic_clock();
        if (!code && syscall(SYS_fdatasync, descriptor) != 0) code = errno;
        times[round] = (double)(recount_monotonic_clock() - started) * 1e-9;
    }
    if (descriptor >= 0) close(descriptor);
    unlink(path);
    qsort(times, (size_t)rounds, sizeof *times, by_size);
    *seconds = times[rounds / 2];
    free(times);
    return code;
}
