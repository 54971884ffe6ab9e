#include "../vectors.h"

// How many vectors of columns are summed at once: what fits in the registers beside a factor and a load.
#undef TILE
#if LANES == 4
#define TILE 8
#elif LANES == 8
#define TILE 8
#else
#define TILE 16
#endif

// One factor an entry: its weight, times the scale of the node it names, where there are such.
#define FACTOR \
  float factor = weighted ? m->weights[e] : 1.f; \
  if (scaled) factor = weighted ? factor * m->source_scale[m->targets[e]] : m->source_scale[m->targets[e]];

// `vectors` vectors of columns of all the rows. Entries are added in their order, so every width gives the same bits.
INLINE void NAME(sparse_tile)(const int vectors, const int weighted, const int scaled, const rg_sparse *m,
                              size_t first, size_t last, const float *x, size_t x_stride, float *y,
                              size_t y_stride, int adding) {
  // As many bytes on their way whatever the width; few columns mostly come from a cache, and are through sooner.
  const size_t ahead = vectors * LANES > 32 ? 12 : 24;
  const size_t final_entry = m->offsets[m->rows];
  for (size_t row = first; row < last; row++) {
    Floats sum[TILE];
    UNROLL for (int v = 0; v < vectors; v++) sum[v] = 0.f;
    const size_t end = m->offsets[row + 1];
    _Pragma("clang loop unroll(disable)") for (size_t e = m->offsets[row]; e < end; e++) {
      const float *source = x + (size_t)m->targets[e] * x_stride;
      const size_t later = e + ahead < final_entry ? e + ahead : e;
      const char *soon = (const char *)(x + (size_t)m->targets[later] * x_stride);
      UNROLL for (int line = 0; line < (vectors * LANES * 4 + 63) / 64; line++)
        __builtin_prefetch(soon + 64 * line, 0, 3);
      if (weighted || scaled) {
        FACTOR
        UNROLL for (int v = 0; v < vectors; v++) sum[v] += factor * load(source + v * LANES);
      } else {
        UNROLL for (int v = 0; v < vectors; v++) sum[v] += load(source + v * LANES);
      }
    }
    float *result = y + (row - first) * y_stride;
    if (m->row_scale) {
      const float scale = m->row_scale[row];
      UNROLL for (int v = 0; v < vectors; v++) sum[v] *= scale;
    }
    if (adding) {
      UNROLL for (int v = 0; v < vectors; v++) sum[v] = load(result + v * LANES) + sum[v];
    }
    UNROLL for (int v = 0; v < vectors; v++) store(result + v * LANES, sum[v]);
  }
}

// The last columns, fewer than a vector.
INLINE void NAME(sparse_rest)(const int rest, const int weighted, const int scaled, const rg_sparse *m,
                              size_t first, size_t last, const float *x, size_t x_stride, float *y,
                              size_t y_stride, int adding) {
  for (size_t row = first; row < last; row++) {
    float sum[LANES];
    UNROLL for (int v = 0; v < rest; v++) sum[v] = 0.f;
    const size_t end = m->offsets[row + 1];
    for (size_t e = m->offsets[row]; e < end; e++) {
      const float *source = x + (size_t)m->targets[e] * x_stride;
      if (weighted || scaled) {
        FACTOR
        UNROLL for (int v = 0; v < rest; v++) sum[v] += factor * source[v];
      } else {
        UNROLL for (int v = 0; v < rest; v++) sum[v] += source[v];
      }
    }
    float *result = y + (row - first) * y_stride;
    const float scale = m->row_scale ? m->row_scale[row] : 1.f;
    UNROLL for (int v = 0; v < rest; v++) {
      float value = m->row_scale ? sum[v] * scale : sum[v];
      result[v] = adding ? result[v] + value : value;
    }
  }
}

#undef FACTOR

INLINE void NAME(sparse_columns)(const int weighted, const int scaled, const rg_sparse *m, size_t first,
                                 size_t last, const float *x, size_t x_stride, size_t width, float *y,
                                 size_t y_stride, int adding) {
#define WIDE(n) NAME(sparse_tile)(n, weighted, scaled, m, first, last, x, x_stride, y, y_stride, adding)
#define REST(n) NAME(sparse_rest)(n, weighted, scaled, m, first, last, x, x_stride, y, y_stride, adding)
  size_t vectors = width / LANES;
  while (vectors > 0) {
    size_t taken;
#if TILE == 16
    if (vectors >= 16) WIDE(16), taken = 16;
    else
#endif
    if (vectors >= 8) WIDE(8), taken = 8;
    else if (vectors >= 4) WIDE(4), taken = 4;
    else if (vectors >= 2) WIDE(2), taken = 2;
    else WIDE(1), taken = 1;
    vectors -= taken;
    x += taken * LANES;
    y += taken * LANES;
  }
  // At most LANES - 1 columns: in parts of 8, 4, 2 and 1.
  size_t rest = width % LANES;
#if LANES == 16
  if (rest & 8) { REST(8); x += 8; y += 8; }
#endif
#if LANES >= 8
  if (rest & 4) { REST(4); x += 4; y += 4; }
#endif
  if (rest & 2) { REST(2); x += 2; y += 2; }
  if (rest & 1) REST(1);
#undef WIDE
#undef REST
}

static void NAME(sparse_dense)(const rg_sparse *m, size_t first, size_t last, const float *x, size_t x_stride,
                               size_t width, float *y, size_t y_stride, int adding) {
  if (m->weights && m->source_scale)
    NAME(sparse_columns)(1, 1, m, first, last, x, x_stride, width, y, y_stride, adding);
  else if (m->weights)
    NAME(sparse_columns)(1, 0, m, first, last, x, x_stride, width, y, y_stride, adding);
  else if (m->source_scale)
    NAME(sparse_columns)(0, 1, m, first, last, x, x_stride, width, y, y_stride, adding);
  else
    NAME(sparse_columns)(0, 0, m, first, last, x, x_stride, width, y, y_stride, adding);
}
