// One body for every width and instruction set; communities.c includes it once for each.
// RG(name) names the variant; RG_SUM is the type of sums; RG_WEIGHTED tells whether edges bear weights of that type.

typedef struct {
  RG_SUM weight; // zero: the slot is empty
  uint32_t community;
} RG(slot);

typedef struct {
  RG_SUM mass;
  RG_SUM inner; // the weight between the part and the rest of its community
} RG(part);

static inline RG_SUM RG(edge_weight)(const rg_level *g, uint64_t entry) {
#if RG_WEIGHTED
  return ((const RG_SUM *)g->weights)[entry];
#else
  (void)g;
  (void)entry;
  return 1;
#endif
}

static inline void RG(prefetch_row)(const rg_level *g, uint32_t u, const uint32_t *values) {
  uint64_t start = g->starts[u], end = g->ends[u];
  if (end > start + 64) end = start + 64;
  for (uint64_t e = start; e < end; e++) __builtin_prefetch(&values[g->targets[e]]);
}

// The best among the neighbouring communities seen so far. A total order: by score, then by the tie's number.
typedef struct {
  double score;
  uint32_t community;
} RG(choice);

static inline void RG(consider)(RG(choice) *best, RG_SUM weight, uint32_t c, uint32_t own, double rate,
                                const rg_moving *s, uint32_t node_size) {
  // The penalty is never negative, so a weight below the best score cannot win: saves the look at the total.
  if ((double)weight < best->score || c == own) return;
  double score = (double)weight - rate * (double)((const RG_SUM *)s->totals)[c];
  if (score < best->score) return;
  if (score == best->score && (best->community == own || c * s->tie >= best->community * s->tie)) return;
  if (s->sizes && (uint64_t)s->sizes[c] + node_size > s->largest) return;
  best->score = score;
  best->community = c;
}

// Where u would go, and what that gains. Sums its row by community: in a dense array where the level is small or the
// row long, else in a hash table that stays in the first-level cache.
static inline uint32_t RG(choose)(const rg_level *g, const rg_moving *s, uint32_t u, const rg_scratch *scratch,
                                  int small_level, double *gain) {
  const uint32_t *restrict community = s->community;
  const RG_SUM *totals = s->totals;
  uint32_t own = community[u];
  uint64_t start = g->starts[u], end = g->ends[u];
  uint64_t length = end - start;
  if (length == 0) return own;
  RG_SUM mass = ((const RG_SUM *)g->masses)[u];
  double rate = s->penalty * (double)mass;
  uint32_t node_size = s->sizes ? s->node_sizes[u] : 0;
  double without_me = rate * (double)(RG_SUM)(totals[own] - mass);
  const uint32_t *restrict targets = g->targets;
  uint32_t *restrict list = scratch->list;
  uint32_t seen = 0;
  RG(choice) best;
  double stay;
  if (small_level || length > 1024) {
    RG_SUM *restrict dense = scratch->dense;
    for (uint64_t e = start; e < end; e++) {
      uint32_t c = community[targets[e]];
      RG_SUM before = dense[c];
      list[seen] = c;
      seen += before == 0;
      dense[c] = before + RG(edge_weight)(g, e);
    }
    stay = (double)dense[own] - without_me;
    best = (RG(choice)){stay, own};
    for (uint32_t i = 0; i < seen; i++) {
      uint32_t c = list[i];
      RG_SUM weight = dense[c];
      dense[c] = 0;
      RG(consider)(&best, weight, c, own, rate, s, node_size);
    }
  } else {
    RG(slot) *restrict slots = scratch->slots;
    uint32_t bits = 34 - (uint32_t)__builtin_clz((uint32_t)length | 7);
    if (bits > 12) bits = 12;
    uint32_t shift = 32 - bits, mask = (1u << bits) - 1;
    for (uint64_t e = start; e < end; e++) {
      uint32_t c = community[targets[e]];
      __builtin_prefetch(&totals[c]);
      uint32_t h = (c * 2654435761u) >> shift;
      while (__builtin_expect(slots[h].weight != 0 && slots[h].community != c, 0)) h = (h + 1) & mask;
      list[seen] = h;
      seen += slots[h].weight == 0;
      slots[h].community = c;
      slots[h].weight += RG(edge_weight)(g, e);
    }
    uint32_t h = (own * 2654435761u) >> shift;
    while (slots[h].weight != 0 && slots[h].community != own) h = (h + 1) & mask;
    stay = (double)slots[h].weight - without_me;
    best = (RG(choice)){stay, own};
    for (uint32_t i = 0; i < seen; i++) {
      RG(slot) slot = slots[list[i]];
      slots[list[i]].weight = 0;
      RG(consider)(&best, slot.weight, slot.community, own, rate, s, node_size);
    }
  }
  double least = stay + 1e-9 * (1 + (stay < 0 ? -stay : stay));
  if (best.community == own || !(best.score > least)) return own;
  *gain = best.score - stay;
  return best.community;
}

