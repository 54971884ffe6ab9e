// Vectors of LANES lanes for the body that is being compiled; included at its head.

#include <string.h>

typedef float NAME(FloatVector) __attribute__((ext_vector_type(LANES)));
typedef float NAME(FloatVectorAnywhere) __attribute__((ext_vector_type(LANES), aligned(4)));
typedef uint32_t NAME(WordVector) __attribute__((ext_vector_type(LANES)));

#undef Floats
#undef Words
#undef load
#undef store
#undef load_part
#undef store_part
#undef as_words
#undef as_floats
#define Floats NAME(FloatVector)
#define Words NAME(WordVector)
#define load(p) (*(const NAME(FloatVectorAnywhere) *)(p))
#define store(p, v) (*(NAME(FloatVectorAnywhere) *)(p) = (v))
#define as_words(v) ((Words)(v))
#define as_floats(v) ((Floats)(v))

// The first n lanes; the rest are zero.
INLINE Floats NAME(load_part_)(const float *p, int n) {
  Floats v = 0.f;
  memcpy(&v, p, (size_t)n * sizeof(float));
  return v;
}
INLINE void NAME(store_part_)(float *p, Floats v, int n) { memcpy(p, &v, (size_t)n * sizeof(float)); }
#define load_part NAME(load_part_)
#define store_part NAME(store_part_)
