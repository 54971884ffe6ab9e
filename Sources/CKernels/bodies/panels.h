#include "../vectors.h"

#undef TILE_ROWS
#undef VECTORS
#if LANES == 16
#define TILE_ROWS 12
#else
#define TILE_ROWS 6
#endif
// How many vectors make a panel's row.
#define VECTORS (RG_PANEL / LANES)

static void NAME(pack_panels)(size_t rows, size_t columns, const float *x, size_t stride, float *panels) {
  for (size_t j = 0; j < columns; j += RG_PANEL) {
    const size_t n = columns - j < RG_PANEL ? columns - j : RG_PANEL;
    for (size_t row = 0; row < rows; row++, panels += RG_PANEL) {
      const float *from = x + row * stride + j;
      if (n == RG_PANEL) {
        UNROLL for (int v = 0; v < VECTORS; v++) store(panels + v * LANES, load(from + v * LANES));
      } else {
        memcpy(panels, from, n * sizeof(float));
        memset(panels + n, 0, (RG_PANEL - n) * sizeof(float));
      }
    }
  }
}

static void NAME(pack_transposed)(size_t rows, size_t columns, const float *x, size_t stride, float *panels) {
  for (size_t j = 0; j < columns; j += RG_PANEL) {
    const size_t n = columns - j < RG_PANEL ? columns - j : RG_PANEL;
    for (size_t row = 0; row < rows; row++, panels += RG_PANEL)
      for (size_t v = 0; v < RG_PANEL; v++) panels[v] = v < n ? x[(j + v) * stride + row] : 0.f;
  }
}

// `height` rows times two vectors of columns: as many sums as fit the registers, each a chain over the inner rows.
INLINE void NAME(dense_tile)(const int height, size_t inner, const float *a, size_t a_stride,
                             const float *panel, float *c, size_t c_stride, size_t left, int adding) {
  Floats low[TILE_ROWS], high[TILE_ROWS];
  const int whole = left >= 2 * LANES;
  const int first = left < LANES ? (int)left : LANES, second = left > LANES ? (int)(left - LANES) : 0;
  UNROLL for (int i = 0; i < height; i++) {
    float *from = c + i * c_stride;
    if (!adding) low[i] = high[i] = 0.f;
    else if (whole) low[i] = load(from), high[i] = load(from + LANES);
    else low[i] = load_part(from, first), high[i] = second > 0 ? load_part(from + LANES, second) : (Floats)0.f;
  }
  for (size_t k = 0; k < inner; k++, panel += RG_PANEL) {
    const Floats one = load(panel), two = load(panel + LANES);
    UNROLL for (int i = 0; i < height; i++) {
      const float factor = a[i * a_stride + k];
      low[i] += factor * one;
      high[i] += factor * two;
    }
  }
  UNROLL for (int i = 0; i < height; i++) {
    float *to = c + i * c_stride;
    if (whole) {
      store(to, low[i]);
      store(to + LANES, high[i]);
    } else {
      store_part(to, low[i], first);
      if (second > 0) store_part(to + LANES, high[i], second);
    }
  }
}

static void NAME(dense_panels)(size_t rows, size_t inner, size_t columns, const float *a, size_t a_stride,
                               const float *panels, float *c, size_t c_stride, int adding) {
  // Few rows and few inner rows at a time, so that both factors' parts stay in the first cache.
  const size_t row_block = 48, inner_block = 256;
  for (size_t k = 0; k < inner || k == 0; k += inner_block) {
    const size_t depth = inner - k < inner_block ? inner - k : inner_block;
    const int sums = adding || k > 0;
    for (size_t top = 0; top < rows; top += row_block) {
      const size_t bottom = rows - top < row_block ? rows : top + row_block;
      for (size_t j = 0; j < columns; j += 2 * LANES) {
        const float *panel = panels + (j / RG_PANEL * inner + k) * RG_PANEL + j % RG_PANEL;
        size_t row = top;
        for (; row + TILE_ROWS <= bottom; row += TILE_ROWS)
          NAME(dense_tile)(TILE_ROWS, depth, a + row * a_stride + k, a_stride, panel, c + row * c_stride + j,
                           c_stride, columns - j, sums);
        for (; row < bottom; row++)
          NAME(dense_tile)(1, depth, a + row * a_stride + k, a_stride, panel, c + row * c_stride + j, c_stride,
                           columns - j, sums);
      }
    }
  }
}

// A row's cells times the rows of a panel that they name, two cells at a time so that neither waits for the other.
static void NAME(cells_panels)(size_t rows, const uint32_t *starts, const uint32_t *places,
                               const float *values, size_t inner, size_t columns, const float *panels,
                               float *y, size_t y_stride, int adding) {
  // An AVX2 processor's registers hold the sums of a whole panel twice; one with smaller vectors takes parts.
  enum { WIDE = VECTORS < 4 ? VECTORS : 4 };
  for (size_t j = 0; j < columns; j += WIDE * LANES) {
    const float *panel = panels + j / RG_PANEL * inner * RG_PANEL + j % RG_PANEL;
    const size_t left = columns - j;
    for (size_t row = 0; row < rows; row++) {
      Floats even[WIDE], odd[WIDE];
      UNROLL for (int v = 0; v < WIDE; v++) even[v] = odd[v] = 0.f;
      size_t e = starts[row];
      const size_t end = starts[row + 1];
      _Pragma("clang loop unroll(disable)") for (; e + 2 <= end; e += 2) {
        const float *p = panel + (size_t)places[e] * RG_PANEL, *q = panel + (size_t)places[e + 1] * RG_PANEL;
        const float f = values[e], g = values[e + 1];
        UNROLL for (int v = 0; v < WIDE; v++) even[v] += f * load(p + v * LANES);
        UNROLL for (int v = 0; v < WIDE; v++) odd[v] += g * load(q + v * LANES);
      }
      if (e < end) {
        const float *p = panel + (size_t)places[e] * RG_PANEL;
        UNROLL for (int v = 0; v < WIDE; v++) even[v] += values[e] * load(p + v * LANES);
      }
      float *to = y + row * y_stride + j;
      UNROLL for (int v = 0; v < WIDE; v++) {
        const Floats sum = even[v] + odd[v];
        if (left >= (size_t)(v + 1) * LANES) {
          store(to + v * LANES, adding ? load(to + v * LANES) + sum : sum);
        } else if (left > (size_t)v * LANES) {
          const int n = (int)(left - (size_t)v * LANES);
          store_part(to + v * LANES, adding ? load_part(to + v * LANES, n) + sum : sum, n);
        }
      }
    }
  }
}
