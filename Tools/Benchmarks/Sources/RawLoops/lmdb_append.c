#include "raw_log.h"

#include <CPlatform.h>
#include <stdlib.h>
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

int raw_lmdb_commit(
    struct raw_log *log, struct raw_messages messages, int64_t first, int64_t end
) {
    MDB_txn *txn;
    MDB_cursor *cursor;
    int code = mdb_txn_begin(log->env, NULL, 0, &txn);
    if (code) return code;
    code = mdb_cursor_open(txn, log->tree, &cursor);
    for (int64_t index = first; index < end && code == 0; index++) {
        int64_t start = index ? messages.ends[index - 1] : 0;
        code = put_record(
            cursor, (uint64_t)index + 1, messages.bytes + start,
            (size_t)(messages.ends[index] - start), log->options.checksum);
    }
    if (code) {
        mdb_txn_abort(txn);
        return code;
    }
    mdb_cursor_close(cursor);
    return mdb_txn_commit(txn);
}

int raw_lmdb_open(const char *path, struct raw_append_options options, struct raw_log **opened) {
    struct raw_log *log = calloc(1, sizeof *log);
    log->options = options;
    int code = mdb_env_create(&log->env);
    if (!code) {
        mdb_env_set_mapsize(log->env, (size_t)1 << 40);
        mdb_env_set_maxdbs(log->env, 8);
        code = mdb_env_open(log->env, path, MDB_NOTLS | (options.durable ? 0 : MDB_NOSYNC), 0644);
    }
    if (!code) code = open_tree(log->env, &log->tree);
    if (code) raw_close(log);
    else *opened = log;
    return code;
}