#if RG_SHORT_ROWS
#include "community_short_rows.h"
#else
enum { RG(short_row) = 0 };
static inline uint32_t RG(choose_short)(const rg_level *g, const rg_moving *s, uint32_t u, double *gain) {
  (void)g, (void)gain;
  return s->community[u];
}
#endif

static uint32_t RG(decide_moves)(const rg_level *g, const rg_moving *s, const rg_order *order, uint32_t batch,
                                 const uint32_t *nodes, uint32_t count, const rg_scratch *scratch, rg_move *moves,
                                 int64_t *gain) {
  const int small_level = (uint64_t)g->node_count * sizeof(RG_SUM) <= (256u << 10);
  const RG_SUM *totals = s->totals, *masses = g->masses;
  // Rows that registers hold; none where communities have a largest size.
  const int64_t shortest = s->sizes || RG(short_row) == 0 ? -1 : RG(short_row);
  uint8_t nowhere;
  uint32_t moved = 0;
  int64_t gained = 0;
  if (!small_level)
    for (uint32_t i = 0; i < 8 && i < count; i++) RG(prefetch_row)(g, nodes[i], s->community);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t u = nodes[i];
    if (!small_level && i + 8 < count) RG(prefetch_row)(g, nodes[i + 8], s->community);
    double win = 0;
    uint32_t own = s->community[u];
    uint32_t c = (int64_t)(g->ends[u] - g->starts[u]) <= shortest
                     ? RG(choose_short)(g, s, u, &win)
                     : RG(choose)(g, s, u, scratch, small_level, &win);
    if (c == own) continue;
    // Two single nodes of one batch would change places for ever: only the larger name joins the smaller.
    if (c > own && s->community[c] == c && totals[c] == masses[c] && totals[own] == masses[u] &&
        batch_of(order, c) == batch) {
      __atomic_store_n(&s->active[u], 1, __ATOMIC_RELAXED);
      continue;
    }
    moves[moved].node = u;
    moves[moved].community = c;
    moved++;
    gained += (int64_t)(win * s->gain_unit);
    for (uint64_t e = g->starts[u], end = g->ends[u]; e < end; e++) {
      uint32_t v = g->targets[e];
      // A store that may go nowhere costs less than a branch that cannot be foreseen.
      uint8_t *mark = s->community[v] != c ? &s->active[v] : &nowhere;
      __atomic_store_n(mark, 1, __ATOMIC_RELAXED);
    }
  }
  *gain = gained;
  return moved;
}

static void RG(apply_moves)(const rg_level *g, const rg_moving *s, const rg_move *moves, uint32_t count) {
  RG_SUM *totals = s->totals;
  const RG_SUM *masses = g->masses;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t u = moves[i].node, c = moves[i].community, own = s->community[u];
    if (i + 8 < count) {
      __builtin_prefetch(&totals[moves[i + 8].community], 1);
      __builtin_prefetch(&totals[s->community[moves[i + 8].node]], 1);
    }
    s->community[u] = c;
    __atomic_fetch_sub(&totals[own], masses[u], __ATOMIC_RELAXED);
    __atomic_fetch_add(&totals[c], masses[u], __ATOMIC_RELAXED);
  }
}

