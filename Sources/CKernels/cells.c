// The cells of a block of rows that are not zero: found, multiplied, stored and gathered.
//
// Where most cells are zero, whatever writes, multiplies or fetches only the others has a fraction of the work.

#include "CKernels.h"

#include <string.h>

typedef float rg_eight __attribute__((ext_vector_type(8), aligned(4)));
typedef _Bool rg_eight_bits __attribute__((ext_vector_type(8)));

#define RG_FUSED
#define RG_BODY "bodies/cells.h"
#include "each_instruction_set.h"

size_t rg_cells_of_rows(size_t rows, size_t width, const float *x, size_t stride, uint32_t *starts,
                        uint32_t *places, float *values) {
  return RG_CHOOSE(cells_of_rows)(rows, width, x, stride, starts, places, values);
}

void rg_cells_of_columns(size_t rows, size_t width, const uint32_t *starts, const uint32_t *places,
                         const float *values, uint32_t *column_starts, uint32_t *row_places,
                         float *column_values) {
  const size_t count = starts[rows];
  memset(column_starts, 0, (width + 1) * sizeof(uint32_t));
  for (size_t e = 0; e < count; e++) column_starts[places[e] + 1]++;
  for (size_t k = 0; k < width; k++) column_starts[k + 1] += column_starts[k];
  // Each start moves on to its column's end, which is the next one's start: shifted back at last.
  for (size_t row = 0; row < rows; row++)
    for (uint32_t e = starts[row]; e < starts[row + 1]; e++) {
      const uint32_t place = column_starts[places[e]]++;
      row_places[place] = (uint32_t)row;
      column_values[place] = values[e];
    }
  memmove(column_starts + 1, column_starts, width * sizeof(uint32_t));
  column_starts[0] = 0;
}

void rg_products_at_cells(size_t rows, size_t columns, const uint32_t *starts, const uint32_t *places,
                          size_t inner, const float *a, size_t a_stride, const float *w, size_t w_stride,
                          float scale, uint32_t *next, float *values) {
  RG_CHOOSE(products_at_cells)(rows, columns, starts, places, inner, a, a_stride, w, w_stride, scale, next, values);
}

void rg_store_cells(size_t rows, size_t width, const uint32_t *starts, const uint32_t *places,
                    const float *values, float *x, size_t stride, uint16_t *counts) {
  for (size_t row = 0; row < rows; row++) {
    float *to = x + row * stride;
    const uint32_t first = starts[row], count = starts[row + 1] - first;
    if (count * (sizeof(float) + 1) <= width * sizeof(float) && width <= 256) {
      counts[row] = (uint16_t)count;
      memcpy(to, values + first, count * sizeof(float));
      uint8_t *names = (uint8_t *)(to + count);
      for (uint32_t e = 0; e < count; e++) names[e] = (uint8_t)places[first + e];
    } else {
      counts[row] = RG_ALL_CELLS;
      memset(to, 0, width * sizeof(float));
      for (uint32_t e = 0; e < count; e++) to[places[first + e]] = values[first + e];
    }
  }
}

// Contraction would make other digits than rg_sparse_dense has.
#pragma clang fp contract(off)

void rg_gather_cells(const rg_sparse *m, size_t first, size_t last, const float *x, size_t x_stride,
                     const uint16_t *counts, size_t width, float *y, size_t y_stride) {
  const size_t ahead = 12;
  const size_t final_entry = m->offsets[m->rows];
  for (size_t row = first; row < last; row++) {
    float *to = y + (row - first) * y_stride;
    memset(to, 0, width * sizeof(float));
    for (size_t e = m->offsets[row]; e < m->offsets[row + 1]; e++) {
      if (e + ahead < final_entry) {
        const size_t later = m->targets[e + ahead];
        const size_t bytes = counts[later] == RG_ALL_CELLS ? width * sizeof(float) : counts[later] * (sizeof(float) + 1);
        const char *soon = (const char *)(x + later * x_stride);
        for (size_t line = 0; line < bytes; line += 64) __builtin_prefetch(soon + line, 0, 3);
      }
      const size_t target = m->targets[e], count = counts[target];
      const float *values = x + target * x_stride;
      float factor = m->weights ? m->weights[e] : 1.f;
      if (m->source_scale) factor *= m->source_scale[target];
      if (count == RG_ALL_CELLS) {
        for (size_t j = 0; j < width; j++) to[j] += factor * values[j];
      } else {
        const uint8_t *places = (const uint8_t *)(values + count);
        _Pragma("clang loop unroll_count(4)") for (size_t k = 0; k < count; k++)
          to[places[k]] += factor * values[k];
      }
    }
    if (m->row_scale)
      for (size_t j = 0; j < width; j++) to[j] *= m->row_scale[row];
  }
}
