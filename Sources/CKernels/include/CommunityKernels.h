#ifndef RISKGRAPH_COMMUNITY_KERNELS_H
#define RISKGRAPH_COMMUNITY_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// The hot loops of Louvain, Leiden and label propagation; their drivers are in the module Communities.
//
// All sums are of integers, and a choice is a pure function of them with ties broken by a total order. So results do
// not depend on the order of neighbours or of threads, and the same bits come out on every instruction set.

// How a level's numbers are kept: edges of weight one with 32-bit sums, 32-bit weights, 64-bit weights.
enum { RG_UNIT = 0, RG_NARROW = 1, RG_WIDE = 2 };

// One graph in the hierarchy. Row u is targets[starts[u] ..< ends[u]]; it never holds u itself, and no weight is zero.
typedef struct {
  int32_t width;
  int32_t instruction_set;
  uint32_t node_count;
  const uint64_t *starts;
  const uint64_t *ends;
  const uint32_t *targets;
  const void *weights; // none for RG_UNIT; uint32_t, uint64_t
  const void *masses;  // what a node weighs in the penalty: uint32_t, or uint64_t for RG_WIDE
} rg_level;

// In which order nodes take their turn: in batches, each decided as a whole on the state before it.
// Batches are made of blocks of 2^shift nodes that are strided over the graph (0) or lie side by side (1), or of
// single nodes scattered by a multiplication modulo node_count (2).
typedef struct {
  uint32_t node_count;
  uint32_t kind;
  uint32_t shift;
  uint32_t batch_count; // a power of two
  uint32_t block_count;
  uint32_t blocks_per_batch;
  uint32_t flip; // exchanges the batches' order, below batch_count
  uint64_t multiplier;
  uint64_t inverse;
} rg_order;

typedef struct {
  uint32_t node;
  uint32_t community;
} rg_move;

typedef struct {
  uint32_t node;
  uint32_t community;
  uint64_t weight; // between the two
} rg_merge;

// What a thread needs for itself. `slots` holds RG_SLOTS entries of 16 bytes, all zero; `dense` one sum a node, all
// zero; `list` node_count + 1 numbers.
enum { RG_SLOTS = 4096 };
typedef struct {
  void *slots;
  void *dense;
  uint32_t *list;
} rg_scratch;

typedef struct {
  uint32_t *community;
  void *totals;    // the masses of each community's members
  uint8_t *active; // who has to decide again
  const uint32_t *sizes;      // members of each community; NULL where there is no limit
  const uint32_t *node_sizes; // members inside each node
  uint32_t largest;
  uint32_t tie;     // odd: of equal choices the one with the smallest community * tie modulo 2^32 is taken
  double penalty;   // a move's score is weight to the community - penalty * mass * the community's mass
  double gain_unit; // gains are summed as integers of this many to one
} rg_moving;

typedef struct {
  uint32_t community; // within which parts are made
  uint32_t part;
} rg_place;

typedef struct {
  rg_place *places;
  const void *totals; // the masses of each community's members
  void *parts;        // of each part two sums: its mass, and the weight between it and the rest of its community
  uint8_t *joined;    // whether the part that bears this node's name has more than one node
  double penalty;
} rg_refining;

// Joins nodes from ..< to with those neighbours that have the same place, in a forest whose roots are the smallest nodes
// of their trees; `parents` begins with each node its own. Several threads may do so at once: the trees do not depend
// on their order, once all are done.
void rg_link_pieces(const rg_level *level, const rg_place *places, uint32_t from, uint32_t to, uint32_t *parents);
// The root of each node's tree.
void rg_find_roots(uint32_t from, uint32_t to, uint32_t *parents, uint32_t *roots);

// Room for rows whose lengths are not known before: each thread takes slabs off one pile.
typedef struct {
  uint64_t *top;
  uint64_t cursor;
  uint64_t end;
} rg_slab;

// The active nodes among positions from ..< to of a batch, which are cleared. Returns how many; `nodes` has room for
// to - from.
uint32_t rg_collect_active(const rg_order *order, uint32_t batch, uint32_t from, uint32_t to, uint8_t *active,
                           uint32_t *nodes);

// Where each of `nodes` would go; `moves` has room for `count`. Marks neighbours that will have to decide again.
uint32_t rg_decide_moves(const rg_level *level, const rg_moving *state, const rg_order *order, uint32_t batch,
                         const uint32_t *nodes, uint32_t count, const rg_scratch *scratch, rg_move *moves,
                         int64_t *gain);
void rg_apply_moves(const rg_level *level, const rg_moving *state, const rg_move *moves, uint32_t count);

// Nodes from ..< to as parts of their own, with the weight of their edges into their own community.
void rg_begin_refining(const rg_level *level, const uint32_t *community, const rg_refining *state, uint32_t from,
                       uint32_t to);
// Which single nodes among positions from ..< to of a batch join which part of their community.
uint32_t rg_decide_merges(const rg_level *level, const rg_refining *state, const rg_order *order, uint32_t batch,
                          uint32_t from, uint32_t to, const rg_scratch *scratch, rg_merge *merges);
void rg_apply_merges(const rg_level *level, const rg_refining *state, const rg_merge *merges, uint32_t count);

// Rows from ..< to of the graph whose nodes are the labels: members of label c are
// members[first_members[c] ..< first_members[c + 1]]. Weights come out as RG_NARROW, or RG_WIDE from RG_WIDE.
void rg_aggregate_rows(const rg_level *level, const uint32_t *labels, const uint32_t *first_members,
                       const uint32_t *members, uint32_t from, uint32_t to, const rg_scratch *scratch, rg_slab *slab,
                       uint64_t *starts, uint64_t *ends, uint32_t *targets, void *weights);

// Scattered additions and marks by many threads at once: the result does not depend on their order.
void rg_mark(const uint32_t *labels, size_t count, uint8_t *marks);
void rg_add_masses(const rg_level *level, const uint32_t *labels, uint32_t from, uint32_t to, void *totals);
void rg_count_labels(const uint32_t *labels, size_t count, uint32_t *counts);
void rg_place_members(const uint32_t *labels, uint32_t from, uint32_t to, uint32_t *cursors, uint32_t *members);
// out[keys[i]] = the smallest of values[i].
void rg_smallest(const uint32_t *keys, const uint32_t *values, size_t count, uint32_t *out);

#endif
