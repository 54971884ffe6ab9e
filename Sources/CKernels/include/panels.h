#ifndef RISKGRAPH_PANELS_H
#define RISKGRAPH_PANELS_H

#include <stddef.h>
#include <stdint.h>

// Products of a block of rows with a matrix that fits the cache, which is packed for them first.
//
// Packed, a matrix stands in panels of RG_PANEL columns each, row after row within a panel, the last one filled up with
// zeros. Panels take rows * rg_panel_columns(columns) floats.

enum { RG_PANEL = 32 };

static inline size_t rg_panel_columns(size_t columns) {
  return (columns + RG_PANEL - 1) / RG_PANEL * RG_PANEL;
}

// x has `rows` rows and `columns` columns; or, transposed, it is x's columns that become rows: x has `columns` rows.
void rg_pack_panels(size_t rows, size_t columns, const float *x, size_t stride, int transposed, float *panels);

// c = a · panels, or c += with `adding`. a has `inner` columns, which is how many rows were packed.
void rg_dense_panels(size_t rows, size_t inner, size_t columns, const float *a, size_t a_stride,
                     const float *panels, float *c, size_t c_stride, int adding);

// The cells that are not zero, row by row: those of row r from starts[r] to starts[r + 1]. Returns how many. Needs:
// room for rows + 1 starts and rows * width cells.
size_t rg_cells_of_rows(size_t rows, size_t width, const float *x, size_t stride, uint32_t *starts,
                        uint32_t *places, float *values);

// The same cells column by column.
void rg_cells_of_columns(size_t rows, size_t width, const uint32_t *starts, const uint32_t *places,
                         const float *values, uint32_t *column_starts, uint32_t *row_places,
                         float *column_values);

// y = cells · panels, or y += with `adding`: as rg_dense_panels, without the zeros.
void rg_cells_panels(size_t rows, const uint32_t *starts, const uint32_t *places, const float *values,
                     size_t inner, size_t columns, const float *panels, float *y, size_t y_stride, int adding);

#endif
