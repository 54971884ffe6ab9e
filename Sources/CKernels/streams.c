// Passes over long arrays, for measuring how fast memory is.

#include "CKernels.h"

#define RG_BODY "bodies/streams.h"
#include "each_instruction_set.h"

float rg_sum(const float *x, ptrdiff_t n) { return RG_CHOOSE(sum)(x, n); }

void rg_triad(float *a, const float *b, float s, const float *c, ptrdiff_t n) {
  RG_CHOOSE(triad)(a, b, s, c, n);
}
