#include "../vectors.h"

// e^x: the power of two by adding to the exponent, the rest (at most half of log 2) by a polynomial.
// Relative error below 2e-7 between -87 and 88; outside it stays at what those give.
INLINE Floats NAME(exponential)(Floats x) {
  x = x > -87.f ? x : (Floats)-87.f;
  x = x < 88.f ? x : (Floats)88.f;
  Floats shifted = x * 1.44269504f + 12582912.f;
  Words power = as_words(shifted) << 23;
  Floats whole = shifted - 12582912.f;
  Floats f = x - whole * 0.693359375f;
  f = f - whole * -2.12194440e-4f;
  Floats p = f * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * f + 8.3334519073e-3f;
  p = p * f + 4.1665795894e-2f;
  p = p * f + 1.6666665459e-1f;
  p = p * f + 5.0000001201e-1f;
  p = p * f * f + f + 1.f;
  return as_floats(as_words(p) + power);
}

// Which lanes dropout keeps: a hash of the row's key and the column, against a threshold.
INLINE Words NAME(kept)(uint32_t key, uint32_t column, uint32_t threshold) {
  Words h;
  for (uint32_t lane = 0; lane < LANES; lane++) h[lane] = column + lane;
  h = h * 0x9e3779b9u + key;
  h ^= h >> 16;
  h *= 0x85ebca6bu;
  h ^= h >> 13;
  h *= 0xc2b2ae35u;
  h ^= h >> 16;
  return (Words)(h >= (Words)threshold);
}

INLINE Floats NAME(choose)(Words mask, Floats v) { return as_floats(as_words(v) & mask); }

// The activation's value and slope. GELU in the form x * sigmoid(1.5957691 (x + 0.044715 x^3)).
INLINE Floats NAME(activated)(const int kind, Floats z) {
  if (kind == RG_RELU) return NAME(choose)((Words)(z > 0.f), z);
  if (kind == RG_LEAKY_RELU) return z > 0.f ? z : 0.2f * z;
  if (kind == RG_GELU) {
    Floats u = 1.5957691216f * (z + 0.044715f * z * z * z);
    return z / (1.f + NAME(exponential)(-u));
  }
  return z;
}
INLINE Floats NAME(slope)(const int kind, Floats z) {
  if (kind == RG_RELU) return z > 0.f ? (Floats)1.f : (Floats)0.f;
  if (kind == RG_LEAKY_RELU) return z > 0.f ? (Floats)1.f : (Floats)0.2f;
  if (kind == RG_GELU) {
    Floats u = 1.5957691216f * (z + 0.044715f * z * z * z);
    Floats s = 1.f / (1.f + NAME(exponential)(-u));
    return s + z * s * (1.f - s) * 1.5957691216f * (1.f + 0.134145f * z * z);
  }
  return (Floats)1.f;
}

INLINE void NAME(activate_rows)(const int kind, const int drops, size_t rows, size_t width, const float *z,
                                size_t z_stride, const float *bias, float *h, size_t h_stride,
                                rg_dropout dropout) {
  for (size_t row = 0; row < rows; row++) {
    const float *from = z + row * z_stride;
    float *to = h + row * h_stride;
    const uint32_t key = drops ? rg_row_key(dropout.key, dropout.first_row + row) : 0;
    for (size_t j = 0; j < width; j += LANES) {
      const int n = width - j < LANES ? (int)(width - j) : LANES;
      Floats value = n == LANES ? load(from + j) : load_part(from + j, n);
      if (bias) value += n == LANES ? load(bias + j) : load_part(bias + j, n);
      value = NAME(activated)(kind, value);
      if (drops) value = NAME(choose)(NAME(kept)(key, (uint32_t)j, dropout.threshold), value) * dropout.scale;
      if (n == LANES) store(to + j, value);
      else store_part(to + j, value, n);
    }
  }
}

INLINE void NAME(deactivate_rows)(const int kind, const int drops, size_t rows, size_t width, float *gradient,
                                  size_t g_stride, const float *z, size_t z_stride, const float *bias,
                                  rg_dropout dropout) {
  for (size_t row = 0; row < rows; row++) {
    const float *from = z + row * z_stride;
    float *g = gradient + row * g_stride;
    const uint32_t key = drops ? rg_row_key(dropout.key, dropout.first_row + row) : 0;
    for (size_t j = 0; j < width; j += LANES) {
      const int n = width - j < LANES ? (int)(width - j) : LANES;
      Floats value = n == LANES ? load(g + j) : load_part(g + j, n);
      if (drops) value = NAME(choose)(NAME(kept)(key, (uint32_t)j, dropout.threshold), value) * dropout.scale;
      Floats at = n == LANES ? load(from + j) : load_part(from + j, n);
      if (bias) at += n == LANES ? load(bias + j) : load_part(bias + j, n);
      if (kind != RG_IDENTITY) value *= NAME(slope)(kind, at);
      if (n == LANES) store(g + j, value);
      else store_part(g + j, value, n);
    }
  }
}

