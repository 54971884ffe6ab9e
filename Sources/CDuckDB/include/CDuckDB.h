// DuckDB in process: see duckdb_api.h.
