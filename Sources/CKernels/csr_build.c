#include "CKernels.h"

#include <string.h>

// MARK: To the buckets

static inline __attribute__((always_inline)) int64_t count_body(
    const uint32_t *sources, const uint32_t *targets, size_t begin, size_t end, uint32_t sourceCount,
    uint32_t targetCount, int shift, int symmetric, int dropLoops, uint32_t *counts, uint64_t *loops) {
  uint64_t found = 0;
  for (size_t edge = begin; edge < end; edge++) {
    uint32_t u = sources[edge], v = targets[edge];
    if (__builtin_expect(u >= sourceCount || v >= targetCount, 0)) return (int64_t)edge;
    uint32_t loop = u == v;
    found += loop;
    if (dropLoops) {
      counts[u >> shift] += !loop;
      if (symmetric) counts[v >> shift] += !loop;
    } else {
      counts[u >> shift]++;
      if (symmetric) counts[v >> shift] += !loop;
    }
  }
  *loops += found;
  return -1;
}

int64_t rg_csr_count(const uint32_t *sources, const uint32_t *targets, size_t begin, size_t end,
                     uint32_t sourceCount, uint32_t targetCount, int shift, int symmetric, int dropLoops,
                     uint32_t *counts, uint64_t *loops) {
  if (symmetric)
    return dropLoops ? count_body(sources, targets, begin, end, sourceCount, targetCount, shift, 1, 1, counts, loops)
                     : count_body(sources, targets, begin, end, sourceCount, targetCount, shift, 1, 0, counts, loops);
  return dropLoops ? count_body(sources, targets, begin, end, sourceCount, targetCount, shift, 0, 1, counts, loops)
                   : count_body(sources, targets, begin, end, sourceCount, targetCount, shift, 0, 0, counts, loops);
}

void rg_csr_scatter_packed(const uint32_t *sources, const uint32_t *targets, size_t begin, size_t end, int shift,
                           int targetBits, int symmetric, int dropLoops, uint64_t *positions, uint32_t *entries) {
  const uint32_t mask = ((uint32_t)1 << shift) - 1;
  for (size_t edge = begin; edge < end; edge++) {
    uint32_t u = sources[edge], v = targets[edge];
    if (__builtin_expect(u == v, 0)) {
      if (!dropLoops) entries[positions[u >> shift]++] = (u & mask) << targetBits | v;
      continue;
    }
    entries[positions[u >> shift]++] = (u & mask) << targetBits | v;
    if (symmetric) entries[positions[v >> shift]++] = (v & mask) << targetBits | u;
  }
}

void rg_csr_scatter_wide(const uint32_t *sources, const uint32_t *targets, size_t begin, size_t end, int shift,
                         int symmetric, int dropLoops, uint64_t *positions, uint32_t *entryTargets,
                         uint16_t *locals, uint32_t *rows) {
  const uint32_t mask = ((uint32_t)1 << shift) - 1;
  for (size_t edge = begin; edge < end; edge++) {
    uint32_t u = sources[edge], v = targets[edge];
    if (u == v && dropLoops) continue;
    uint64_t place = positions[u >> shift]++;
    entryTargets[place] = v;
    locals[place] = (uint16_t)(u & mask);
    if (rows) rows[place] = (uint32_t)edge;
    if (symmetric && u != v) {
      place = positions[v >> shift]++;
      entryTargets[place] = u;
      locals[place] = (uint16_t)(v & mask);
      if (rows) rows[place] = (uint32_t)edge;
    }
  }
}

// MARK: Inside a bucket

// Where each row starts, from how many entries it has; leaves the starts in `starts`, counted from 0.
static void starts_of_rows(uint32_t *starts, size_t rowCount, uint64_t base, uint64_t *offsets) {
  uint32_t sum = 0;
  for (size_t row = 0; row < rowCount; row++) {
    uint32_t count = starts[row];
    starts[row] = sum;
    offsets[row] = base + sum;
    sum += count;
  }
}

enum { digitBits = 11, digitCount = 1 << digitBits, maxRows = 1 << 13 };

static void prefix_sums(uint32_t *counts, size_t count) {
  uint32_t sum = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t here = counts[i];
    counts[i] = sum;
    sum += here;
  }
}

