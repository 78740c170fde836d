#include "RawLoops.h"

#include <CPlatform.h>
#include <lmdb.h>
#include <string.h>

struct walk {
    MDB_env *env;
    MDB_txn *txn;
    MDB_cursor *cursor;
};

static int open_walk(const char *path, struct walk *walk) {
    MDB_dbi tree;
    int code = mdb_env_create(&walk->env);
    if (code) return code;
    mdb_env_set_mapsize(walk->env, (size_t)1 << 40);
    mdb_env_set_maxdbs(walk->env, 8);
    code = mdb_env_open(walk->env, path, MDB_NOTLS | MDB_RDONLY, 0644);
    if (!code) code = mdb_txn_begin(walk->env, NULL, MDB_RDONLY, &walk->txn);
    if (!code) code = mdb_dbi_open(walk->txn, "events", MDB_INTEGERKEY, &tree);
    if (!code) code = mdb_cursor_open(walk->txn, tree, &walk->cursor);
    return code;
}

static void close_walk(struct walk *walk) {
    if (walk->cursor) mdb_cursor_close(walk->cursor);
    if (walk->txn) mdb_txn_abort(walk->txn);
    if (walk->env) mdb_env_close(walk->env);
}

static bool is_sound(const MDB_val *key, const MDB_val *value) {
    uint64_t position;
    uint32_t stored;
    size_t length = value->mv_size - 4;
    memcpy(&position, key->mv_data, 8);
    memcpy(&stored, (const uint8_t *)value->mv_data + length, 4);
    return recount_record_crc(position, value->mv_data, length) == stored;
}

int raw_lmdb_scan(const char *path, bool checksum, struct raw_scan *scan) {
    struct walk walk = {0};
    MDB_val key, value;
    int code = open_walk(path, &walk);
    memset(scan, 0, sizeof *scan);
    int64_t started = recount_monotonic_clock();
    while (!code && (code = mdb_cursor_get(walk.cursor, &key, &value, MDB_NEXT)) == 0) {
        if (checksum) scan->damaged += !is_sound(&key, &value);
        scan->records++;
        scan->bytes += (int64_t)value.mv_size;
        scan->touched += ((const uint8_t *)value.mv_data)[2];
    }
    scan->seconds = (double)(recount_monotonic_clock() - started) * 1e-9;
    close_walk(&walk);
    return code == MDB_NOTFOUND ? 0 : code;
}

#define SLOTS 4096

struct holding {
    uint64_t ticker;
    int64_t shares;
};

static struct holding *holding_of(struct holding *holdings, uint64_t ticker) {
    size_t slot = (size_t)(ticker * 0x9E3779B97F4A7C15u >> 52) % SLOTS;
    while (holdings[slot].ticker && holdings[slot].ticker != ticker) slot = (slot + 1) % SLOTS;
    holdings[slot].ticker = ticker;
    return &holdings[slot];
}

// Offsets of OrderFilled in version 0: header 8, envelope 48, then the fields in order.
enum { TEMPLATE = 2, QUANTITY = 8 + 64, CASH_CHANGE = 8 + 104, TICKER = 8 + 128, SIDE = 8 + 136 };

static void fold_record(const uint8_t *message, struct holding *holdings, int64_t *cash) {
    uint16_t template;
    uint64_t ticker;
    int64_t quantity, change;
    memcpy(&template, message + TEMPLATE, 2);
    if (template != 12) return;
    memcpy(&ticker, message + TICKER, 8);
    memcpy(&quantity, message + QUANTITY, 8);
    memcpy(&change, message + CASH_CHANGE, 8);
    *cash += change;
    holding_of(holdings, ticker)->shares += message[SIDE] == 0 ? quantity : -quantity;
}

int raw_lmdb_fold(const char *path, struct raw_fold *fold) {
    static struct holding holdings[SLOTS];
    struct walk walk = {0};
    MDB_val key, value;
    int code = open_walk(path, &walk);
    memset(fold, 0, sizeof *fold);
    memset(holdings, 0, sizeof holdings);
    int64_t started = recount_monotonic_clock();
    while (!code && (code = mdb_cursor_get(walk.cursor, &key, &value, MDB_NEXT)) == 0) {
        fold->scan.damaged += !is_sound(&key, &value);
        fold->scan.records++;
        fold->scan.bytes += (int64_t)value.mv_size;
        fold_record(value.mv_data, holdings, &fold->cash);
    }
    for (size_t slot = 0; slot < SLOTS; slot++) {
        fold->tickers += holdings[slot].ticker != 0;
        fold->held += holdings[slot].shares;
    }
    fold->scan.seconds = (double)(recount_monotonic_clock() - started) * 1e-9;
    close_walk(&walk);
    return code == MDB_NOTFOUND ? 0 : code;
}
