#define _GNU_SOURCE
#include "CDuckDB.h"

#include <dlfcn.h>
#include <stdio.h>

static _Thread_local char message[512];

const char *duckdb_interface_load(const char *path, const char *companion, duckdb_interface *interface) {
  // DuckDB's Python library leaves Python's own symbols to whoever loads it.
  if (companion && !dlopen(companion, RTLD_NOW | RTLD_GLOBAL)) {
    snprintf(message, sizeof message, "%s", dlerror());
    return message;
  }
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    snprintf(message, sizeof message, "%s", dlerror());
    return message;
  }
#define DUCKDB_RESOLVE(result, name, arguments)                                              \
  *(void **)&interface->name = dlsym(library, "duckdb_" #name);                              \
  if (!interface->name) {                                                                    \
    snprintf(message, sizeof message, "%s has no function duckdb_" #name, path);             \
    return message;                                                                          \
  }
  DUCKDB_INTERFACE(DUCKDB_RESOLVE)
#undef DUCKDB_RESOLVE
  return NULL;
}
