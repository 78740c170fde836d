#include "raw_log.h"

#include <stdlib.h>

int raw_commit(struct raw_log *log, struct raw_messages messages, int64_t first, int64_t end) {
    return log->env ? raw_lmdb_commit(log, messages, first, end)
                    : raw_sqlite_commit(log, messages, first, end);
}

void raw_close(struct raw_log *log) {
    if (log->env) mdb_env_close(log->env);
    sqlite3_finalize(log->insert);
    sqlite3_close(log->database);
    free(log->record);
    free(log);
}
