#include "CKernels.h"

#include <stdlib.h>
#include <string.h>

int rg_instruction_set(void) {
  static int chosen = -1;
  if (chosen >= 0) return chosen;
  int best = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) best = 1;
  if (best == 1 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512cd"))
    best = 2;
#endif
  const char *forced = getenv("RISKGRAPH_ISA");
  int wanted = best;
  if (forced) {
    if (!strcmp(forced, "base")) wanted = 0;
    if (!strcmp(forced, "avx2")) wanted = 1;
    if (!strcmp(forced, "avx512")) wanted = 2;
  }
  chosen = wanted < best ? wanted : best;
  return chosen;
}
