#include "raw_log.h"

#include <CPlatform.h>
#include <stdio.h>
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

int raw_sqlite_commit(
    struct raw_log *log, struct raw_messages messages, int64_t first, int64_t end
) {
    int code = run(log->database, "BEGIN IMMEDIATE");
    for (int64_t index = first; index < end && code == 0; index++) {
        int64_t start = index ? messages.ends[index - 1] : 0;
        code = put_record(
            log->insert, (uint64_t)index + 1, messages.bytes + start,
            (size_t)(messages.ends[index] - start), log->options.checksum, log->record);
    }
    return code ? code : run(log->database, "COMMIT");
}

int raw_sqlite_open(const char *path, struct raw_append_options options, struct raw_log **opened) {
    char name[4096];
    struct raw_log *log = calloc(1, sizeof *log);
    log->options = options;
    log->record = malloc(1 << 20);
    snprintf(name, sizeof name, "%s/events.sqlite", path);
    int code = sqlite3_open(name, &log->database);
    if (!code) code = prepare(log->database, options.durable, &log->insert);
    if (code) raw_close(log);
    else *opened = log;
    return code;
}
