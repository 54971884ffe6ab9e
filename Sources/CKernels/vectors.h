// Vectors of LANES lanes for the body that is being compiled; included at its head.

typedef float NAME(FloatVector) __attribute__((ext_vector_type(LANES)));
typedef float NAME(FloatVectorAnywhere) __attribute__((ext_vector_type(LANES), aligned(4)));
typedef uint32_t NAME(WordVector) __attribute__((ext_vector_type(LANES)));

#undef Floats
#undef Words
#undef load
#undef store
#define Floats NAME(FloatVector)
#define Words NAME(WordVector)
#define load(p) (*(const NAME(FloatVectorAnywhere) *)(p))
#define store(p, v) (*(NAME(FloatVectorAnywhere) *)(p) = (v))
