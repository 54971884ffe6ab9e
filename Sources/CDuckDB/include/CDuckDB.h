// DuckDB's C interface, as much of it as we call, resolved when the program runs.
//
// Nothing links against DuckDB: a program that reads no table never opens it, and a machine without it still
// runs everything else. The list below is the whole interface: `duckdb_interface` has one function pointer for each
// line, and `duckdb_interface_load` fills them from a shared library.

#ifndef CDUCKDB_H
#define CDUCKDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct duckdb_database_s *duckdb_database;
typedef struct duckdb_connection_s *duckdb_connection;
typedef struct duckdb_config_s *duckdb_config;
typedef struct duckdb_prepared_s *duckdb_prepared_statement;
typedef struct duckdb_pending_s *duckdb_pending_result;
typedef struct duckdb_chunk_s *duckdb_data_chunk;
typedef struct duckdb_vector_s *duckdb_vector;
typedef struct duckdb_type_s *duckdb_logical_type;
typedef struct duckdb_function_s *duckdb_table_function;
typedef struct duckdb_bind_s *duckdb_bind_info;
typedef struct duckdb_init_s *duckdb_init_info;
typedef struct duckdb_call_s *duckdb_function_info;

// Its fields but the last are out of use; it is passed by value, so the size matters.
typedef struct {
  uint64_t unused_counts[3];
  void *unused_pointers[2];
  void *internal;
} duckdb_result;

// A text in a vector: up to 12 bytes lie inside, longer ones elsewhere.
typedef struct {
  uint32_t length;
  char prefix[4];
  union {
    char rest[8];
    const char *pointer;
  };
} duckdb_string_t;

typedef struct {
  uint64_t lower;
  int64_t upper;
} duckdb_hugeint;

typedef int32_t duckdb_state;  // 0: done, 1: failed
typedef int32_t duckdb_type;

enum {
  DUCKDB_BOOLEAN = 1,
  DUCKDB_TINYINT = 2,
  DUCKDB_SMALLINT = 3,
  DUCKDB_INTEGER = 4,
  DUCKDB_BIGINT = 5,
  DUCKDB_UTINYINT = 6,
  DUCKDB_USMALLINT = 7,
  DUCKDB_UINTEGER = 8,
  DUCKDB_UBIGINT = 9,
  DUCKDB_FLOAT = 10,
  DUCKDB_DOUBLE = 11,
  DUCKDB_TIMESTAMP = 12,
  DUCKDB_DATE = 13,
  DUCKDB_HUGEINT = 16,
  DUCKDB_VARCHAR = 17,
  DUCKDB_BLOB = 18,
  DUCKDB_TIMESTAMP_S = 20,
  DUCKDB_TIMESTAMP_MS = 21,
  DUCKDB_TIMESTAMP_NS = 22,
  DUCKDB_TIMESTAMP_TZ = 31,
};

typedef void (*duckdb_delete)(void *);
typedef void (*duckdb_on_bind)(duckdb_bind_info);
typedef void (*duckdb_on_init)(duckdb_init_info);
typedef void (*duckdb_on_call)(duckdb_function_info, duckdb_data_chunk);

