#ifndef RISKGRAPH_SPARSE_DENSE_H
#define RISKGRAPH_SPARSE_DENSE_H

#include <stddef.h>
#include <stdint.h>

// A sparse matrix in compressed rows. The value of an entry in row i that names column j is
// row_scale[i] * weight * source_scale[j]; what is NULL counts as 1. With a symmetric pattern and symmetric weights
// the transpose is the same with the two scales exchanged.
typedef struct {
  size_t rows;
  const uint64_t *offsets;
  const uint32_t *targets;
  const float *weights;
  const float *row_scale;
  const float *source_scale;
} rg_sparse;

// Rows first ..< last of the product with x: `width` columns. Row `first` of the result is the first row of y.
// `adding` adds to what is in y. Same bits on every instruction set.
void rg_sparse_dense(const rg_sparse *m, size_t first, size_t last, const float *x, size_t x_stride,
                     size_t width, float *y, size_t y_stride, int adding);

#endif