#define BY_KIND(call) \
  switch (kind) { \
    case RG_RELU: call(RG_RELU); break; \
    case RG_LEAKY_RELU: call(RG_LEAKY_RELU); break; \
    case RG_GELU: call(RG_GELU); break; \
    default: call(RG_IDENTITY); \
  }

static void NAME(activate)(int kind, size_t rows, size_t width, const float *z, size_t z_stride,
                           const float *bias, float *h, size_t h_stride, rg_dropout d) {
#define CALL(k) \
  if (d.threshold) NAME(activate_rows)(k, 1, rows, width, z, z_stride, bias, h, h_stride, d); \
  else NAME(activate_rows)(k, 0, rows, width, z, z_stride, bias, h, h_stride, d)
  BY_KIND(CALL)
#undef CALL
}

static void NAME(deactivate)(int kind, size_t rows, size_t width, float *g, size_t g_stride, const float *z,
                             size_t z_stride, const float *bias, rg_dropout d) {
#define CALL(k) \
  if (d.threshold) NAME(deactivate_rows)(k, 1, rows, width, g, g_stride, z, z_stride, bias, d); \
  else NAME(deactivate_rows)(k, 0, rows, width, g, g_stride, z, z_stride, bias, d)
  BY_KIND(CALL)
#undef CALL
}
#undef BY_KIND

// gradient *= scale where h > 0, else 0; and its columns are added to sums.
static void NAME(mask_rows)(size_t rows, size_t width, float *gradient, size_t g_stride, const float *h,
                            size_t h_stride, float scale, float *sums) {
  for (size_t row = 0; row < rows; row++) {
    float *g = gradient + row * g_stride;
    const float *kept = h + row * h_stride;
    for (size_t j = 0; j < width; j += LANES) {
      const int n = width - j < LANES ? (int)(width - j) : LANES;
      if (n == LANES) {
        Floats value = NAME(choose)((Words)(load(kept + j) > 0.f), load(g + j) * scale);
        store(g + j, value);
        store(sums + j, load(sums + j) + value);
      } else {
        Floats value = NAME(choose)((Words)(load_part(kept + j, n) > 0.f), load_part(g + j, n) * scale);
        store_part(g + j, value, n);
        store_part(sums + j, load_part(sums + j, n) + value, n);
      }
    }
  }
}

static void NAME(column_sums)(size_t rows, size_t width, const float *x, size_t stride, float *sums) {
  for (size_t row = 0; row < rows; row++) {
    const float *from = x + row * stride;
    size_t j = 0;
    for (; j + LANES <= width; j += LANES) store(sums + j, load(sums + j) + load(from + j));
    for (; j < width; j++) sums[j] += from[j];
  }
}

// Sixteen partial sums whatever the width of a vector, added in pairs: the same bits everywhere.
typedef struct {
  Floats part[16 / LANES];
} NAME(Sixteen);
INLINE float NAME(total)(NAME(Sixteen) s) {
  float lanes[16];
  memcpy(lanes, &s, sizeof lanes);
  for (int half = 8; half; half /= 2)
    for (int i = 0; i < half; i++) lanes[i] += lanes[i + half];
  return lanes[0];
}
#define EACH_SIXTEEN(width, statement) \
  for (size_t base = 0; base < (width); base += 16) { \
    UNROLL for (int part = 0; part < 16 / LANES; part++) { \
      const size_t j = base + (size_t)part * LANES; \
      if (j < (width)) { \
        const int n = (width) - j < LANES ? (int)((width) - j) : LANES; \
        statement \
      } \
    } \
  }
#define LOAD(p) (n == LANES ? load(p) : load_part(p, n))
#define STORE(p, v) \
  do { \
    if (n == LANES) store(p, v); \
    else store_part(p, v, n); \
  } while (0)
INLINE Floats NAME(first_lanes)(Floats v, int n) {
  if (n < LANES)
    for (int lane = n; lane < LANES; lane++) v[lane] = 0.f;
  return v;
}

static void NAME(normalize_rows)(size_t rows, size_t width, const float *x, size_t x_stride, const float *gain,
                                 const float *shift, float epsilon, float *y, size_t y_stride, float *means,
                                 float *inverses) {
  for (size_t row = 0; row < rows; row++) {
    const float *from = x + row * x_stride;
    float *to = y + row * y_stride;
    NAME(Sixteen) sum;
    memset(&sum, 0, sizeof sum);
    EACH_SIXTEEN(width, { sum.part[part] += LOAD(from + j); })
    const float mean = NAME(total)(sum) / (float)width;
    memset(&sum, 0, sizeof sum);
    EACH_SIXTEEN(width, {
      Floats d = NAME(first_lanes)(LOAD(from + j) - mean, n);
      sum.part[part] += d * d;
    })
    const float inverse = 1.f / __builtin_sqrtf(NAME(total)(sum) / (float)width + epsilon);
    EACH_SIXTEEN(width, { STORE(to + j, (LOAD(from + j) - mean) * inverse * LOAD(gain + j) + LOAD(shift + j)); })
    means[row] = mean;
    inverses[row] = inverse;
  }
}

