#include "RawLoops.h"

#include <CPlatform.h>
#include <lmdb.h>
#include <string.h>

static int open_tree(MDB_env *env, MDB_dbi *tree) {
    MDB_txn *txn;
    int code = mdb_txn_begin(env, NULL, 0, &txn);
    if (code) return code;
    code = mdb_dbi_open(txn, "events", MDB_CREATE | MDB_INTEGERKEY, tree);
    if (code) {
        mdb_txn_abort(txn);
        return code;
    }
    return mdb_txn_commit(txn);
}

static int put_record(
    MDB_cursor *cursor, uint64_t position, const uint8_t *message, size_t length, bool checksum
) {
    MDB_val key = {sizeof position, &position}, value = {length + 4, NULL};
    int code = mdb_cursor_put(cursor, &key, &value, MDB_APPEND | MDB_RESERVE);
    if (code) return code;
    if (checksum) {
        recount_store_record(position, message, length, value.mv_data);
    } else {
        memcpy(value.mv_data, message, length);
        memset((uint8_t *)value.mv_data + length, 0, 4);
    }
    return 0;
}

static int put_batch(
    MDB_env *env, MDB_dbi tree, struct raw_messages messages, int64_t first, int64_t end,
    bool checksum
) {
    MDB_txn *txn;
    MDB_cursor *cursor;
    int code = mdb_txn_begin(env, NULL, 0, &txn);
    if (code) return code;
    code = mdb_cursor_open(txn, tree, &cursor);
    for (int64_t index = first; index < end && code == 0; index++) {
        int64_t start = index ? messages.ends[index - 1] : 0;
        code = put_record(
            cursor, (uint64_t)index + 1, messages.bytes + start,
            (size_t)(messages.ends[index] - start), checksum);
    }
    if (code) {
        mdb_txn_abort(txn);
        return code;
    }
    mdb_cursor_close(cursor);
    return mdb_txn_commit(txn);
}

int raw_lmdb_append(
    const char *path, struct raw_messages messages, struct raw_append_options options,
    double *seconds
) {
    MDB_env *env;
    MDB_dbi tree;
    int code = mdb_env_create(&env);
    if (code) return code;
    mdb_env_set_mapsize(env, (size_t)1 << 40);
    mdb_env_set_maxdbs(env, 8);
    code = mdb_env_open(env, path, MDB_NOTLS | (options.durable ? 0 : MDB_NOSYNC), 0644);
    if (!code) code = open_tree(env, &tree);
    int64_t started = recount_monotonic_clock();
    for (int64_t first = 0; first < messages.count && code == 0; first += options.batch) {
        int64_t end = first + options.batch;
        if (end > messages.count) end = messages.count;
        code = put_batch(env, tree, messages, first, end, options.checksum);
    }
    *seconds = (double)(recount_monotonic_clock() - started) * 1e-9;
    mdb_env_close(env);
    return code;
}
