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

// y = cells · panels, or y += with `adding`: as rg_dense_panels, without the zeros.
void rg_cells_panels(size_t rows, const uint32_t *starts, const uint32_t *places, const float *values,
                     size_t inner, size_t columns, const float *panels, float *y, size_t y_stride, int adding);

#endif
