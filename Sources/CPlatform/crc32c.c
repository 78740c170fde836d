#include "CPlatform.h"

#include <string.h>

// The polynomial 0x1EDC6F41, bit-reflected.
#define POLYNOMIAL 0x82F63B78u

static uint32_t table[8][256];

static uint64_t load64(const uint8_t *bytes) {
    uint64_t value;
    memcpy(&value, bytes, 8);
    return value;
}

uint32_t recount_crc32c_portable(uint32_t seed, const void *bytes, size_t length) {
    const uint8_t *next = bytes;
    uint32_t crc = ~seed;
    while (length >= 8) {
        uint32_t low = crc ^ ((uint32_t)next[0] | (uint32_t)next[1] << 8 | (uint32_t)next[2] << 16
                              | (uint32_t)next[3] << 24);
        crc = table[7][low & 255] ^ table[6][low >> 8 & 255] ^ table[5][low >> 16 & 255]
            ^ table[4][low >> 24] ^ table[3][next[4]] ^ table[2][next[5]] ^ table[1][next[6]]
            ^ table[0][next[7]];
        next += 8;
        length -= 8;
    }
    while (length--) crc = table[0][(crc ^ *next++) & 255] ^ crc >> 8;
    return ~crc;
}

#if defined(__x86_64__)
#include <immintrin.h>

// Three streams of one block each hide the three cycles of latency of the crc32 instruction; the
// streams are joined by multiplying with x^(8 n - 33), which one carry-less product and one crc32
// instruction do.
#define LONG_BLOCK 2048
#define SHORT_BLOCK 256

static uint32_t long_once, long_twice, short_once, short_twice;
static bool has_instructions;

__attribute__((target("sse4.2,pclmul")))
static uint32_t shifted(uint32_t crc, uint32_t factor) {
    __m128i product = _mm_clmulepi64_si128(
        _mm_cvtsi32_si128((int)crc), _mm_cvtsi32_si128((int)factor), 0);
    return (uint32_t)_mm_crc32_u64(0, (uint64_t)_mm_cvtsi128_si64(product));
}

__attribute__((target("sse4.2,pclmul")))
static uint32_t three_streams(
    uint32_t crc, const uint8_t *next, size_t block, uint32_t once, uint32_t twice
) {
    uint64_t first = crc, second = 0, third = 0;
    for (size_t index = 0; index < block; index += 8) {
        first = _mm_crc32_u64(first, load64(next + index));
        second = _mm_crc32_u64(second, load64(next + block + index));
        third = _mm_crc32_u64(third, load64(next + 2 * block + index));
    }
    return shifted((uint32_t)first, twice) ^ shifted((uint32_t)second, once) ^ (uint32_t)third;
}

__attribute__((target("sse4.2,pclmul")))
static uint32_t with_instructions(uint32_t crc, const uint8_t *next, size_t length) {
    while (length >= 3 * LONG_BLOCK) {
        crc = three_streams(crc, next, LONG_BLOCK, long_once, long_twice);
        next += 3 * LONG_BLOCK;
        length -= 3 * LONG_BLOCK;
    }
    while (length >= 3 * SHORT_BLOCK) {
        crc = three_streams(crc, next, SHORT_BLOCK, short_once, short_twice);
        next += 3 * SHORT_BLOCK;
        length -= 3 * SHORT_BLOCK;
    }
    uint64_t wide = crc;
    for (; length >= 8; length -= 8, next += 8) wide = _mm_crc32_u64(wide, load64(next));
    crc = (uint32_t)wide;
    if (length & 4) {
        uint32_t value;
        memcpy(&value, next, 4);
        crc = _mm_crc32_u32(crc, value);
        next += 4;
    }
    for (length &= 3; length; length--) crc = _mm_crc32_u8(crc, *next++);
    return crc;
}

// x^n modulo the polynomial, bit-reflected (bit 31 is x^0).
static uint32_t power(size_t exponent) {
    uint32_t value = 1u << 31;
    while (exponent--) value = value & 1 ? value >> 1 ^ POLYNOMIAL : value >> 1;
    return value;
}

static void prepare_instructions(void) {
    __builtin_cpu_init();
    has_instructions = __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul");
    long_once = power(8 * LONG_BLOCK - 33);
    long_twice = power(16 * LONG_BLOCK - 33);
    short_once = power(8 * SHORT_BLOCK - 33);
    short_twice = power(16 * SHORT_BLOCK - 33);
}

#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>

static const bool has_instructions = true;

static uint32_t with_instructions(uint32_t crc, const uint8_t *next, size_t length) {
    for (; length >= 8; length -= 8, next += 8) crc = __crc32cd(crc, load64(next));
    for (; length; length--) crc = __crc32cb(crc, *next++);
    return crc;
}

static void prepare_instructions(void) {}

#else

static const bool has_instructions = false;

static uint32_t with_instructions(uint32_t crc, const uint8_t *next, size_t length) {
    return ~recount_crc32c_portable(~crc, next, length);
}

static void prepare_instructions(void) {}

#endif

__attribute__((constructor)) static void prepare(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >> 1 ^ POLYNOMIAL : crc >> 1;
        table[0][byte] = crc;
    }
    for (uint32_t byte = 0; byte < 256; byte++) {
        for (int row = 1; row < 8; row++) {
            table[row][byte] = table[row - 1][byte] >> 8 ^ table[0][table[row - 1][byte] & 255];
        }
    }
    prepare_instructions();
}

uint32_t recount_crc32c(uint32_t seed, const void *bytes, size_t length) {
    if (has_instructions) return ~with_instructions(~seed, bytes, length);
    return recount_crc32c_portable(seed, bytes, length);
}

static void store_little_endian(uint64_t value, size_t count, uint8_t *to) {
    for (size_t index = 0; index < count; index++) to[index] = (uint8_t)(value >> 8 * index);
}

uint32_t recount_record_crc(uint64_t position, const void *message, size_t length) {
    uint8_t key[8];
    store_little_endian(position, 8, key);
    return recount_crc32c(recount_crc32c(0, key, 8), message, length);
}

void recount_store_record(uint64_t position, const void *message, size_t length, void *to) {
    memcpy(to, message, length);
    store_little_endian(recount_record_crc(position, message, length), 4, (uint8_t *)to + length);
}
