// XXH64: four lanes of multiply and rotate over 32 bytes at a time, merged and mixed at the end.

#include <string.h>

#include "CKernels.h"

static const uint64_t P1 = 0x9E3779B185EBCA87ull, P2 = 0xC2B2AE3D27D4EB4Full, P3 = 0x165667B19E3779F9ull,
                      P4 = 0x85EBCA77C2B2AE63ull, P5 = 0x27D4EB2F165667C5ull;

static inline uint64_t rotl(uint64_t x, int by) { return x << by | x >> (64 - by); }

static inline uint64_t word64(const uint8_t *at) {
  uint64_t word;
  memcpy(&word, at, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

static inline uint32_t word32(const uint8_t *at) {
  uint32_t word;
  memcpy(&word, at, 4);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap32(word);
#endif
  return word;
}

static inline uint64_t lane_step(uint64_t lane, uint64_t word) { return rotl(lane + word * P2, 31) * P1; }

static inline uint64_t merge(uint64_t hash, uint64_t lane) { return (hash ^ lane_step(0, lane)) * P1 + P4; }

void rg_checksum_begin(rg_checksum *state) {
  memset(state, 0, sizeof *state);
  state->lanes[0] = P1 + P2;
  state->lanes[1] = P2;
  state->lanes[3] = -P1;
}

void rg_checksum_add(rg_checksum *state, const void *bytes, size_t count) {
  const uint8_t *at = bytes;
  if (count == 0) return;
  state->total += count;
  if (state->rest_count > 0) {
    size_t missing = 32 - state->rest_count;
    size_t taken = count < missing ? count : missing;
    memcpy(state->rest + state->rest_count, at, taken);
    state->rest_count += (uint32_t)taken;
    at += taken;
    count -= taken;
    if (state->rest_count < 32) return;
    for (int lane = 0; lane < 4; lane++)
      state->lanes[lane] = lane_step(state->lanes[lane], word64(state->rest + 8 * lane));
    state->rest_count = 0;
  }
  uint64_t a = state->lanes[0], b = state->lanes[1], c = state->lanes[2], d = state->lanes[3];
  for (; count >= 32; at += 32, count -= 32) {
    a = lane_step(a, word64(at));
    b = lane_step(b, word64(at + 8));
    c = lane_step(c, word64(at + 16));
    d = lane_step(d, word64(at + 24));
  }
  state->lanes[0] = a, state->lanes[1] = b, state->lanes[2] = c, state->lanes[3] = d;
  memcpy(state->rest, at, count);
  state->rest_count = (uint32_t)count;
}

uint64_t rg_checksum_value(const rg_checksum *state) {
  uint64_t hash = P5;
  if (state->total >= 32) {
    const uint64_t *lanes = state->lanes;
    hash = rotl(lanes[0], 1) + rotl(lanes[1], 7) + rotl(lanes[2], 12) + rotl(lanes[3], 18);
    for (int lane = 0; lane < 4; lane++) hash = merge(hash, lanes[lane]);
  }
  hash += state->total;
  const uint8_t *at = state->rest, *end = at + state->rest_count;
  for (; end - at >= 8; at += 8) hash = rotl(hash ^ lane_step(0, word64(at)), 27) * P1 + P4;
  for (; end - at >= 4; at += 4) hash = rotl(hash ^ word32(at) * P1, 23) * P2 + P3;
  for (; at < end; at++) hash = rotl(hash ^ *at * P5, 11) * P1;
  hash = (hash ^ hash >> 33) * P2;
  hash = (hash ^ hash >> 29) * P3;
  return hash ^ hash >> 32;
}