#define DUCKDB_INTERFACE(F)                                                                                  \
  F(const char *, library_version, (void))                                                                   \
  F(void, free, (void *))                                                                                    \
  F(duckdb_state, create_config, (duckdb_config *))                                                          \
  F(duckdb_state, set_config, (duckdb_config, const char *name, const char *value))                          \
  F(void, destroy_config, (duckdb_config *))                                                                 \
  F(duckdb_state, open_ext, (const char *path, duckdb_database *, duckdb_config, char **error))              \
  F(void, close, (duckdb_database *))                                                                        \
  F(duckdb_state, connect, (duckdb_database, duckdb_connection *))                                           \
  F(void, disconnect, (duckdb_connection *))                                                                 \
  F(void, interrupt, (duckdb_connection))                                                                    \
  F(duckdb_state, prepare, (duckdb_connection, const char *sql, duckdb_prepared_statement *))                \
  F(const char *, prepare_error, (duckdb_prepared_statement))                                                \
  F(void, destroy_prepare, (duckdb_prepared_statement *))                                                    \
  F(uint64_t, nparams, (duckdb_prepared_statement))                                                          \
  F(duckdb_state, bind_null, (duckdb_prepared_statement, uint64_t))                                          \
  F(duckdb_state, bind_boolean, (duckdb_prepared_statement, uint64_t, bool))                                 \
  F(duckdb_state, bind_int64, (duckdb_prepared_statement, uint64_t, int64_t))                                \
  F(duckdb_state, bind_double, (duckdb_prepared_statement, uint64_t, double))                                \
  F(duckdb_state, bind_varchar_length, (duckdb_prepared_statement, uint64_t, const char *, uint64_t))        \
  F(duckdb_state, pending_prepared, (duckdb_prepared_statement, duckdb_pending_result *))                    \
  F(duckdb_state, pending_prepared_streaming, (duckdb_prepared_statement, duckdb_pending_result *))          \
  F(const char *, pending_error, (duckdb_pending_result))                                                    \
  F(duckdb_state, execute_pending, (duckdb_pending_result, duckdb_result *))                                 \
  F(void, destroy_pending, (duckdb_pending_result *))                                                        \
  F(const char *, result_error, (duckdb_result *))                                                           \
  F(void, destroy_result, (duckdb_result *))                                                                 \
  F(uint64_t, column_count, (duckdb_result *))                                                               \
  F(const char *, column_name, (duckdb_result *, uint64_t))                                                  \
  F(duckdb_type, column_type, (duckdb_result *, uint64_t))                                                   \
  F(duckdb_data_chunk, fetch_chunk, (duckdb_result))                                                         \
  F(duckdb_data_chunk, create_data_chunk, (duckdb_logical_type *, uint64_t count))                           \
  F(void, destroy_data_chunk, (duckdb_data_chunk *))                                                         \
  F(uint64_t, data_chunk_get_size, (duckdb_data_chunk))                                                      \
  F(void, data_chunk_set_size, (duckdb_data_chunk, uint64_t))                                                \
  F(duckdb_vector, data_chunk_get_vector, (duckdb_data_chunk, uint64_t))                                     \
  F(uint64_t, vector_size, (void))                                                                           \
  F(void *, vector_get_data, (duckdb_vector))                                                                \
  F(uint64_t *, vector_get_validity, (duckdb_vector))                                                        \
  F(void, vector_ensure_validity_writable, (duckdb_vector))                                                  \
  F(void, vector_assign_string_element_len, (duckdb_vector, uint64_t, const char *, uint64_t))               \
  F(duckdb_logical_type, create_logical_type, (duckdb_type))                                                 \
  F(void, destroy_logical_type, (duckdb_logical_type *))                                                     \
  F(duckdb_table_function, create_table_function, (void))                                                    \
  F(void, destroy_table_function, (duckdb_table_function *))                                                 \
  F(void, table_function_set_name, (duckdb_table_function, const char *))                                    \
  F(void, table_function_add_parameter, (duckdb_table_function, duckdb_logical_type))                        \
  F(void, table_function_set_extra_info, (duckdb_table_function, void *, duckdb_delete))                     \
  F(void, table_function_set_bind, (duckdb_table_function, duckdb_on_bind))                                  \
  F(void, table_function_set_init, (duckdb_table_function, duckdb_on_init))                                  \
  F(void, table_function_set_function, (duckdb_table_function, duckdb_on_call))                              \
  F(duckdb_state, register_table_function, (duckdb_connection, duckdb_table_function))                       \
  F(void *, bind_get_extra_info, (duckdb_bind_info))                                                         \
  F(void, bind_add_result_column, (duckdb_bind_info, const char *, duckdb_logical_type))                     \
  F(void, init_set_max_threads, (duckdb_init_info, uint64_t))                                                \
  F(void *, function_get_extra_info, (duckdb_function_info))

typedef struct {
#define DUCKDB_FIELD(result, name, arguments) result(*name) arguments;
  DUCKDB_INTERFACE(DUCKDB_FIELD)
#undef DUCKDB_FIELD
} duckdb_interface;

/// Opens the library at `path` (or by a bare name, wherever the system looks) and fills every pointer.
/// `companion`, unless NULL, is a library that must be open first, its symbols visible to all.
/// Returns NULL, or what went wrong: a text that lives until the next call on this thread.
const char *duckdb_interface_load(const char *path, const char *companion, duckdb_interface *interface);

#endif
