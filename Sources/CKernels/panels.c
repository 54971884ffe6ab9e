// Products of a block of rows with a small matrix: dense, or without the zeros of the block.
//
// What ReLU and dropout leave is zero in three cells of four. Such a block is read once for its cells that are not, and
// only those take part in the product; from a third of the cells on, dense is faster.
//
// As BLAS, which these stand in for, they use fused multiply-add where the processor has it: the last digits are those of
// every processor that has, and other ones without.
//
// Goto & van de Geijn: Anatomy of high-performance matrix multiplication (2008).

#include "CKernels.h"

#include <string.h>

typedef float rg_eight __attribute__((ext_vector_type(8), aligned(4)));
typedef _Bool rg_eight_bits __attribute__((ext_vector_type(8)));

#define RG_FUSED
#define RG_BODY "bodies/panels.h"
#include "each_instruction_set.h"

void rg_pack_panels(size_t rows, size_t columns, const float *x, size_t stride, int transposed, float *panels) {
  if (transposed) RG_CHOOSE(pack_transposed)(rows, columns, x, stride, panels);
  else RG_CHOOSE(pack_panels)(rows, columns, x, stride, panels);
}

void rg_dense_panels(size_t rows, size_t inner, size_t columns, const float *a, size_t a_stride,
                     const float *panels, float *c, size_t c_stride, int adding) {
  RG_CHOOSE(dense_panels)(rows, inner, columns, a, a_stride, panels, c, c_stride, adding);
}

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

void rg_cells_panels(size_t rows, const uint32_t *starts, const uint32_t *places, const float *values,
                     size_t inner, size_t columns, const float *panels, float *y, size_t y_stride, int adding) {
  RG_CHOOSE(cells_panels)(rows, starts, places, values, inner, columns, panels, y, y_stride, adding);
}
