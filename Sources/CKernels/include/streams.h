#ifndef RISKGRAPH_STREAMS_H
#define RISKGRAPH_STREAMS_H

#include <stddef.h>

// The sum of an array, in an order that suits the processor: for measuring, not for results.
float rg_sum(const float *x, ptrdiff_t n);

// a = b + s * c, past the caches. Needs: a aligned to 64 bytes.
void rg_triad(float *a, const float *b, float s, const float *c, ptrdiff_t n);

#endif
