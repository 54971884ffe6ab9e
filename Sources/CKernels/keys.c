// Numbering texts by first appearance.
//
// A slot holds the low half of a key's hash and the key's number. The low half also says where the slot is, so the
// table grows without looking at a key. Lookups go by blocks through four passes: hash and prefetch the slot; read it
// and prefetch where the key lies; prefetch the key; compare. A single lookup waits for three cache misses in a row, a
// block waits for them together.

#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

enum { BLOCK = 128, FIRST_SLOTS = 1024 };

struct rg_keys {
  uint64_t *slots;  // low half of the hash << 32 | number; EMPTY where there is none
  size_t slot_count;
  uint64_t *offsets;
  size_t count, capacity;
  uint8_t *bytes;
  size_t byte_capacity;
};

static const uint64_t EMPTY = UINT64_MAX;

static inline uint64_t split_mix(uint64_t number) {
  uint64_t z = number + 0x9e3779b97f4a7c15ull;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ z >> 27) * 0x94d049bb133111ebull;
  return z ^ z >> 31;
}

// The hash of KeyIndex.swift, bit for bit: it is part of the stored format.
static inline uint64_t key_hash(const uint8_t *bytes, size_t length) {
  uint64_t hash = (uint64_t)length * 0x9e3779b97f4a7c15ull;
  size_t position = 0;
  for (; position + 8 <= length; position += 8) {
    uint64_t word;
    memcpy(&word, bytes + position, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    hash = (hash ^ word) * 0xbf58476d1ce4e5b9ull;
    hash ^= hash >> 29;
  }
  uint64_t tail = 0;
  for (; position < length; position++) tail = tail << 8 | bytes[position];
  return split_mix(hash ^ tail);
}

rg_keys *rg_keys_new(void) {
  rg_keys *keys = calloc(1, sizeof *keys);
  if (!keys) return NULL;
  keys->slot_count = FIRST_SLOTS;
  keys->capacity = FIRST_SLOTS;
  keys->byte_capacity = 16 * FIRST_SLOTS;
  keys->slots = malloc(keys->slot_count * sizeof *keys->slots);
  keys->offsets = malloc((keys->capacity + 1) * sizeof *keys->offsets);
  keys->bytes = malloc(keys->byte_capacity);
  if (!keys->slots || !keys->offsets || !keys->bytes) {
    rg_keys_free(keys);
    return NULL;
  }
  memset(keys->slots, 0xff, keys->slot_count * sizeof *keys->slots);
  keys->offsets[0] = 0;
  return keys;
}

void rg_keys_free(rg_keys *keys) {
  if (!keys) return;
  free(keys->slots);
  free(keys->offsets);
  free(keys->bytes);
  free(keys);
}

size_t rg_keys_count(const rg_keys *keys) { return keys->count; }
size_t rg_keys_byte_count(const rg_keys *keys) { return keys->offsets[keys->count]; }
const uint64_t *rg_keys_offsets(const rg_keys *keys) { return keys->offsets; }
const uint8_t *rg_keys_bytes(const rg_keys *keys) { return keys->bytes; }
size_t rg_keys_slot_count(const rg_keys *keys) { return keys->slot_count; }

void rg_keys_slots(const rg_keys *keys, uint32_t *slots) {
  for (size_t slot = 0; slot < keys->slot_count; slot++) slots[slot] = (uint32_t)keys->slots[slot];
}

// Room for a block of new keys of so many bytes, the table at most 60 % full.
static int reserve(rg_keys *keys, size_t new_keys, size_t new_bytes) {
  if (keys->count + new_keys > keys->capacity) {
    size_t capacity = 2 * keys->capacity + new_keys;
    uint64_t *offsets = realloc(keys->offsets, (capacity + 1) * sizeof *offsets);
    if (!offsets) return -1;
    keys->offsets = offsets;
    keys->capacity = capacity;
  }
  if (keys->offsets[keys->count] + new_bytes > keys->byte_capacity) {
    size_t capacity = 2 * keys->byte_capacity + new_bytes;
    uint8_t *bytes = realloc(keys->bytes, capacity);
    if (!bytes) return -1;
    keys->bytes = bytes;
    keys->byte_capacity = capacity;
  }
  size_t slot_count = keys->slot_count;
  while (slot_count * 6 < (keys->count + new_keys) * 10) slot_count *= 2;
  if (slot_count == keys->slot_count) return 0;
  if (slot_count > (size_t)1 << 32) return -1;
  uint64_t *slots = malloc(slot_count * sizeof *slots);
  if (!slots) return -1;
  memset(slots, 0xff, slot_count * sizeof *slots);
  // Old slots in order land in rising places of each half, so this streams.
  for (size_t old = 0; old < keys->slot_count; old++) {
    uint64_t entry = keys->slots[old];
    if (entry == EMPTY) continue;
    size_t slot = (size_t)(entry >> 32) & (slot_count - 1);
    while (slots[slot] != EMPTY) slot = (slot + 1) & (slot_count - 1);
    slots[slot] = entry;
  }
  free(keys->slots);
  keys->slots = slots;
  keys->slot_count = slot_count;
  return 0;
}

static inline int is_key(const uint64_t *offsets, const uint8_t *bytes, uint32_t number, const rg_text *text) {
  uint64_t start = offsets[number];
  return offsets[number + 1] - start == text->length && memcmp(bytes + start, text->bytes, text->length) == 0;
}

// One block: passes 1 to 3, so that pass 4 finds everything in the cache.
static inline void approach(
    const rg_keys *keys, const rg_text *texts, size_t count, uint32_t *hashes) {
  const uint64_t *slots = keys->slots;
  size_t mask = keys->slot_count - 1;
  for (size_t i = 0; i < count; i++) {
    if (!texts[i].bytes) continue;
    hashes[i] = (uint32_t)key_hash(texts[i].bytes, texts[i].length);
    __builtin_prefetch(&slots[hashes[i] & mask]);
  }
  for (size_t i = 0; i < count; i++) {
    if (!texts[i].bytes) continue;
    uint64_t entry = slots[hashes[i] & mask];
    if (entry != EMPTY) __builtin_prefetch(&keys->offsets[(uint32_t)entry]);
  }
  for (size_t i = 0; i < count; i++) {
    if (!texts[i].bytes) continue;
    uint64_t entry = slots[hashes[i] & mask];
    if (entry != EMPTY) __builtin_prefetch(&keys->bytes[keys->offsets[(uint32_t)entry]]);
  }
}

static inline size_t slot_of(const rg_keys *keys, const rg_text *text, uint32_t hash) {
  size_t mask = keys->slot_count - 1;
  size_t slot = hash & mask;
  for (; keys->slots[slot] != EMPTY; slot = (slot + 1) & mask) {
    uint64_t entry = keys->slots[slot];
    if ((uint32_t)(entry >> 32) == hash && is_key(keys->offsets, keys->bytes, (uint32_t)entry, text)) break;
  }
  return slot;
}

int rg_keys_intern(rg_keys *keys, const rg_text *texts, size_t count, uint32_t *numbers) {
  uint32_t hashes[BLOCK];
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t size = count - start < BLOCK ? count - start : BLOCK;
    const rg_text *block = texts + start;
    size_t bytes = 0;
    for (size_t i = 0; i < size; i++) bytes += block[i].bytes ? block[i].length : 0;
    if (keys->count + size >= RG_NO_KEY || reserve(keys, size, bytes) != 0) return -1;
    approach(keys, block, size, hashes);
    for (size_t i = 0; i < size; i++) {
      if (!block[i].bytes) {
        numbers[start + i] = RG_NO_KEY;
        continue;
      }
      size_t slot = slot_of(keys, &block[i], hashes[i]);
      if (keys->slots[slot] == EMPTY) {
        uint64_t end = keys->offsets[keys->count];
        memcpy(keys->bytes + end, block[i].bytes, block[i].length);
        keys->slots[slot] = (uint64_t)hashes[i] << 32 | keys->count;
        keys->count += 1;
        keys->offsets[keys->count] = end + block[i].length;
      }
      numbers[start + i] = (uint32_t)keys->slots[slot];
    }
  }
  return 0;
}

