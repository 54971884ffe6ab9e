#include <stddef.h>
#include <stdint.h>

#include <xgboost/c_api.h>
