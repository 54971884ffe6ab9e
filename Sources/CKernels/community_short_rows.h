// Where a node goes whose row fits vector registers: no hash table, and no branch that depends on the data but whether
// any community is left to look at. Unit weights and AVX2 only; the choice is the same as elsewhere.
//
// Each lane holds a neighbour's community, and counts the lanes that hold the same: all of its own vector, and of the
// vectors before. So the last lane of a community has its whole weight, and the others less: they cannot win.

enum { RG(short_row) = 64 };

static inline uint32_t RG(choose_short)(const rg_level *g, const rg_moving *s, uint32_t u, double *gain) {
  const uint32_t *restrict community = s->community, *restrict totals = s->totals;
  uint32_t own = community[u];
  uint64_t start = g->starts[u];
  uint32_t length = (uint32_t)(g->ends[u] - start);
  if (length == 0) return own;
  uint32_t communities[RG(short_row)], weights[RG(short_row)];
  __m256i lanes[RG(short_row) / 8], counts[RG(short_row) / 8];
  const __m256i next = _mm256_setr_epi32(1, 2, 3, 4, 5, 6, 7, 0), own_lanes = _mm256_set1_epi32((int)own);
  uint32_t vectors = (length + 7) / 8;
  _mm256_storeu_si256((__m256i *)&communities[8 * vectors - 8], _mm256_set1_epi32(-1)); // no community is called so
  for (uint32_t i = 0; i < length; i++) {
    communities[i] = community[g->targets[start + i]];
    __builtin_prefetch(&totals[communities[i]]);
  }
  uint32_t at_home = 0;
  for (uint32_t i = 0; i < vectors; i++) {
    lanes[i] = _mm256_loadu_si256((const __m256i *)&communities[8 * i]);
    counts[i] = _mm256_setzero_si256();
    __m256i is_own = _mm256_cmpeq_epi32(lanes[i], own_lanes);
    at_home += (uint32_t)__builtin_popcount((uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(is_own)));
  }
  for (uint32_t i = 0; i < vectors; i++) {
    __m256i turned = lanes[i];
    for (int turn = 0; turn < 8; turn++) {
      for (uint32_t j = i; j < vectors; j++)
        counts[j] = _mm256_sub_epi32(counts[j], _mm256_cmpeq_epi32(lanes[j], turned));
      turned = _mm256_permutevar8x32_epi32(turned, next);
    }
  }
  uint32_t mass = ((const uint32_t *)g->masses)[u];
  double rate = s->penalty * (double)mass;
  double stay = (double)at_home - rate * (double)(totals[own] - mass);
  double least = stay + 1e-9 * (1 + (stay < 0 ? -stay : stay));
  // The penalty is never negative: what weighs no more than must be gained cannot win.
  const __m256i enough = _mm256_set1_epi32(least < 0 ? 0 : (int)least);
  double best = least;
  uint32_t choice = own;
  for (uint32_t i = 0; i < vectors; i++) {
    __m256i may = _mm256_andnot_si256(_mm256_cmpeq_epi32(lanes[i], own_lanes), _mm256_cmpgt_epi32(counts[i], enough));
    uint32_t left = (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(may));
    if (8 * i + 8 > length) left &= (1u << (length - 8 * i)) - 1;
    if (left == 0) continue;
    _mm256_storeu_si256((__m256i *)&weights[8 * i], counts[i]);
    for (; left != 0; left &= left - 1) {
      uint32_t lane = 8 * i + (uint32_t)__builtin_ctz(left), c = communities[lane];
      double score = (double)weights[lane] - rate * (double)totals[c];
      if (score < best || (score == best && (choice == own || c * s->tie >= choice * s->tie))) continue;
      best = score;
      choice = c;
    }
  }
  if (choice != own) *gain = best - stay;
  return choice;
}
