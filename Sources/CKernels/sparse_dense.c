// A sparse matrix times a dense one, row by row of the result.
//
// A row's entries name rows of x; those are added up in registers, some vectors of columns at a time. The time goes
// into waiting for rows of x, so the rows of entries to come are asked for ahead.

#include "CKernels.h"

#define RG_BODY "bodies/sparse_dense.h"
#include "each_instruction_set.h"

void rg_sparse_dense(const rg_sparse *m, size_t first, size_t last, const float *x, size_t x_stride,
                     size_t width, float *y, size_t y_stride, int adding) {
  RG_CHOOSE(sparse_dense)(m, first, last, x, x_stride, width, y, y_stride, adding);
}
