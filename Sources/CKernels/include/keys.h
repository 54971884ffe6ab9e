#ifndef RISKGRAPH_KEYS_H
#define RISKGRAPH_KEYS_H

#include <stddef.h>
#include <stdint.h>

// A text where it lies; `bytes` is null where there is none.
typedef struct {
  const uint8_t *bytes;
  uint64_t length;
} rg_text;

// Texts numbered by their first appearance: an open-addressing table whose lookups are made a block at a time, so
// that the cache misses of a block overlap.
typedef struct rg_keys rg_keys;

#define RG_NO_KEY UINT32_MAX

rg_keys *rg_keys_new(void);
void rg_keys_free(rg_keys *keys);
size_t rg_keys_count(const rg_keys *keys);
size_t rg_keys_byte_count(const rg_keys *keys);
const uint64_t *rg_keys_offsets(const rg_keys *keys);
const uint8_t *rg_keys_bytes(const rg_keys *keys);
size_t rg_keys_slot_count(const rg_keys *keys);
// The table in the form of Swift's KeyIndex: rg_keys_slot_count numbers, RG_NO_KEY where a slot is empty.
void rg_keys_slots(const rg_keys *keys, uint32_t *slots);
// The number of each text; new texts are added. No text: RG_NO_KEY. Returns 0, or -1 where memory or numbers ran out.
int rg_keys_intern(rg_keys *keys, const rg_text *texts, size_t count, uint32_t *numbers);
// The same without adding: RG_NO_KEY where a text is not there.
void rg_keys_find(const rg_keys *keys, const rg_text *texts, size_t count, uint32_t *numbers);
// The same in a table that is stored: offsets, bytes and slots as rg_keys_slots wrote them.
void rg_slots_find(
    const uint64_t *offsets, const uint8_t *bytes, const uint32_t *slots, size_t slot_count, const rg_text *texts,
    size_t count, uint32_t *numbers);

// Enters the texts numbered first ..< count into slots, which are at most 60 % full then. Needs: none is there yet.
void rg_slots_insert(
    uint32_t *slots, size_t slot_count, const uint64_t *offsets, const uint8_t *bytes, size_t first, size_t count);

#endif
