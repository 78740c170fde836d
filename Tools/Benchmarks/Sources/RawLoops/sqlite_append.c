#include "RawLoops.h"

#include <CPlatform.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static int run(sqlite3 *database, const char *statement) {
    return sqlite3_exec(database, statement, NULL, NULL, NULL);
}

static int prepare(sqlite3 *database, bool durable, sqlite3_stmt **insert) {
    int code = run(database, "PRAGMA journal_mode=WAL");
    if (!code) code = run(database, durable ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=OFF");
    if (!code) {
        code = run(
            database, "CREATE TABLE events (position INTEGER PRIMARY KEY, record BLOB NOT NULL)");
    }
    if (code) return code;
    return sqlite3_prepare_v2(database, "INSERT INTO events VALUES (?, ?)", -1, insert, NULL);
}

static int put_record(
    sqlite3_stmt *insert, uint64_t position, const uint8_t *message, size_t length, bool checksum,
    uint8_t *record
) {
    if (checksum) {
        recount_store_record(position, message, length, record);
    } else {
        memcpy(record, message, length);
        memset(record + length, 0, 4);
    }
    sqlite3_bind_int64(insert, 1, (sqlite3_int64)position);
    sqlite3_bind_blob(insert, 2, record, (int)length + 4, SQLITE_STATIC);
    int code = sqlite3_step(insert);
    sqlite3_reset(insert);
    return code == SQLITE_DONE ? 0 : code;
}

int raw_sqlite_append(
    const char *path, struct raw_messages messages, struct raw_append_options options,
    double *seconds
) {
    sqlite3 *database = NULL;
    sqlite3_stmt *insert = NULL;
    uint8_t *record = malloc(1 << 20);
    int code = sqlite3_open(path, &database);
    if (!code) code = prepare(database, options.durable, &insert);
    int64_t started = recount_monotonic_clock();
    for (int64_t index = 0; index < messages.count && code == 0; index++) {
        int64_t start = index ? messages.ends[index - 1] : 0;
        if (index % options.batch == 0) code = run(database, "BEGIN IMMEDIATE");
        if (!code) {
            code = put_record(
                insert, (uint64_t)index + 1, messages.bytes + start,
                (size_t)(messages.ends[index] - start), options.checksum, record);
        }
        bool is_last = (index + 1) % options.batch == 0 || index + 1 == messages.count;
        if (!code && is_last) code = run(database, "COMMIT");
    }
    *seconds = (double)(recount_monotonic_clock() - started) * 1e-9;
    sqlite3_finalize(insert);
    sqlite3_close(database);
    free(record);
    return code;
}
