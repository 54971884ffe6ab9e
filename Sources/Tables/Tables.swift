/// DuckDB, in process.
public enum TableReader {}
