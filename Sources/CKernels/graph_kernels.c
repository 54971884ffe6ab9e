#include "graph_kernels.h"

// Components ---------------------------------------------------------------------------------------------------

static inline uint32_t load(const uint32_t *cell) { return __atomic_load_n(cell, __ATOMIC_RELAXED); }

static void link_roots(uint32_t *parents, uint32_t a, uint32_t b) {
  uint32_t root_a = load(&parents[a]), root_b = load(&parents[b]);
  while (root_a != root_b) {
    uint32_t high = root_a > root_b ? root_a : root_b;
    uint32_t low = root_a > root_b ? root_b : root_a;
    uint32_t above = load(&parents[high]);
    if (above == low) return;
    uint32_t expected = high;
    if (above == high &&
        __atomic_compare_exchange_n(&parents[high], &expected, low, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
      return;
    root_a = load(&parents[load(&parents[high])]);
    root_b = load(&parents[low]);
  }
}

void rg_components_link(const uint64_t *offsets, const uint32_t *targets, uint32_t *parents, size_t first,
                        size_t last, size_t from, size_t to, uint32_t skipped) {
  for (size_t row = first; row < last; row++) {
    if (skipped != UINT32_MAX && load(&parents[row]) == skipped) continue;
    uint64_t begin = offsets[row] + from, end = offsets[row + 1];
    if (to != SIZE_MAX && offsets[row] + to < end) end = offsets[row] + to;
    for (uint64_t entry = begin; entry < end; entry++) link_roots(parents, (uint32_t)row, targets[entry]);
  }
}

void rg_components_compress(uint32_t *parents, size_t first, size_t last) {
  for (size_t row = first; row < last; row++) {
    uint32_t parent = load(&parents[row]);
    uint32_t above = load(&parents[parent]);
    while (parent != above) {
      parent = above;
      above = load(&parents[parent]);
    }
    __atomic_store_n(&parents[row], parent, __ATOMIC_RELAXED);
  }
}

// Core numbers -------------------------------------------------------------------------------------------------

size_t rg_core_find(const uint32_t *degrees, const uint32_t *alive, size_t first, size_t last, uint32_t level,
                    uint32_t *queue) {
  size_t filled = 0;
  for (size_t i = first; i < last; i++)
    if (degrees[alive[i]] == level) queue[filled++] = alive[i];
  return filled;
}

void rg_core_peel(const uint64_t *offsets, const uint32_t *targets, uint32_t *degrees, uint32_t level,
                  uint32_t *queue, size_t filled) {
  for (size_t next = 0; next < filled; next++) {
    uint32_t row = queue[next];
    for (uint64_t entry = offsets[row]; entry < offsets[row + 1]; entry++) {
      uint32_t neighbour = targets[entry];
      if (neighbour == row || load(&degrees[neighbour]) <= level) continue;
      uint32_t before = __atomic_fetch_sub(&degrees[neighbour], 1, __ATOMIC_RELAXED);
      // Exactly one thread takes it down to the level, and so owns it; one that took it below gives back.
      if (before == level + 1) queue[filled++] = neighbour;
      if (before <= level) __atomic_fetch_add(&degrees[neighbour], 1, __ATOMIC_RELAXED);
    }
  }
}

// PageRank -----------------------------------------------------------------------------------------------------

// Four running sums, added in a fixed order: the same bits whoever runs it.
#define RG_GATHER_SUMS(name, share)                                                                              \
  void name(const uint64_t *offsets, const uint32_t *targets, const float *weights, const share *shares,         \
            double *sums, size_t first, size_t last) {                                                           \
    for (size_t row = first; row < last; row++) {                                                                \
      uint64_t entry = offsets[row], end = offsets[row + 1];                                                     \
      double a = 0, b = 0, c = 0, d = 0;                                                                         \
      if (weights) {                                                                                             \
        for (; entry + 4 <= end; entry += 4) {                                                                   \
          a += weights[entry] * (double)shares[targets[entry]];                                                  \
          b += weights[entry + 1] * (double)shares[targets[entry + 1]];                                          \
          c += weights[entry + 2] * (double)shares[targets[entry + 2]];                                          \
          d += weights[entry + 3] * (double)shares[targets[entry + 3]];                                          \
        }                                                                                                        \
        for (; entry < end; entry++) a += weights[entry] * (double)shares[targets[entry]];                       \
      } else {                                                                                                   \
        for (; entry + 4 <= end; entry += 4) {                                                                   \
          a += shares[targets[entry]];                                                                           \
          b += shares[targets[entry + 1]];                                                                       \
          c += shares[targets[entry + 2]];                                                                       \
          d += shares[targets[entry + 3]];                                                                       \
        }                                                                                                        \
        for (; entry < end; entry++) a += shares[targets[entry]];                                                \
      }                                                                                                          \
      sums[row] = (a + b) + (c + d);                                                                             \
    }                                                                                                            \
  }

RG_GATHER_SUMS(rg_gather_sums, double)
RG_GATHER_SUMS(rg_gather_short_sums, float)

// Triangles ----------------------------------------------------------------------------------------------------

uint64_t rg_triangles(const uint64_t *offsets, const uint32_t *targets, size_t first, size_t last, uint8_t *marks,
                      uint32_t *counts) {
  uint64_t total = 0;
  for (size_t row = first; row < last; row++) {
    uint64_t begin = offsets[row], end = offsets[row + 1];
    if (end - begin < 2) continue;
    for (uint64_t entry = begin; entry < end; entry++) marks[targets[entry]] = 1;
    uint32_t of_row = 0;
    for (uint64_t entry = begin; entry < end; entry++) {
      uint32_t middle = targets[entry], of_middle = 0;
      for (uint64_t other = offsets[middle]; other < offsets[middle + 1]; other++) {
        uint32_t third = targets[other], closed = marks[third];
        counts[third] += closed;
        of_middle += closed;
      }
      counts[middle] += of_middle;
      of_row += of_middle;
    }
    counts[row] += of_row;
    total += of_row;
    for (uint64_t entry = begin; entry < end; entry++) marks[targets[entry]] = 0;
  }
  return total;
}