// Each node a part of its own, with the weight between it and the rest of its community.
static void RG(begin_refining)(const rg_level *g, const uint32_t *community, const rg_refining *s, uint32_t from,
                               uint32_t to) {
  RG(part) *parts = s->parts;
  const RG_SUM *masses = g->masses;
  for (uint32_t u = from; u < to; u++) {
    if (u + 8 < to) RG(prefetch_row)(g, u + 8, community);
    uint32_t own = community[u];
    RG_SUM sum = 0;
    for (uint64_t e = g->starts[u], end = g->ends[u]; e < end; e++)
      sum += community[g->targets[e]] == own ? RG(edge_weight)(g, e) : 0;
    s->places[u] = (rg_place){own, u};
    parts[u] = (RG(part)){masses[u], sum};
    s->joined[u] = 0;
  }
}

// The best of the parts in a node's row, so far.
typedef struct {
  double score;
  uint32_t part;
  uint64_t weight;
} RG(best_part);

// A part that the node is tied to more than by chance, and which is itself well tied to the rest of the community.
static inline void RG(consider_part)(RG(best_part) *best, uint32_t part, RG_SUM weight, uint32_t u, double rate,
                                     double total, const rg_refining *s, const rg_order *order, uint32_t batch) {
  if (part == u || (double)weight <= best->score) return;
  const RG(part) *parts = s->parts;
  double mass = (double)parts[part].mass;
  double score = (double)weight - rate * mass;
  if (score <= 0 || score < best->score || (score == best->score && part >= best->part)) return;
  // A single node of the same batch may be leaving at this moment; joining it could tear a part asunder.
  if (!s->joined[part] && batch_of(order, part) == batch) return;
  if ((double)parts[part].inner < s->penalty * mass * (total - mass)) return;
  *best = (RG(best_part)){score, part, weight};
}

// The part of its community that a single node joins best; the node's own name where there is none.
static inline RG(best_part) RG(choose_part)(const rg_level *g, const rg_refining *s, const rg_order *order,
                                            uint32_t batch, uint32_t u, const rg_scratch *scratch) {
  enum { in_slots = 512 };
  const rg_place *restrict places = s->places;
  const RG(part) *parts = s->parts;
  uint32_t own = places[u].community;
  double total = (double)((const RG_SUM *)s->totals)[own], mass = (double)parts[u].mass;
  double rate = s->penalty * mass;
  RG(best_part) best = {0, u, 0};
  if ((double)parts[u].inner < rate * (total - mass)) return best;
  uint32_t *restrict list = scratch->list;
  uint64_t start = g->starts[u], length = g->ends[u] - start;
  const uint32_t *restrict targets = g->targets;
  uint32_t seen = 0;
  if (length > in_slots) {
    RG_SUM *restrict dense = scratch->dense;
    for (uint64_t e = start; e < start + length; e++) {
      rg_place place = places[targets[e]];
      if (place.community != own) continue;
      RG_SUM before = dense[place.part];
      list[seen] = place.part;
      seen += before == 0;
      dense[place.part] = before + RG(edge_weight)(g, e);
    }
    for (uint32_t i = 0; i < seen; i++) {
      uint32_t part = list[i];
      RG_SUM weight = dense[part];
      dense[part] = 0;
      RG(consider_part)(&best, part, weight, u, rate, total, s, order, batch);
    }
    return best;
  }
  // First the neighbours of the same community, without branches that cannot be foreseen.
  uint32_t own_parts[in_slots];
  RG_SUM own_weights[in_slots];
  uint32_t count = 0;
  for (uint64_t e = start; e < start + length; e++) {
    rg_place place = places[targets[e]];
    own_parts[count] = place.part;
    own_weights[count] = RG(edge_weight)(g, e);
    __builtin_prefetch(&parts[place.part]);
    count += place.community == own;
  }
  RG(slot) *restrict slots = scratch->slots;
  uint32_t shift = (uint32_t)__builtin_clz(count | 7) - 2, mask = (1u << (32 - shift)) - 1;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t part = own_parts[i], h = (part * 2654435761u) >> shift;
    while (__builtin_expect(slots[h].weight != 0 && slots[h].community != part, 0)) h = (h + 1) & mask;
    list[seen] = h;
    seen += slots[h].weight == 0;
    slots[h].community = part;
    slots[h].weight += own_weights[i];
  }
  for (uint32_t i = 0; i < seen; i++) {
    RG(slot) slot = slots[list[i]];
    slots[list[i]].weight = 0;
    RG(consider_part)(&best, slot.community, slot.weight, u, rate, total, s, order, batch);
  }
  return best;
}

