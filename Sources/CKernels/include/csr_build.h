#ifndef RISKGRAPH_CSR_BUILD_H
#define RISKGRAPH_CSR_BUILD_H

#include <stddef.h>
#include <stdint.h>

// The hot loops of CSRBuilder. Edges go to buckets of 2^shift neighbouring rows (shift at most 13), each bucket
// to its place in the finished arrays; then every bucket is sorted where it lies, in the cache.
// `symmetric`: each edge goes to both its rows, a self-loop once. `dropLoops`: a self-loop goes nowhere.

// Counts the entries of each bucket among the edges begin..<end. Returns the first edge that names a node out of
// range, or -1; adds the number of self-loops to *loops.
int64_t rg_csr_count(const uint32_t *sources, const uint32_t *targets, size_t begin, size_t end,
                     uint32_t sourceCount, uint32_t targetCount, int shift, int symmetric, int dropLoops,
                     uint32_t *counts, uint64_t *loops);

// Moves the entries to their buckets; positions[bucket] says where the next one goes. The row within the bucket
// stands above the target in the same 32 bits.
void rg_csr_scatter_packed(const uint32_t *sources, const uint32_t *targets, size_t begin, size_t end, int shift,
                           int targetBits, int symmetric, int dropLoops, uint64_t *positions, uint32_t *entries);

// The same with the row within the bucket apart, and the number of the edge (where `rows` is not null).
void rg_csr_scatter_wide(const uint32_t *sources, const uint32_t *targets, size_t begin, size_t end, int shift,
                         int symmetric, int dropLoops, uint64_t *positions, uint32_t *entryTargets,
                         uint16_t *locals, uint32_t *rows);

// Sorts one bucket by row, then target, in place, and writes where each of its rows starts, counted from `base`.
// The scratch areas hold as many elements as the bucket.
void rg_csr_sort_packed(uint32_t *entries, size_t count, int targetBits, size_t rowCount, uint64_t base,
                        uint64_t *offsets, uint32_t *scratchA, uint32_t *scratchB);
void rg_csr_sort_wide(uint32_t *entryTargets, const uint16_t *locals, size_t count, int targetBits,
                      size_t rowCount, uint64_t base, uint64_t *offsets, uint64_t *scratchA, uint64_t *scratchB);

// The same, carrying the edges' numbers; with `times` (of edges) by row, time, target, and edge, and the times are
// written to `entryTimes`. The scratch areas hold 16 bytes an element.
void rg_csr_sort_rows(uint32_t *entryTargets, const uint16_t *locals, uint32_t *rows, const int64_t *times,
                      int64_t *entryTimes, size_t count, size_t rowCount, uint64_t base, uint64_t *offsets,
                      void *scratchA, void *scratchB);

#endif
