// Compiles RG_BODY once for each instruction set. A body sees
//   LANES       floats in a vector
//   NAME(f)     the function's name with the instruction set behind it
// and vectors of LANES floats or 32-bit integers, with loads and stores that need no alignment. RG_CHOOSE(f) then
// calls the variant that rg_instruction_set() names.
//
// Contraction into fused multiply-add is off: it would give other last digits where the processor has it. Bodies that stand
// in for BLAS, which fuses too, define RG_FUSED.

#ifndef RG_BODY
#error "name the body first"
#endif

#ifdef RG_FUSED
#pragma clang fp contract(fast)
#else
#pragma clang fp contract(off)
#endif

#define RG_PASTE_(a, b) a##b
#define RG_PASTE(a, b) RG_PASTE_(a, b)
#define NAME(f) RG_PASTE(f, RG_SUFFIX)
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

#define LANES 4
#define RG_SUFFIX _base
#include RG_BODY
#undef LANES
#undef RG_SUFFIX

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define RG_SUFFIX _avx2
#include RG_BODY
#undef LANES
#undef RG_SUFFIX
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl,avx512cd"))), apply_to = function)
#define LANES 16
#define RG_SUFFIX _avx512
#include RG_BODY
#undef LANES
#undef RG_SUFFIX
#pragma clang attribute pop

#define RG_CHOOSE(f) \
  (rg_instruction_set() == 2 ? f##_avx512 : rg_instruction_set() == 1 ? f##_avx2 : f##_base)
#else
#define RG_CHOOSE(f) (f##_base)
#endif
