#define _GNU_SOURCE
#include "RawLoops.h"

#include <CPlatform.h>
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define RECORD 215

struct channel {
    MDB_env *env;
    MDB_dbi tree;
    struct recount_wake *wake;
};

static int open_word(const char *path, struct channel *channel) {
    char name[4096];
    snprintf(name, sizeof name, "%s/wake", path);
    int descriptor = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return errno;
    int code = ftruncate(descriptor, 4096) == 0 ? 0 : errno;
    if (!code) {
        channel->wake = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        if (channel->wake == MAP_FAILED) code = errno;
    }
    close(descriptor);
    return code;
}

static int open_channel(const char *path, bool writes, struct channel *channel) {
    MDB_txn *txn;
    int code = open_word(path, channel);
    if (!code) code = mdb_env_create(&channel->env);
    if (code) return code;
    mdb_env_set_mapsize(channel->env, (size_t)1 << 40);
    mdb_env_set_maxdbs(channel->env, 8);
    unsigned flags = MDB_NOTLS | (writes ? 0 : MDB_RDONLY);
    code = mdb_env_open(channel->env, path, flags, 0644);
    if (!code) code = mdb_txn_begin(channel->env, NULL, writes ? 0 : MDB_RDONLY, &txn);
    if (code) return code;
    code = mdb_dbi_open(
        txn, "events", MDB_INTEGERKEY | (writes ? MDB_CREATE : 0), &channel->tree);
    if (code) {
        mdb_txn_abort(txn);
        return code;
    }
    return mdb_txn_commit(txn);
}

static void close_channel(struct channel *channel) {
    if (channel->env) mdb_env_close(channel->env);
    if (channel->wake && channel->wake != MAP_FAILED) munmap(channel->wake, 4096);
}

static int tell_one(struct channel *channel, uint64_t position) {
    uint8_t record[RECORD] = {0};
    MDB_txn *txn;
    int code = mdb_txn_begin(channel->env, NULL, 0, &txn);
    if (code) return code;
    int64_t now = recount_monotonic_clock();
    memcpy(record, &now, 8);
    MDB_val key = {sizeof position, &position}, value = {RECORD, record};
    code = mdb_put(txn, channel->tree, &key, &value, MDB_APPEND);
    if (code) {
        mdb_txn_abort(txn);
        return code;
    }
    code = mdb_txn_commit(txn);
    if (!code) recount_wake_raise(channel->wake, position);
    return code;
}

int raw_tell(const char *path, int64_t count, int64_t pause_nanoseconds) {
    struct channel channel = {0};
    struct timespec pause = {.tv_nsec = pause_nanoseconds};
    int code = open_channel(path, true, &channel);
    for (int64_t index = 1; index <= count && !code; index++) {
        code = tell_one(&channel, (uint64_t)index);
        nanosleep(&pause, NULL);
    }
    close_channel(&channel);
    return code;
}

static int hear(struct channel *channel, uint64_t from, uint64_t to, int64_t *latencies) {
    MDB_txn *txn;
    MDB_cursor *cursor;
    int code = mdb_txn_begin(channel->env, NULL, MDB_RDONLY, &txn);
    if (code) return code;
    code = mdb_cursor_open(txn, channel->tree, &cursor);
    MDB_val key = {sizeof from, &from}, value;
    int operation = MDB_SET_RANGE;
    for (uint64_t position = from; position <= to && !code; position++) {
        int64_t told;
        code = mdb_cursor_get(cursor, &key, &value, operation);
        if (code) break;
        memcpy(&told, value.mv_data, 8);
        latencies[position - 1] = recount_monotonic_clock() - told;
        operation = MDB_NEXT;
    }
    mdb_cursor_close(cursor);
    mdb_txn_abort(txn);
    return code;
}

int raw_listen(const char *path, int64_t count, int64_t *latencies) {
    struct channel channel = {0};
    uint64_t seen = 0;
    int code = open_channel(path, false, &channel);
    while (seen < (uint64_t)count && !code) {
        uint64_t head = recount_wake_wait(channel.wake, seen, 50000000);
        if (head > (uint64_t)count) head = (uint64_t)count;
        if (head > seen) code = hear(&channel, seen + 1, head, latencies);
        if (head > seen) seen = head;
    }
    close_channel(&channel);
    return code;
}
