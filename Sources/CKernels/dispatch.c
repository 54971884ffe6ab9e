#include "CKernels.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

int rg_best_instruction_set(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))) return 0;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512cd"))
    return 2;
  return 1;
#else
  return 0;
#endif
}

static _Atomic int chosen = -1;

int rg_instruction_set(void) {
  int known = atomic_load_explicit(&chosen, memory_order_relaxed);
  if (known >= 0) return known;
  int best = rg_best_instruction_set();
  const char *forced = getenv("RISKGRAPH_ISA");
  int wanted = best;
  if (forced) {
    if (!strcmp(forced, "base")) wanted = 0;
    if (!strcmp(forced, "avx2")) wanted = 1;
    if (!strcmp(forced, "avx512")) wanted = 2;
  }
  known = wanted < best ? wanted : best;
  atomic_store_explicit(&chosen, known, memory_order_relaxed);
  return known;
}

void rg_use_instruction_set(int set) {
  int best = rg_best_instruction_set();
  atomic_store_explicit(&chosen, set < 0 ? 0 : set < best ? set : best, memory_order_relaxed);
}
