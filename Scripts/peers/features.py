"""featuretools beside `riskgraph bench features`: one line of JSON with seconds and the columns of each example.

    python3 Scripts/peers/features.py FOLDER       # with orders.parquet and examples.parquet

Cut-off times are those of the examples; an event at the very cut-off time does not count, so a second is taken off.
"""

import json
import logging
import sys
import time
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
import featuretools as ft
import pandas as pd

folder = sys.argv[1]
orders = pd.read_parquet(folder + "/orders.parquet")
examples = pd.read_parquet(folder + "/examples.parquet")
orders["order"] = range(len(orders))
orders["time"] = pd.to_datetime(orders.pop("seen"), unit="s")
accounts = pd.DataFrame({"account": sorted(set(orders.account) | set(examples.node))})
entities = ft.EntitySet("bench")
entities.add_dataframe(dataframe_name="accounts", dataframe=accounts, index="account")
entities.add_dataframe(
    dataframe_name="orders", dataframe=orders, index="order", time_index="time", logical_types={"shop": "Categorical"}
)
entities.add_relationship("accounts", "account", "orders", "account")
cutoffs = pd.DataFrame(
    {"account": examples.node, "time": pd.to_datetime(examples.as_of, unit="s") - pd.Timedelta("1s"), "example": examples.index}
)
names = [
    "COUNT(orders)", "MEAN(orders.amount)", "SUM(orders.amount)", "MIN(orders.amount)", "MAX(orders.amount)",
    "NUM_UNIQUE(orders.shop)",
]
definitions = ft.dfs(
    entityset=entities, target_dataframe_name="accounts", features_only=True, max_depth=1,
    agg_primitives=["count", "mean", "sum", "min", "max", "num_unique"], trans_primitives=[],
)
wanted = {d.get_name(): d for d in definitions}
start = time.perf_counter()
matrix = ft.calculate_feature_matrix([wanted[n] for n in names], entityset=entities, cutoff_time=cutoffs, n_jobs=1)
seconds = time.perf_counter() - start
# Counts and sums of nothing are 0.
matrix = matrix.sort_values("example")
for name in ("COUNT(orders)", "SUM(orders.amount)", "NUM_UNIQUE(orders.shop)"):
    matrix[name] = matrix[name].astype(float).fillna(0)
rows = [[None if pd.isna(v) else float(v) for v in row] for row in matrix[names].values]
print(json.dumps({"seconds": seconds, "all": [seconds], "rows": rows}))
