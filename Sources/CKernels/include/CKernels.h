#ifndef RISKGRAPH_KERNELS_H
#define RISKGRAPH_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// The instruction set that the kernels use: 0 the baseline, 1 AVX2, 2 AVX-512.
// The best that the processor has, or what RISKGRAPH_ISA (base, avx2, avx512) forces where it has that too.
int rg_instruction_set(void);

// The best that the processor has.
int rg_best_instruction_set(void);

// Uses another from now on, at most the best: for tests that compare them.
void rg_use_instruction_set(int set);

// For loops that wait: tells the processor so.
static inline void rg_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#include "checksum.h"
#include "keys.h"
#include "elementwise.h"
#include "graph_kernels.h"
#include "sparse_dense.h"
#include "panels.h"
#include "cells.h"
#include "csr_build.h"
#include "streams.h"
#include "CommunityKernels.h"

#endif