static void NAME(normalize_rows_back)(size_t rows, size_t width, const float *gradient, size_t g_stride,
                                      const float *x, size_t x_stride, const float *gain, const float *means,
                                      const float *inverses, float *dx, size_t dx_stride, float *dgain,
                                      float *dshift) {
  for (size_t row = 0; row < rows; row++) {
    const float *g = gradient + row * g_stride;
    const float *from = x + row * x_stride;
    float *to = dx + row * dx_stride;
    const float mean = means[row], inverse = inverses[row];
    NAME(Sixteen) sum, product;
    memset(&sum, 0, sizeof sum);
    memset(&product, 0, sizeof product);
    EACH_SIXTEEN(width, {
      Floats unit = (LOAD(from + j) - mean) * inverse;
      Floats own = LOAD(g + j);
      STORE(dgain + j, LOAD(dgain + j) + own * unit);
      STORE(dshift + j, LOAD(dshift + j) + own);
      own *= LOAD(gain + j);
      sum.part[part] += own;
      product.part[part] += NAME(first_lanes)(own * unit, n);
    })
    const float a = NAME(total)(sum) / (float)width, b = NAME(total)(product) / (float)width;
    EACH_SIXTEEN(width, {
      Floats unit = (LOAD(from + j) - mean) * inverse;
      STORE(to + j, (LOAD(g + j) * LOAD(gain + j) - a - unit * b) * inverse);
    })
  }
}

static void NAME(softmax_rows)(size_t rows, size_t width, float *z, size_t stride, float *log_sums) {
  for (size_t row = 0; row < rows; row++) {
    float *p = z + row * stride;
    float most = p[0];
    for (size_t j = 1; j < width; j++) most = p[j] > most ? p[j] : most;
    NAME(Sixteen) sum;
    memset(&sum, 0, sizeof sum);
    EACH_SIXTEEN(width, {
      Floats e = NAME(first_lanes)(NAME(exponential)(LOAD(p + j) - most), n);
      STORE(p + j, e);
      sum.part[part] += e;
    })
    const float total = NAME(total)(sum);
    const float inverse = 1.f / total;
    EACH_SIXTEEN(width, { STORE(p + j, LOAD(p + j) * inverse); })
    if (log_sums) log_sums[row] = most + logf(total);
  }
}

// A score for each entry and head; each head's scores of a row become weights that add up to 1.
static void NAME(segment_softmax)(size_t first, size_t last, const uint64_t *offsets, size_t heads,
                                  float *scores) {
  for (size_t row = first; row < last; row++) {
    const size_t begin = offsets[row], end = offsets[row + 1];
    for (size_t head = 0; head < heads; head += LANES) {
      const int n = heads - head < LANES ? (int)(heads - head) : LANES;
      Floats most = -INFINITY;
      for (size_t e = begin; e < end; e++) {
        Floats s = LOAD(scores + e * heads + head);
        most = s > most ? s : most;
      }
      Floats sum = 0.f;
      for (size_t e = begin; e < end; e++) {
        Floats s = NAME(exponential)(LOAD(scores + e * heads + head) - most);
        STORE(scores + e * heads + head, s);
        sum += s;
      }
      for (size_t e = begin; e < end; e++) {
        Floats s = LOAD(scores + e * heads + head) / sum;
        STORE(scores + e * heads + head, s);
      }
    }
  }
}

static void NAME(adamw)(size_t count, float *w, const float *g, float *m, float *v, rg_adamw_settings s) {
  for (size_t j = 0; j < count; j += LANES) {
    const int n = count - j < LANES ? (int)(count - j) : LANES;
    Floats value = LOAD(w + j);
    Floats gradient = LOAD(g + j) * s.gradient_scale + s.penalty * value;
    Floats first = LOAD(m + j) * s.beta1 + gradient * (1.f - s.beta1);
    Floats second = LOAD(v + j) * s.beta2 + gradient * gradient * (1.f - s.beta2);
    Floats root = __builtin_elementwise_sqrt(second);
    value = value - s.rate * (first * s.correction1 / (root * s.correction2 + s.epsilon) + s.decay * value);
    STORE(m + j, first);
    STORE(v + j, second);
    STORE(w + j, value);
  }
}
#undef LOAD
#undef STORE
#undef EACH_SIXTEEN