static uint32_t RG(decide_merges)(const rg_level *g, const rg_refining *s, const rg_order *order, uint32_t batch,
                                  uint32_t from, uint32_t to, const rg_scratch *scratch, rg_merge *merges) {
  uint32_t merged = 0;
  for (uint32_t position = from; position < to; position++) {
    uint32_t ahead = position + 8 < to ? node_at(order, batch, position + 8) : UINT32_MAX;
    if (ahead < g->node_count && !s->joined[ahead]) {
      uint64_t start = g->starts[ahead], end = g->ends[ahead];
      if (end > start + 64) end = start + 64;
      for (uint64_t e = start; e < end; e++) __builtin_prefetch(&s->places[g->targets[e]]);
    }
    uint32_t u = node_at(order, batch, position);
    if (u >= g->node_count || s->joined[u] || g->starts[u] == g->ends[u]) continue;
    RG(best_part) best = RG(choose_part)(g, s, order, batch, u, scratch);
    if (best.part == u) continue;
    merges[merged++] = (rg_merge){u, best.part, best.weight};
  }
  return merged;
}

static void RG(apply_merges)(const rg_level *g, const rg_refining *s, const rg_merge *merges, uint32_t count) {
  const RG_SUM *masses = g->masses;
  RG(part) *parts = s->parts;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t u = merges[i].node, part = merges[i].community;
    if (i + 8 < count) __builtin_prefetch(&parts[merges[i + 8].community], 1);
    s->places[u].part = part;
    s->joined[u] = 1;
    s->joined[part] = 1;
    parts[u].mass = 0;
    parts[part].mass += masses[u];
    parts[part].inner += parts[u].inner - 2 * (RG_SUM)merges[i].weight;
  }
}

static void RG(aggregate_rows)(const rg_level *g, const uint32_t *labels, const uint32_t *first_members,
                               const uint32_t *members, uint32_t from, uint32_t to, const rg_scratch *scratch,
                               rg_slab *slab, uint64_t *starts, uint64_t *ends, uint32_t *targets, RG_SUM *weights) {
  const uint64_t slab_size = 1 << 16;
  RG_SUM *restrict dense = scratch->dense;
  uint32_t *restrict list = scratch->list;
  uint32_t last = g->node_count;
  for (uint32_t c = from; c < to; c++) {
    uint32_t seen = 0;
    for (uint32_t p = first_members[c]; p < first_members[c + 1]; p++) {
      uint32_t u = members[p];
      if (p + 16 < last) __builtin_prefetch(&g->starts[members[p + 16]]);
      if (p + 8 < last) {
        uint64_t start = g->starts[members[p + 8]];
        __builtin_prefetch(&g->targets[start]);
        __builtin_prefetch(&g->targets[start + 16]);
#if RG_WEIGHTED
        __builtin_prefetch(&((const RG_SUM *)g->weights)[start]);
#endif
      }
      if (p + 3 < last) RG(prefetch_row)(g, members[p + 3], labels);
      for (uint64_t e = g->starts[u], end = g->ends[u]; e < end; e++) {
        uint32_t label = labels[g->targets[e]];
        RG_SUM before = dense[label];
        list[seen] = label;
        seen += before == 0;
        dense[label] = before + RG(edge_weight)(g, e);
      }
    }
    if (slab->cursor + seen > slab->end) {
      uint64_t size = seen > slab_size ? seen : slab_size;
      slab->cursor = __atomic_fetch_add(slab->top, size, __ATOMIC_RELAXED);
      slab->end = slab->cursor + size;
    }
    starts[c] = slab->cursor;
    for (uint32_t i = 0; i < seen; i++) {
      uint32_t label = list[i];
      RG_SUM weight = dense[label];
      dense[label] = 0;
      if (label == c) continue;
      targets[slab->cursor] = label;
      weights[slab->cursor] = weight;
      slab->cursor++;
    }
    ends[c] = slab->cursor;
  }
}
