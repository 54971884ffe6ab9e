// The variants of the community kernels, and which one a call reaches.

#include "CKernels.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#pragma clang fp contract(off)

static inline uint32_t node_at(const rg_order *order, uint32_t batch, uint32_t position) {
  batch ^= order->flip;
  if (order->kind == 2) {
    uint64_t p = (uint64_t)batch * ((uint64_t)order->blocks_per_batch << order->shift) + position;
    return p < order->node_count ? (uint32_t)(p * order->multiplier % order->node_count) : UINT32_MAX;
  }
  uint64_t i = position >> order->shift;
  uint64_t block = order->kind == 1 ? (uint64_t)batch * order->blocks_per_batch + i : i * order->batch_count + batch;
  uint64_t node = (block << order->shift) + (position & ((1u << order->shift) - 1));
  return node < order->node_count ? (uint32_t)node : UINT32_MAX;
}

static inline uint32_t batch_of(const rg_order *order, uint32_t node) {
  uint64_t batch;
  if (order->kind == 2)
    batch = (uint64_t)node * order->inverse % order->node_count /
            ((uint64_t)order->blocks_per_batch << order->shift);
  else if (order->kind == 1)
    batch = (node >> order->shift) / order->blocks_per_batch;
  else
    batch = (node >> order->shift) & (order->batch_count - 1);
  return (uint32_t)batch ^ order->flip;
}

#define RG_JOIN3(name, width, set) rg_##name##_##width##_##set
#define RG_JOIN(name, width, set) RG_JOIN3(name, width, set)

#define RG_SET base
#define RG_HAS_AVX2 0
#include "community_widths.h"
#undef RG_SET
#undef RG_HAS_AVX2

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2,lzcnt,popcnt"))), apply_to = function)
#define RG_HAS_AVX2 1
#define RG_SET avx2
#include "community_widths.h"
#undef RG_SET
#pragma clang attribute pop
#pragma clang attribute push(                                                                                      \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx2,fma,bmi,bmi2,lzcnt,popcnt"))),         \
    apply_to = function)
#define RG_SET avx512
#include "community_widths.h"
#undef RG_SET
#pragma clang attribute pop
#define RG_CALL_SET(function, width, set, ...)                                                                     \
  do {                                                                                                             \
    if ((set) == 2) return rg_##function##_##width##_avx512(__VA_ARGS__);                                          \
    if ((set) == 1) return rg_##function##_##width##_avx2(__VA_ARGS__);                                            \
    return rg_##function##_##width##_base(__VA_ARGS__);                                                            \
  } while (0)
#else
#define RG_CALL_SET(function, width, set, ...) return rg_##function##_##width##_base(__VA_ARGS__)
#endif

#define RG_CALL(function, level, ...)                                                                              \
  switch ((level)->width) {                                                                                        \
  case RG_UNIT:                                                                                                    \
    RG_CALL_SET(function, unit, (level)->instruction_set, __VA_ARGS__);                                            \
  case RG_NARROW:                                                                                                  \
    RG_CALL_SET(function, narrow, (level)->instruction_set, __VA_ARGS__);                                          \
  default:                                                                                                         \
    RG_CALL_SET(function, wide, (level)->instruction_set, __VA_ARGS__);                                            \
  }

uint32_t rg_decide_moves(const rg_level *level, const rg_moving *state, const rg_order *order, uint32_t batch,
                         const uint32_t *nodes, uint32_t count, const rg_scratch *scratch, rg_move *moves,
                         int64_t *gain) {
  RG_CALL(decide_moves, level, level, state, order, batch, nodes, count, scratch, moves, gain)
}

void rg_apply_moves(const rg_level *level, const rg_moving *state, const rg_move *moves, uint32_t count) {
  RG_CALL(apply_moves, level, level, state, moves, count)
}

void rg_begin_refining(const rg_level *level, const uint32_t *community, const rg_refining *state, uint32_t from,
                       uint32_t to) {
  RG_CALL(begin_refining, level, level, community, state, from, to)
}

uint32_t rg_decide_merges(const rg_level *level, const rg_refining *state, const rg_order *order, uint32_t batch,
                          uint32_t from, uint32_t to, const rg_scratch *scratch, rg_merge *merges) {
  RG_CALL(decide_merges, level, level, state, order, batch, from, to, scratch, merges)
}

void rg_apply_merges(const rg_level *level, const rg_refining *state, const rg_merge *merges, uint32_t count) {
  RG_CALL(apply_merges, level, level, state, merges, count)
}

void rg_aggregate_rows(const rg_level *level, const uint32_t *labels, const uint32_t *first_members,
                       const uint32_t *members, uint32_t from, uint32_t to, const rg_scratch *scratch, rg_slab *slab,
                       uint64_t *starts, uint64_t *ends, uint32_t *targets, void *weights) {
  RG_CALL(aggregate_rows, level, level, labels, first_members, members, from, to, scratch, slab, starts, ends,
          targets, weights)
}

