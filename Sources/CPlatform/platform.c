#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

uint64_t recount_wake_head(const struct recount_wake *wake) {
    return __atomic_load_n(&wake->head, __ATOMIC_ACQUIRE);
}

static void wake_everyone(struct recount_wake *wake) {
    __atomic_add_fetch(&wake->sequence, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&wake->waiters, __ATOMIC_SEQ_CST)) {
        syscall(SYS_futex, &wake->sequence, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
    }
}

void recount_wake_raise(struct recount_wake *wake, uint64_t head) {
    uint64_t known = recount_wake_head(wake);
    while (known < head
           && !__atomic_compare_exchange_n(
               &wake->head, &known, head, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
    }
    wake_everyone(wake);
}

void recount_wake_reset(struct recount_wake *wake, uint64_t head) {
    __atomic_store_n(&wake->head, head, __ATOMIC_RELEASE);
    wake_everyone(wake);
}

uint64_t recount_wake_wait(
    struct recount_wake *wake, uint64_t beyond, int64_t timeout_nanoseconds
) {
    __atomic_add_fetch(&wake->waiters, 1, __ATOMIC_SEQ_CST);
    uint32_t sequence = __atomic_load_n(&wake->sequence, __ATOMIC_SEQ_CST);
    uint64_t head = recount_wake_head(wake);
    if (head <= beyond) {
        struct timespec timeout = {
            .tv_sec = timeout_nanoseconds / 1000000000, .tv_nsec = timeout_nanoseconds % 1000000000};
        syscall(SYS_futex, &wake->sequence, FUTEX_WAIT, sequence, &timeout, NULL, 0);
        head = recount_wake_head(wake);
    }
    __atomic_sub_fetch(&wake->waiters, 1, __ATOMIC_SEQ_CST);
    return head;
}

int64_t recount_file_system(const char *path) {
    struct statfs description;
    if (statfs(path, &description) != 0) return -errno;
    return (int64_t)(uint32_t)description.f_type;
}

int32_t recount_thread_id(void) { return (int32_t)syscall(SYS_gettid); }

static int64_t now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int64_t recount_wall_clock(void) { return now(CLOCK_REALTIME); }

int64_t recount_monotonic_clock(void) { return now(CLOCK_MONOTONIC); }

void recount_begin_writing(int file) { (void)sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WRITE); }

int recount_sync_directory(const char *path) {
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return errno;
    int result = fsync(descriptor) == 0 ? 0 : errno;
    close(descriptor);
    return result;
}

const char *recount_commit(void) { return RECOUNT_COMMIT; }
