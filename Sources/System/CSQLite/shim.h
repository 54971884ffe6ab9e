#include <sqlite3.h>

// What the macro SQLITE_TRANSIENT says, which Swift cannot see: copy the bytes.
static inline sqlite3_destructor_type riskgraph_sqlite_transient(void) {
  return (sqlite3_destructor_type)-1;
}
