#ifndef RISKGRAPH_GRAPH_KERNELS_H
#define RISKGRAPH_GRAPH_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// The hot loops of the basic graph algorithms, over compressed rows. Each works on rows [first, last), so that blocks
// of rows can run at once; what they share is touched by atomics only. The algorithms are told where they are
// driven from, in the Swift module Graph.

// Union by smaller root: afterwards the two nodes have one root. Links the `from`-th up to the `to`-th neighbour of
// each row (fewer where the row is shorter). `skipped` is a root whose rows are passed over, or UINT32_MAX.
void rg_components_link(const uint64_t *offsets, const uint32_t *targets, uint32_t *parents, size_t first,
                        size_t last, size_t from, size_t to, uint32_t skipped);
// Every row's parent becomes its root.
void rg_components_compress(uint32_t *parents, size_t first, size_t last);

// Puts the rows of degree `level` among `alive[first..<last)` into `queue` and returns how many there are.
size_t rg_core_find(const uint32_t *degrees, const uint32_t *alive, size_t first, size_t last, uint32_t level,
                    uint32_t *queue);
// Peels the `filled` rows in `queue` and, one after another, all that this takes down to `level`; they are put behind.
// `queue` needs room for every row. Several queues are peeled at once, but only after all were filled: a row that
// falls to the level meanwhile belongs to the queue that took it there.
void rg_core_peel(const uint64_t *offsets, const uint32_t *targets, uint32_t *degrees, uint32_t level,
                  uint32_t *queue, size_t filled);

// sums[row] = Σ shares[target] over the row's entries, weighted where `weights` is not null.
void rg_gather_sums(const uint64_t *offsets, const uint32_t *targets, const float *weights, const double *shares,
                    double *sums, size_t first, size_t last);

// The same from shares of half the size: twice as many stay in the cache.
void rg_gather_short_sums(const uint64_t *offsets, const uint32_t *targets, const float *weights,
                          const float *shares, double *sums, size_t first, size_t last);

// Counts the triangles whose first corner is a row in [first, last), over edges that lead one way only: for each of
// them the three corners in `counts`; returns how many. `marks` are zeros, a byte a row, and are zeros afterwards.
uint64_t rg_triangles(const uint64_t *offsets, const uint32_t *targets, size_t first, size_t last, uint8_t *marks,
                      uint32_t *counts);

#endif
