// The three widths for one instruction set, whose name RG_SET is; RG_HAS_AVX2 tells whether that has AVX2.
#define RG_SUM uint32_t
#define RG_WEIGHTED 0
#define RG_SHORT_ROWS RG_HAS_AVX2
#define RG(name) RG_JOIN(name, unit, RG_SET)
#include "community_body.h"
#undef RG
#undef RG_WEIGHTED
#undef RG_SHORT_ROWS
#define RG_WEIGHTED 1
#define RG_SHORT_ROWS 0
#define RG(name) RG_JOIN(name, narrow, RG_SET)
#include "community_body.h"
#undef RG
#undef RG_SUM
#define RG_SUM uint64_t
#define RG(name) RG_JOIN(name, wide, RG_SET)
#include "community_body.h"
#undef RG
#undef RG_SUM
#undef RG_WEIGHTED
#undef RG_SHORT_ROWS
