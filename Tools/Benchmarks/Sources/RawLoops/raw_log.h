#ifndef RECOUNT_RAW_LOG_H
#define RECOUNT_RAW_LOG_H

#include "RawLoops.h"

#include <lmdb.h>
#include <sqlite3.h>

/// One of the two.
struct raw_log {
    struct raw_append_options options;
    MDB_env *env;
    MDB_dbi tree;
    sqlite3 *database;
    sqlite3_stmt *insert;
    /// Where SQLite's records are made.
    uint8_t *record;
};

int raw_lmdb_commit(struct raw_log *log, struct raw_messages messages, int64_t first, int64_t end);
int raw_sqlite_commit(
    struct raw_log *log, struct raw_messages messages, int64_t first, int64_t end);

#endif