// Radix sort from the lowest digits of the target up, then by row: each pass keeps the order of the one before.
// Where the targets of each row already rise, as in edge lists that were sorted, the row's pass is enough.
#define SORT_BODY(KEY, LOAD, STORE)                                                                        \
  uint32_t starts[maxRows];                                                             \
  memset(starts, 0, rowCount * sizeof *starts);                                                            \
  const int digits = targetBits <= 0 ? 0 : (targetBits + digitBits - 1) / digitBits;                       \
  const int width = digits ? (targetBits + digits - 1) / digits : 0;                                       \
  const KEY digitMask = ((KEY)1 << width) - 1;                                                             \
  const KEY targetMask = targetBits >= 32 ? (KEY)UINT32_MAX : ((KEY)1 << targetBits) - 1;                  \
  KEY *from = scratchA, *to = scratchB;                                                                    \
  int rises = 1;                                                                                           \
  {                                                                                                        \
    uint32_t last[maxRows];                                                                                \
    memset(last, 0, rowCount * sizeof *last);                                                              \
    for (size_t i = 0; i < count; i++) {                                                                   \
      KEY key = LOAD;                                                                                      \
      uint32_t target = (uint32_t)(key & targetMask);                                                      \
      size_t row = (size_t)(key >> targetBits);                                                            \
      from[i] = key;                                                                                       \
      starts[row]++;                                                                                       \
      rises &= last[row] <= target;                                                                        \
      last[row] = target;                                                                                  \
    }                                                                                                      \
  }                                                                                                        \
  if (!rises) {                                                                                            \
    uint32_t counts[3][digitCount];                                                                        \
    memset(counts, 0, sizeof counts);                                                                      \
    for (size_t i = 0; i < count; i++) {                                                                   \
      KEY key = from[i] & targetMask;                                                                      \
      for (int digit = 0; digit < digits; digit++) counts[digit][(key >> digit * width) & digitMask]++;    \
    }                                                                                                      \
    for (int digit = 0; digit < digits; digit++) {                                                         \
      uint32_t *places = counts[digit];                                                                    \
      prefix_sums(places, digitCount);                                                                     \
      for (size_t i = 0; i < count; i++) {                                                                 \
        KEY key = from[i];                                                                                 \
        to[places[((key & targetMask) >> digit * width) & digitMask]++] = key;                             \
      }                                                                                                    \
      KEY *other = from;                                                                                   \
      from = to;                                                                                           \
      to = other;                                                                                          \
    }                                                                                                      \
  }                                                                                                        \
  starts_of_rows(starts, rowCount, base, offsets);                                                         \
  for (size_t i = 0; i < count; i++) {                                                                     \
    KEY key = from[i];                                                                                     \
    STORE[starts[(size_t)(key >> targetBits)]++] = (uint32_t)(key & targetMask);                           \
  }

void rg_csr_sort_packed(uint32_t *entries, size_t count, int targetBits, size_t rowCount, uint64_t base,
                        uint64_t *offsets, uint32_t *scratchA, uint32_t *scratchB) {
  SORT_BODY(uint32_t, entries[i], entries)
}

void rg_csr_sort_wide(uint32_t *entryTargets, const uint16_t *locals, size_t count, int targetBits,
                      size_t rowCount, uint64_t base, uint64_t *offsets, uint64_t *scratchA, uint64_t *scratchB) {
  SORT_BODY(uint64_t, (uint64_t)locals[i] << targetBits | entryTargets[i], entryTargets)
}

// MARK: With the edges' numbers

typedef struct {
  int64_t time;
  uint32_t target;
  uint32_t edge;
} Entry;

static inline int precedes(Entry a, Entry b) {
  if (a.time != b.time) return a.time < b.time;
  if (a.target != b.target) return a.target < b.target;
  return a.edge < b.edge;
}

// Merge sort from below over runs that insertion made; `scratch` as long as the row.
static void sort_row(Entry *row, size_t count, Entry *scratch) {
  enum { run = 16 };
  for (size_t begin = 0; begin < count; begin += run) {
    size_t end = begin + run < count ? begin + run : count;
    for (size_t i = begin + 1; i < end; i++) {
      Entry entry = row[i];
      size_t j = i;
      for (; j > begin && precedes(entry, row[j - 1]); j--) row[j] = row[j - 1];
      row[j] = entry;
    }
  }
  Entry *from = row, *to = scratch;
  for (size_t width = run; width < count; width *= 2) {
    for (size_t begin = 0; begin < count; begin += 2 * width) {
      size_t middle = begin + width < count ? begin + width : count;
      size_t end = begin + 2 * width < count ? begin + 2 * width : count;
      size_t a = begin, b = middle;
      for (size_t i = begin; i < end; i++)
        to[i] = a < middle && (b >= end || !precedes(from[b], from[a])) ? from[a++] : from[b++];
    }
    Entry *other = from;
    from = to;
    to = other;
  }
  if (from != row) memcpy(row, from, count * sizeof *row);
}

void rg_csr_sort_rows(uint32_t *entryTargets, const uint16_t *locals, uint32_t *rows, const int64_t *times,
                      int64_t *entryTimes, size_t count, size_t rowCount, uint64_t base, uint64_t *offsets,
                      void *scratchA, void *scratchB) {
  uint32_t starts[maxRows];
  memset(starts, 0, rowCount * sizeof *starts);
  for (size_t i = 0; i < count; i++) starts[locals[i]]++;
  starts_of_rows(starts, rowCount, base, offsets);
  Entry *entries = scratchA;
  for (size_t i = 0; i < count; i++) {
    if (times && i + 16 < count) __builtin_prefetch(times + rows[i + 16]);
    entries[starts[locals[i]]++] = (Entry){times ? times[rows[i]] : 0, entryTargets[i], rows[i]};
  }
  // Now each row's start is the one after it, and its entries stand in the order of the edges.
  size_t begin = 0;
  for (size_t row = 0; row < rowCount; row++) {
    size_t end = starts[row];
    for (size_t i = begin + 1; i < end; i++) {
      if (precedes(entries[i], entries[i - 1])) {
        sort_row(entries + begin, end - begin, (Entry *)scratchB + begin);
        break;
      }
    }
    begin = end;
  }
  for (size_t i = 0; i < count; i++) {
    entryTargets[i] = entries[i].target;
    rows[i] = entries[i].edge;
    if (times) entryTimes[i] = entries[i].time;
  }
}
