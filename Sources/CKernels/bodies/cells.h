#include "../vectors.h"

static size_t NAME(cells_of_rows)(size_t rows, size_t width, const float *x, size_t stride, uint32_t *starts,
                                  uint32_t *places, float *values) {
  uint32_t count = 0;
  for (size_t row = 0; row < rows; row++) {
    const float *from = x + row * stride;
    starts[row] = count;
    size_t k = 0;
    for (; k + 8 <= width; k += 8) {
      const rg_eight eight = *(const rg_eight *)(from + k);
      unsigned mask = __builtin_bit_cast(uint8_t, __builtin_convertvector(eight != 0.f, rg_eight_bits));
      while (mask) {
        const int lane = __builtin_ctz(mask);
        places[count] = (uint32_t)k + (uint32_t)lane;
        values[count++] = from[k + lane];
        mask &= mask - 1;
      }
    }
    for (; k < width; k++)
      if (from[k] != 0.f) {
        places[count] = (uint32_t)k;
        values[count++] = from[k];
      }
  }
  starts[rows] = count;
  return count;
}

INLINE float NAME(total)(Floats sum) {
#if LANES == 16
  __auto_type eight = sum.lo + sum.hi;
  __auto_type four = eight.lo + eight.hi;
#elif LANES == 8
  __auto_type four = sum.lo + sum.hi;
#else
  __auto_type four = sum;
#endif
  __auto_type two = four.lo + four.hi;
  return two.x + two.y;
}

// The products of a with `count` rows of w, each in four running sums, so that none depends on how many are taken at once.
INLINE void NAME(products)(const int count, size_t inner, const float *a, const float *const *w, float scale,
                           float *results) {
  Floats sums[3][4];
  UNROLL for (int i = 0; i < count; i++) UNROLL for (int u = 0; u < 4; u++) sums[i][u] = 0.f;
  size_t j = 0;
  for (; j + 4 * LANES <= inner; j += 4 * LANES)
    UNROLL for (int u = 0; u < 4; u++) {
      const Floats factor = load(a + j + u * LANES);
      UNROLL for (int i = 0; i < count; i++) sums[i][u] += factor * load(w[i] + j + u * LANES);
    }
  for (; j + LANES <= inner; j += LANES)
    UNROLL for (int i = 0; i < count; i++) sums[i][0] += load(a + j) * load(w[i] + j);
  if (j < inner) {
    const int n = (int)(inner - j);
    UNROLL for (int i = 0; i < count; i++) sums[i][1] += load_part(a + j, n) * load_part(w[i] + j, n);
  }
  UNROLL for (int i = 0; i < count; i++)
    results[i] = scale * NAME(total)((sums[i][0] + sums[i][1]) + (sums[i][2] + sums[i][3]));
}

static void NAME(products_at_cells)(size_t rows, size_t columns, const uint32_t *starts, const uint32_t *places,
                                    size_t inner, const float *a, size_t a_stride, const float *w,
                                    size_t w_stride, float scale, uint32_t *next, float *values) {
  // Few rows of w at a time, which stay in a near cache while all rows of a pass by.
  const size_t few = 64;
  memcpy(next, starts, rows * sizeof(uint32_t));
  for (size_t low = 0; low < columns; low += few)
    for (size_t row = 0; row < rows; row++) {
      const float *from = a + row * a_stride;
      const uint32_t end = starts[row + 1];
      uint32_t e = next[row], last = e;
      while (last < end && places[last] < low + few) last++;
      next[row] = last;
      while (e < last) {
        const float *taken[3];
        const uint32_t count = last - e < 3 ? last - e : 3;
        for (uint32_t i = 0; i < count; i++) taken[i] = w + places[e + i] * w_stride;
        if (count == 3) NAME(products)(3, inner, from, taken, scale, values + e);
        else if (count == 2) NAME(products)(2, inner, from, taken, scale, values + e);
        else NAME(products)(1, inner, from, taken, scale, values + e);
        e += count;
      }
    }
}
