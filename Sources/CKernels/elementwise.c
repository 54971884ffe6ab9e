// What happens to each row of a dense matrix by itself: bias, activation and dropout in one pass, layer norm, softmax,
// and the step of the optimizer.
//
// Dropout needs no stored mask: what it keeps is a hash of the row and the column, so the way back asks again.

#include "CKernels.h"

#include <math.h>

static inline uint32_t rg_row_key(uint64_t key, uint64_t row) {
  uint64_t z = key + 0x9e3779b97f4a7c15ull * (row + 1);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return (uint32_t)(z ^ (z >> 31));
}

#define RG_BODY "bodies/elementwise.h"
#include "each_instruction_set.h"

void rg_activate(int kind, size_t rows, size_t width, const float *z, size_t z_stride, const float *bias,
                 float *h, size_t h_stride, rg_dropout dropout) {
  RG_CHOOSE(activate)(kind, rows, width, z, z_stride, bias, h, h_stride, dropout);
}

void rg_deactivate(int kind, size_t rows, size_t width, float *gradient, size_t g_stride, const float *z,
                   size_t z_stride, const float *bias, rg_dropout dropout) {
  RG_CHOOSE(deactivate)(kind, rows, width, gradient, g_stride, z, z_stride, bias, dropout);
}

void rg_mask_rows(size_t rows, size_t width, float *gradient, size_t g_stride, const float *h, size_t h_stride,
                  float scale, float *sums) {
  RG_CHOOSE(mask_rows)(rows, width, gradient, g_stride, h, h_stride, scale, sums);
}

void rg_column_sums(size_t rows, size_t width, const float *x, size_t stride, float *sums) {
  RG_CHOOSE(column_sums)(rows, width, x, stride, sums);
}

void rg_normalize_rows(size_t rows, size_t width, const float *x, size_t x_stride, const float *gain,
                       const float *shift, float epsilon, float *y, size_t y_stride, float *means,
                       float *inverses) {
  RG_CHOOSE(normalize_rows)(rows, width, x, x_stride, gain, shift, epsilon, y, y_stride, means, inverses);
}

void rg_normalize_rows_back(size_t rows, size_t width, const float *gradient, size_t g_stride, const float *x,
                            size_t x_stride, const float *gain, const float *means, const float *inverses,
                            float *dx, size_t dx_stride, float *dgain, float *dshift) {
  RG_CHOOSE(normalize_rows_back)(rows, width, gradient, g_stride, x, x_stride, gain, means, inverses, dx,
                                 dx_stride, dgain, dshift);
}

void rg_softmax_rows(size_t rows, size_t width, float *z, size_t stride, float *log_sums) {
  RG_CHOOSE(softmax_rows)(rows, width, z, stride, log_sums);
}

void rg_segment_softmax(size_t first, size_t last, const uint64_t *offsets, size_t heads, float *scores) {
  RG_CHOOSE(segment_softmax)(first, last, offsets, heads, scores);
}

void rg_adamw(size_t count, float *w, const float *g, float *m, float *v, rg_adamw_settings settings) {
  RG_CHOOSE(adamw)(count, w, g, m, v, settings);
}

void rg_gather_rows(size_t count, const uint32_t *rows, size_t width, const float *x, size_t x_stride, float *y,
                    size_t y_stride) {
  for (size_t i = 0; i < count; i++) {
    if (i + 8 < count) __builtin_prefetch(x + (size_t)rows[i + 8] * x_stride);
    memcpy(y + i * y_stride, x + (size_t)rows[i] * x_stride, width * sizeof(float));
  }
}

void rg_scatter_rows(size_t count, const uint32_t *rows, size_t width, const float *x, size_t x_stride, float *y,
                     size_t y_stride) {
  for (size_t i = 0; i < count; i++)
    for (size_t j = 0; j < width; j++) y[(size_t)rows[i] * y_stride + j] += x[i * x_stride + j];
}
