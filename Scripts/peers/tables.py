"""DuckDB's Python package on the table of `riskgraph bench store --data FOLDER`: load it, number the distinct keys of both
ends, join, and fetch the numbers. What a snapshot holds besides (both directions, sorted by time, synced and checksummed)
is not asked of it.

    tables.py FOLDER [duckdb]     reads FOLDER/{parquet,csv}/order.*
"""
import os

import measured
from measured import THREADS, median_seconds, run, say


def duckdb(folder):
    import duckdb as library
    for kind in ("parquet", "csv"):
        file = f"{folder}/{kind}/order.{kind}"
        if not os.path.exists(file):
            continue

        def work():
            connection = library.connect(config={"threads": THREADS})
            connection.execute(f"create table e as from '{file}'")
            for table, column in (("s", "src"), ("d", "dst")):
                connection.execute(
                    f"create table {table} as select {column} as k, (row_number() over (order by {column}) - 1)::uinteger "
                    f"as i from (select distinct {column} from e)")
            return len(connection.execute(
                "select s.i as u, d.i as v, ts from e join s on e.src = s.k join d on e.dst = d.k").fetchnumpy()["u"])

        seconds, _ = median_seconds(work, warm_up=False)
        say("DuckDB in Python", f"import, {kind}", seconds)


run({"duckdb": duckdb})