void rg_keys_find(const rg_keys *keys, const rg_text *texts, size_t count, uint32_t *numbers) {
  uint32_t hashes[BLOCK];
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t size = count - start < BLOCK ? count - start : BLOCK;
    approach(keys, texts + start, size, hashes);
    for (size_t i = 0; i < size; i++) {
      const rg_text *text = &texts[start + i];
      numbers[start + i] = text->bytes ? (uint32_t)keys->slots[slot_of(keys, text, hashes[i])] : RG_NO_KEY;
    }
  }
}

void rg_slots_find(
    const uint64_t *offsets, const uint8_t *bytes, const uint32_t *slots, size_t slot_count, const rg_text *texts,
    size_t count, uint32_t *numbers) {
  size_t mask = slot_count - 1;
  uint32_t places[BLOCK];
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t size = count - start < BLOCK ? count - start : BLOCK;
    const rg_text *block = texts + start;
    for (size_t i = 0; i < size; i++) {
      places[i] = block[i].bytes ? (uint32_t)(key_hash(block[i].bytes, block[i].length) & mask) : 0;
      __builtin_prefetch(&slots[places[i]]);
    }
    for (size_t i = 0; i < size; i++)
      if (slots[places[i]] != RG_NO_KEY) __builtin_prefetch(&offsets[slots[places[i]]]);
    for (size_t i = 0; i < size; i++)
      if (slots[places[i]] != RG_NO_KEY) __builtin_prefetch(&bytes[offsets[slots[places[i]]]]);
    for (size_t i = 0; i < size; i++) {
      numbers[start + i] = RG_NO_KEY;
      if (!block[i].bytes) continue;
      for (size_t slot = places[i]; slots[slot] != RG_NO_KEY; slot = (slot + 1) & mask) {
        if (!is_key(offsets, bytes, slots[slot], &block[i])) continue;
        numbers[start + i] = slots[slot];
        break;
      }
    }
  }
}

void rg_slots_insert(
    uint32_t *slots, size_t slot_count, const uint64_t *offsets, const uint8_t *bytes, size_t first, size_t count) {
  size_t mask = slot_count - 1;
  for (size_t number = first; number < count; number++) {
    size_t slot = key_hash(bytes + offsets[number], offsets[number + 1] - offsets[number]) & mask;
    while (slots[slot] != RG_NO_KEY) slot = (slot + 1) & mask;
    slots[slot] = (uint32_t)number;
  }
}
