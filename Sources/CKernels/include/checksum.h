#ifndef RISKGRAPH_CHECKSUM_H
#define RISKGRAPH_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

// XXH64 (Collet, 2014; the published algorithm, so `xxhsum -H64` agrees): a checksum of 64 bits at memory speed.
// Every step is a bijection of each word read, so a change inside any one word of eight bytes always shows.
typedef struct {
  uint64_t lanes[4];
  uint64_t total;
  uint8_t rest[32];
  uint32_t rest_count;
} rg_checksum;

void rg_checksum_begin(rg_checksum *state);
void rg_checksum_add(rg_checksum *state, const void *bytes, size_t count);
uint64_t rg_checksum_value(const rg_checksum *state);

#endif