uint32_t rg_collect_active(const rg_order *order, uint32_t batch, uint32_t from, uint32_t to, uint8_t *active,
                           uint32_t *nodes) {
  uint32_t count = 0;
  if (order->kind == 2) {
    for (uint32_t position = from; position < to; position++) {
      uint32_t node = node_at(order, batch, position);
      if (node == UINT32_MAX || !active[node]) continue;
      active[node] = 0;
      nodes[count++] = node;
    }
    return count;
  }
  // Blocks hold at least 8 nodes side by side: most of them are quiet, and are passed by eight at a time.
  for (uint32_t position = from; position < to; position += 8) {
    uint32_t node = node_at(order, batch, position);
    if (node == UINT32_MAX) continue;
    uint32_t end = order->node_count - node < 8 ? order->node_count : node + 8;
    uint64_t eight = 1;
    if (end == node + 8) memcpy(&eight, active + node, 8);
    if (eight == 0) continue;
    for (; node < end; node++) {
      nodes[count] = node;
      count += active[node];
      active[node] = 0;
    }
  }
  return count;
}

void rg_mark(const uint32_t *labels, size_t count, uint8_t *marks) {
  for (size_t i = 0; i < count; i++)
    if (!__atomic_load_n(&marks[labels[i]], __ATOMIC_RELAXED))
      __atomic_store_n(&marks[labels[i]], 1, __ATOMIC_RELAXED);
}

void rg_add_masses(const rg_level *level, const uint32_t *labels, uint32_t from, uint32_t to, void *totals) {
  if (level->width == RG_WIDE) {
    const uint64_t *masses = level->masses;
    for (uint32_t u = from; u < to; u++)
      __atomic_fetch_add(&((uint64_t *)totals)[labels[u]], masses[u], __ATOMIC_RELAXED);
  } else {
    const uint32_t *masses = level->masses;
    for (uint32_t u = from; u < to; u++)
      __atomic_fetch_add(&((uint32_t *)totals)[labels[u]], masses[u], __ATOMIC_RELAXED);
  }
}

void rg_count_labels(const uint32_t *labels, size_t count, uint32_t *counts) {
  for (size_t i = 0; i < count; i++) __atomic_fetch_add(&counts[labels[i]], 1, __ATOMIC_RELAXED);
}

void rg_place_members(const uint32_t *labels, uint32_t from, uint32_t to, uint32_t *cursors, uint32_t *members) {
  for (uint32_t u = from; u < to; u++)
    members[__atomic_fetch_add(&cursors[labels[u]], 1, __ATOMIC_RELAXED)] = u;
}

void rg_smallest(const uint32_t *keys, const uint32_t *values, size_t count, uint32_t *out) {
  for (size_t i = 0; i < count; i++) {
    uint32_t *place = &out[keys[i]];
    uint32_t before = __atomic_load_n(place, __ATOMIC_RELAXED);
    while (values[i] < before &&
           !__atomic_compare_exchange_n(place, &before, values[i], 1, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
    }
  }
}

static inline uint32_t root_of(uint32_t u, uint32_t *parents) {
  for (;;) {
    uint32_t parent = __atomic_load_n(&parents[u], __ATOMIC_RELAXED);
    if (parent == u) return u;
    uint32_t above = __atomic_load_n(&parents[parent], __ATOMIC_RELAXED);
    if (above == parent) return parent;
    __atomic_compare_exchange_n(&parents[u], &parent, above, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    u = above;
  }
}

void rg_link_pieces(const rg_level *level, const rg_place *places, uint32_t from, uint32_t to, uint32_t *parents) {
  for (uint32_t u = from; u < to; u++) {
    if (u + 8 < to) {
      uint64_t start = level->starts[u + 8], end = level->ends[u + 8];
      if (end > start + 64) end = start + 64;
      for (uint64_t e = start; e < end; e++) {
        __builtin_prefetch(&places[level->targets[e]]);
        __builtin_prefetch(&parents[level->targets[e]]);
      }
    }
    rg_place own = places[u];
    for (uint64_t e = level->starts[u], end = level->ends[u]; e < end; e++) {
      uint32_t v = level->targets[e];
      if (v > u || places[v].community != own.community || places[v].part != own.part) continue;
      if (__atomic_load_n(&parents[u], __ATOMIC_RELAXED) == __atomic_load_n(&parents[v], __ATOMIC_RELAXED)) continue;
      // The larger root hangs itself below the smaller: in the end each piece has its smallest node as root.
      for (;;) {
        uint32_t a = root_of(u, parents), b = root_of(v, parents);
        if (a == b) break;
        uint32_t low = a < b ? a : b, high = a < b ? b : a, expected = high;
        if (__atomic_compare_exchange_n(&parents[high], &expected, low, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) break;
      }
    }
  }
}

void rg_find_roots(uint32_t from, uint32_t to, uint32_t *parents, uint32_t *roots) {
  for (uint32_t u = from; u < to; u++) roots[u] = root_of(u, parents);
}
