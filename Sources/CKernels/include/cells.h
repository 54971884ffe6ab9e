#ifndef RISKGRAPH_CELLS_H
#define RISKGRAPH_CELLS_H

#include <stddef.h>
#include <stdint.h>

#include "sparse_dense.h"

// The cells of a block of rows that are not zero. Those of row r stand from starts[r] to starts[r + 1], each with its
// column's number and its value, by rising column.

// Writes them down row by row, and returns how many. Needs: room for rows + 1 starts and rows * width cells.
size_t rg_cells_of_rows(size_t rows, size_t width, const float *x, size_t stride, uint32_t *starts,
                        uint32_t *places, float *values);

// The same cells column by column.
void rg_cells_of_columns(size_t rows, size_t width, const uint32_t *starts, const uint32_t *places,
                         const float *values, uint32_t *column_starts, uint32_t *row_places,
                         float *column_values);

// values[e] = scale * (row of a) · (row of w that the cell's column names): the product of a and the transpose of w, but
// only at the cells. Rows of a and w have `inner` numbers; `next` is scratch for one number a row.
void rg_products_at_cells(size_t rows, size_t columns, const uint32_t *starts, const uint32_t *places,
                          size_t inner, const float *a, size_t a_stride, const float *w, size_t w_stride,
                          float scale, uint32_t *next, float *values);

// Writes each row's cells to its place in x: the values, then a byte for each column's number, and how many to
// `counts`. A row that would need more than its `width` floats, or has more than 256 columns, is stored whole, and
// its count is RG_ALL_CELLS.
enum { RG_ALL_CELLS = UINT16_MAX };
void rg_store_cells(size_t rows, size_t width, const uint32_t *starts, const uint32_t *places,
                    const float *values, float *x, size_t stride, uint16_t *counts);

// As rg_sparse_dense, and to the bit (a zero's sign aside), from rows as rg_store_cells leaves them.
void rg_gather_cells(const rg_sparse *m, size_t first, size_t last, const float *x, size_t x_stride,
                     const uint16_t *counts, size_t width, float *y, size_t y_stride);

#endif
