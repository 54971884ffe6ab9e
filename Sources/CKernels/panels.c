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

void rg_cells_panels(size_t rows, const uint32_t *starts, const uint32_t *places, const float *values,
                     size_t inner, size_t columns, const float *panels, float *y, size_t y_stride, int adding) {
  RG_CHOOSE(cells_panels)(rows, starts, places, values, inner, columns, panels, y, y_stride, adding);
}
