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
void rg_gather_sums(const uint64_t *offsets, const uint32_t *targets, const float *weights, const double *shares,
                    double *sums, size_t first, size_t last) {
  for (size_t row = first; row < last; row++) {
    uint64_t entry = offsets[row], end = offsets[row + 1];
    double a = 0, b = 0, c = 0, d = 0;
    if (weights) {
      for (; entry + 4 <= end; entry += 4) {
        a += weights[entry] * shares[targets[entry]];
        b += weights[entry + 1] * shares[targets[entry + 1]];
        c += weights[entry + 2] * shares[targets[entry + 2]];
        d += weights[entry + 3] * shares[targets[entry + 3]];
      }
      for (; entry < end; entry++) a += weights[entry] * shares[targets[entry]];
    } else {
      for (; entry + 4 <= end; entry += 4) {
        a += shares[targets[entry]];
        b += shares[targets[entry + 1]];
        c += shares[targets[entry + 2]];
        d += shares[targets[entry + 3]];
      }
      for (; entry < end; entry++) a += shares[targets[entry]];
    }
    sums[row] = (a + b) + (c + d);
  }
}

// Triangles ----------------------------------------------------------------------------------------------------

// The first place in a rising list that is not below `wanted`: doubling steps, then halving.
static size_t gallop(const uint32_t *list, size_t from, size_t count, uint32_t wanted) {
  size_t step = 1, low = from, high = from;
  while (high < count && list[high] < wanted) {
    low = high + 1;
    high += step;
    step *= 2;
  }
  if (high > count) high = count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (list[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

uint64_t rg_count_common(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count, uint32_t *counts) {
  if (a_count > b_count) {
    const uint32_t *list = a;
    a = b;
    b = list;
    size_t count = a_count;
    a_count = b_count;
    b_count = count;
  }
  uint64_t found = 0;
  size_t i = 0, j = 0;
  if (a_count * 16 < b_count) {
    for (; i < a_count; i++) {
      j = gallop(b, j, b_count, a[i]);
      if (j == b_count) break;
      if (b[j] == a[i]) {
        found++;
        if (counts) __atomic_fetch_add(&counts[a[i]], 1, __ATOMIC_RELAXED);
      }
    }
    return found;
  }
  while (i < a_count && j < b_count) {
    uint32_t x = a[i], y = b[j];
    if (x == y) {
      found++;
      if (counts) __atomic_fetch_add(&counts[x], 1, __ATOMIC_RELAXED);
    }
    i += x <= y;
    j += y <= x;
  }
  return found;
}

void rg_add(uint32_t *cell, uint32_t amount) { __atomic_fetch_add(cell, amount, __ATOMIC_RELAXED); }
