// A preloaded library between a process and its disk. It sees the calls that change the files under
// one folder; it records them for a checker of power losses, fails one of them, or leaves flushes
// out. Loaded by crash-test alone.
//
//   RECOUNT_SHIM_FOLDER      the folder, absolute; nothing is done without it
//   RECOUNT_SHIM_TRACE       a file that the calls are appended to
//   RECOUNT_SHIM_FAIL        K:ERRNO fails the K-th call; K+:ERRNO that and every later write
//   RECOUNT_SHIM_FIRED       a file that the failed call is named in
//   RECOUNT_SHIM_NO_FLUSH    flushes of files are neither made nor recorded: the planted defect
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum op {
    WRITE = 1, FLUSH, TRUNCATE, CREATE, MAKE_FOLDER, RENAME, REMOVE, FLUSH_FOLDER, MARK, LOST_FLUSH
};

struct entry {
    uint32_t op;
    uint32_t durable;
    uint64_t inode;
    uint64_t offset;
    uint64_t length;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX];
static size_t folder_length;
static int trace = -1;
static const char *fired;
static long fail_at, calls;
static int fail_code, fail_stays, no_flush;

__attribute__((constructor)) static void start(void) {
    const char *name = getenv("RECOUNT_SHIM_FOLDER");
    if (!name || strlen(name) >= sizeof folder) return;
    strcpy(folder, name);
    folder_length = strlen(folder);
    const char *file = getenv("RECOUNT_SHIM_TRACE");
    if (file)
        trace = (int)syscall(SYS_openat, AT_FDCWD, file,
                             O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    const char *fail = getenv("RECOUNT_SHIM_FAIL");
    if (fail) {
        char *end;
        fail_at = strtol(fail, &end, 10);
        fail_stays = *end == '+';
        if (fail_stays) end++;
        fail_code = atoi(end + 1);
    }
    fired = getenv("RECOUNT_SHIM_FIRED");
    no_flush = getenv("RECOUNT_SHIM_NO_FLUSH") != NULL;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int is_watched(const char *path) {
    return folder_length && strncmp(path, folder, folder_length) == 0 &&
           (path[folder_length] == '/' || path[folder_length] == 0);
}

/// The path of a descriptor, when it lies in the folder.
static int watched_path(int fd, char *path) {
    if (!folder_length) return 0;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t count = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    if (count < 0) return 0;
    path[count] = 0;
    return is_watched(path);
}

static void record(enum op op, int durable, uint64_t inode, uint64_t offset,
                   const struct iovec *parts, int count, size_t length) {
    if (trace < 0) return;
    struct entry entry = {op, (uint32_t)durable, inode, offset, length};
    struct iovec all[count + 1];
    all[0] = (struct iovec){&entry, sizeof entry};
    size_t rest = length;
    int used = 1;
    for (int index = 0; index < count && rest > 0; index++) {
        all[used] = parts[index];
        if (all[used].iov_len > rest) all[used].iov_len = rest;
        rest -= all[used++].iov_len;
    }
    if (syscall(SYS_writev, trace, all, used) < 0) abort();
}

static void record_text(enum op op, uint64_t inode, const char *first, const char *second) {
    struct iovec parts[2] = {{(void *)first, strlen(first) + 1},
                             {(void *)second, second ? strlen(second) + 1 : 0}};
    record(op, 0, inode, 0, parts, 2, parts[0].iov_len + parts[1].iov_len);
}

static uint64_t inode_of(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 ? status.st_ino : 0;
}

/// Whether this call, which is counted, is to fail; then errno is set.
static int fails(const char *what, const char *path, int is_flush) {
    if (!fail_at) return 0;
    calls++;
    if (calls < fail_at || (calls > fail_at && (!fail_stays || is_flush))) return 0;
    if (fired && calls == fail_at) {
        int fd = (int)syscall(SYS_openat, AT_FDCWD, fired, O_WRONLY | O_CREAT | O_TRUNC, 0644);
        char text[PATH_MAX + 64];
        int count = snprintf(text, sizeof text, "%s %s", what, path + folder_length);
        if (fd >= 0) {
            syscall(SYS_write, fd, text, count);
            syscall(SYS_close, fd);
        }
    }
    errno = fail_code;
    return 1;
}

static int is_mark(const char *path) {
    const char *name = strrchr(path, '/');
    return name && strcmp(name, "/acknowledged") == 0;
}

/// Any write, made by `code` with the lock held.
#define WRITING(path, fd, parts, count, place, code)                                           \
    do {                                                                                       \
        pthread_mutex_lock(&lock);                                                             \
        ssize_t result = -1;                                                                   \
        int mark = is_mark(path);                                                              \
        if (mark || !fails("write", path, 0)) {                                                \
            uint64_t landed = (place);                                                         \
            result = (code);                                                                   \
            int saved = errno;                                                                 \
            if (result > 0) {                                                                  \
                int durable = (fcntl(fd, F_GETFL) & O_DSYNC) != 0;                             \
                record(mark ? MARK : WRITE, durable, inode_of(fd), landed, parts, count,       \
                       (size_t)result);                                                        \
            }                                                                                  \
            errno = saved;                                                                     \
        }                                                                                      \
        pthread_mutex_unlock(&lock);                                                           \
        return result;                                                                         \
    } while (0)

/// Where a plain write lands.
static uint64_t place_of(int fd) {
    struct stat status;
    if ((fcntl(fd, F_GETFL) & O_APPEND) && fstat(fd, &status) == 0) return (uint64_t)status.st_size;
    off_t place = lseek(fd, 0, SEEK_CUR);
    return place < 0 ? 0 : (uint64_t)place;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    char path[PATH_MAX];
    if (!watched_path(fd, path)) return syscall(SYS_write, fd, bytes, count);
    struct iovec part = {(void *)bytes, count};
    WRITING(path, fd, &part, 1, place_of(fd), syscall(SYS_write, fd, bytes, count));
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    char path[PATH_MAX];
    if (!watched_path(fd, path)) return syscall(SYS_writev, fd, parts, count);
    WRITING(path, fd, parts, count, place_of(fd), syscall(SYS_writev, fd, parts, count));
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
    char path[PATH_MAX];
    if (!watched_path(fd, path)) return syscall(SYS_pwrite64, fd, bytes, count, offset);
    struct iovec part = {(void *)bytes, count};
    WRITING(path, fd, &part, 1, (uint64_t)offset,
            syscall(SYS_pwrite64, fd, bytes, count, offset));
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
    return pwrite(fd, bytes, count, offset);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
    char path[PATH_MAX];
    if (!watched_path(fd, path)) return REAL(pwritev)(fd, parts, count, offset);
    WRITING(path, fd, parts, count, (uint64_t)offset, REAL(pwritev)(fd, parts, count, offset));
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
    return pwritev(fd, parts, count, offset);
}

static int flush(int fd, long call, const char *name) {
    char path[PATH_MAX];
    if (!watched_path(fd, path)) return (int)syscall(call, fd);
    pthread_mutex_lock(&lock);
    struct stat status;
    int is_folder = fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
    int result = -1;
    if (no_flush && !is_folder) {
        result = 0;
    } else if (fails(name, path, 1)) {
        // The kernel takes the pages for clean afterwards: no later flush writes them.
        int saved = errno;
        if (!is_folder) record(LOST_FLUSH, 0, status.st_ino, 0, NULL, 0, 0);
        errno = saved;
    } else {
        result = (int)syscall(call, fd);
        int saved = errno;
        if (result == 0 && is_folder) record_text(FLUSH_FOLDER, 0, path, NULL);
        if (result == 0 && !is_folder) record(FLUSH, 0, status.st_ino, 0, NULL, 0, 0);
        errno = saved;
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int fdatasync(int fd) { return flush(fd, SYS_fdatasync, "fdatasync"); }
int fsync(int fd) { return flush(fd, SYS_fsync, "fsync"); }

int ftruncate(int fd, off_t length) {
    char path[PATH_MAX];
    if (!watched_path(fd, path)) return (int)syscall(SYS_ftruncate, fd, length);
    pthread_mutex_lock(&lock);
    int result = -1;
    if (!fails("ftruncate", path, 0)) {
        result = (int)syscall(SYS_ftruncate, fd, length);
        if (result == 0) record(TRUNCATE, 0, inode_of(fd), (uint64_t)length, NULL, 0, 0);
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

static int open_watched(int at, const char *name, int flags, mode_t mode) {
    if (!folder_length || !(flags & O_CREAT) || !is_watched(name))
        return (int)syscall(SYS_openat, at, name, flags, mode);
    pthread_mutex_lock(&lock);
    struct stat status;
    int is_new = stat(name, &status) != 0;
    int fd = -1;
    if (!is_new || is_mark(name) || !fails("create", name, 0)) {
        fd = (int)syscall(SYS_openat, at, name, flags, mode);
        int saved = errno;
        if (fd >= 0 && is_new) record_text(CREATE, inode_of(fd), name, NULL);
        errno = saved;
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

#define MODE(flags)                                                                            \
    mode_t mode = 0;                                                                           \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                                                     \
        va_list list;                                                                          \
        va_start(list, flags);                                                                 \
        mode = va_arg(list, mode_t);                                                           \
        va_end(list);                                                                          \
    }

int open(const char *name, int flags, ...) {
    MODE(flags)
    return open_watched(AT_FDCWD, name, flags, mode);
}

int open64(const char *name, int flags, ...) {
    MODE(flags)
    return open_watched(AT_FDCWD, name, flags, mode);
}

int openat(int at, const char *name, int flags, ...) {
    MODE(flags)
    return open_watched(at, name, flags, mode);
}

int openat64(int at, const char *name, int flags, ...) {
    MODE(flags)
    return open_watched(at, name, flags, mode);
}

int mkdir(const char *name, mode_t mode) {
    if (!is_watched(name)) return (int)syscall(SYS_mkdirat, AT_FDCWD, name, mode);
    pthread_mutex_lock(&lock);
    int result = -1;
    if (!fails("mkdir", name, 0)) {
        result = (int)syscall(SYS_mkdirat, AT_FDCWD, name, mode);
        int saved = errno;
        if (result == 0) record_text(MAKE_FOLDER, 0, name, NULL);
        errno = saved;
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int rename(const char *old, const char *new) {
    if (!is_watched(new)) return (int)syscall(SYS_renameat, AT_FDCWD, old, AT_FDCWD, new);
    pthread_mutex_lock(&lock);
    int result = -1;
    if (!fails("rename", new, 0)) {
        result = (int)syscall(SYS_renameat, AT_FDCWD, old, AT_FDCWD, new);
        int saved = errno;
        if (result == 0) record_text(RENAME, 0, old, new);
        errno = saved;
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int unlink(const char *name) {
    int result = (int)syscall(SYS_unlinkat, AT_FDCWD, name, 0);
    if (result == 0 && is_watched(name)) {
        pthread_mutex_lock(&lock);
        record_text(REMOVE, 0, name, NULL);
        pthread_mutex_unlock(&lock);
    }
    return result;
}
