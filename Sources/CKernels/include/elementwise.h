#ifndef RISKGRAPH_ELEMENTWISE_H
#define RISKGRAPH_ELEMENTWISE_H

#include <stddef.h>
#include <stdint.h>

// All of them work on rows of `width` floats, a stride apart, and give the same bits on every instruction set.

enum { RG_IDENTITY = 0, RG_RELU = 1, RG_LEAKY_RELU = 2, RG_GELU = 3 };

// Dropout keeps an element where a hash of key, row and column is at least the threshold (share dropped times 2^32;
// 0: keeps all), and multiplies it by scale. `first_row` is the number of the first row that is handed in.
typedef struct {
  uint64_t key;
  uint64_t first_row;
  uint32_t threshold;
  float scale;
} rg_dropout;

// h = dropout(activation(z + bias)); bias may be NULL, h may be z.
void rg_activate(int kind, size_t rows, size_t width, const float *z, size_t z_stride, const float *bias,
                 float *h, size_t h_stride, rg_dropout dropout);

// The way back: the gradient of h becomes that of z, in place.
void rg_deactivate(int kind, size_t rows, size_t width, float *gradient, size_t g_stride, const float *z,
                   size_t z_stride, const float *bias, rg_dropout dropout);

// The way back through ReLU and dropout where only h is left: h > 0 says both. Adds the columns' sums to `sums`.
void rg_mask_rows(size_t rows, size_t width, float *gradient, size_t g_stride, const float *h, size_t h_stride,
                  float scale, float *sums);

// Adds each column's sum to `sums`.
void rg_column_sums(size_t rows, size_t width, const float *x, size_t stride, float *sums);

// y = (x - mean) / deviation * gain + shift, row by row; means and 1 / deviations are kept for the way back.
void rg_normalize_rows(size_t rows, size_t width, const float *x, size_t x_stride, const float *gain,
                       const float *shift, float epsilon, float *y, size_t y_stride, float *means,
                       float *inverses);

// The way back; dgain and dshift are added to. dx may be the gradient's memory.
void rg_normalize_rows_back(size_t rows, size_t width, const float *gradient, size_t g_stride, const float *x,
                            size_t x_stride, const float *gain, const float *means, const float *inverses,
                            float *dx, size_t dx_stride, float *dgain, float *dshift);

// Each row becomes its softmax; the logarithm of the sum of exponentials goes to log_sums, where that is not NULL.
void rg_softmax_rows(size_t rows, size_t width, float *z, size_t stride, float *log_sums);

// scores[e * heads + h] of the entries of rows first ..< last become weights that add up to 1 in each row and head.
void rg_segment_softmax(size_t first, size_t last, const uint64_t *offsets, size_t heads, float *scores);

typedef struct {
  float rate, beta1, beta2, epsilon, decay, penalty;
  // 1 / (1 - beta1^t), 1 / sqrt(1 - beta2^t), and what gradients are multiplied by first.
  float correction1, correction2, gradient_scale;
} rg_adamw_settings;

// One step of AdamW (Loshchilov & Hutter, 2019). The penalty adds itself times the weight to the gradient.
void rg_adamw(size_t count, float *w, const float *g, float *m, float *v, rg_adamw_settings settings);

// y[i] = x[rows[i]]
void rg_gather_rows(size_t count, const uint32_t *rows, size_t width, const float *x, size_t x_stride, float *y,
                    size_t y_stride);

// y[rows[i]] += x[i], in order
void rg_scatter_rows(size_t count, const uint32_t *rows, size_t width, const float *x, size_t x_stride, float *y,
                     size_t y_stride);

#endif
