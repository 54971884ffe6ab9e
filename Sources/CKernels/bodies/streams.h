#include "../vectors.h"

static float NAME(sum)(const float *x, ptrdiff_t n) {
  Floats a[8];
  for (int i = 0; i < 8; i++) a[i] = 0.f;
  ptrdiff_t k = 0;
  for (; k + 8 * LANES <= n; k += 8 * LANES)
    for (int i = 0; i < 8; i++) a[i] += load(x + k + i * LANES);
  float total = 0;
  for (int i = 0; i < 8; i++)
    for (int lane = 0; lane < LANES; lane++) total += a[i][lane];
  for (; k < n; k++) total += x[k];
  return total;
}

static void NAME(triad)(float *a, const float *b, float s, const float *c, ptrdiff_t n) {
  ptrdiff_t k = 0;
  for (; k + LANES <= n; k += LANES)
    __builtin_nontemporal_store(load(b + k) + s * load(c + k), (Floats *)(a + k));
  for (; k < n; k++) a[k] = b[k] + s * c[k];
}
