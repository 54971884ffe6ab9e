"""Runs riskgraph's benches and the same work by other software in turn, and writes what came out into one file.

    beside.py PROGRAM FOLDER [--quick] [--rounds N] [--only PART,...]      called by Scripts/bench

In each round our program runs, then each peer, one after the other and never two at once; the ratio of a round is the peer's
median over ours, and the result is the median of the rounds' ratios with the least and the greatest. All get the
same threads, and the data that our bench writes with --data.
"""
import argparse
import importlib.metadata
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))


class Part:
    """One bench of ours, and the scripts that do the same: (script, the folder or prefix it reads, what it runs)."""

    def __init__(self, name, data, bench, peers, environment=None, counterparts=None, repeats=3):
        self.name, self.data, self.bench, self.peers = name, data, bench, peers
        self.environment = environment or {}
        # Work of the peer that ours has under another name.
        self.counterparts = counterparts or {}
        self.repeats = repeats


def parts(quick, folder):
    """What is measured. `--quick` takes smaller graphs and fewer rows, so that all of it stays within three minutes."""
    scale, rows, table = (16, 20_000, 1_000_000) if quick else (18, 100_000, 5_000_000)
    graphs = f"{folder}/graphs"
    found = ["leiden", "louvain", "label-propagation"]
    for name, words in ((f"rmat{scale}", f"R-MAT, 2^{scale} nodes"), ("planted", f"planted partition, 2^{scale} nodes")):
        yield Part(
            "graphs", words, ["csr", "--scale", str(scale), "--only", name.rstrip("0123456789"), "--data", graphs],
            [("graphs.py", f"{graphs}/{name}", ["networkit", "igraph", "scipy"])])
        yield Part(
            "communities", words, ["communities", f"{graphs}/{name}.u.npy", "--method", ",".join(found)],
            [("communities.py", f"{graphs}/{name}", ["networkit", "igraph"])])
    layers = f"{folder}/layers"
    citation = "169,343 nodes, 2.5 M entries"
    yield Part("sparse", citation, ["spmm", "--data", layers], [("layers.py", layers, ["torch", "scipy"])])
    yield Part("dense", "layers of a network", ["gemm"], [("layers.py", layers, ["dense"])])
    yield Part("gcn", citation, ["gcn", "--data", layers], [("layers.py", layers, ["gcn-torch", "gcn-pyg"])])
    for kind in ("sage", "rgcn"):
        yield Part(
            kind, citation, ["gcn", "--kind", kind, "--data", layers], [("layers.py", layers, [f"{kind}-pyg"])])
    yield Part(
        "trees", f"{rows:,} × 64, 100 rounds", ["trees", "--rows", str(rows), "--data", f"{folder}/trees"],
        [("trees.py", f"{folder}/trees", ["xgboost", "sklearn"])], repeats=1)
    yield Part(
        "tables", f"{table / 1e6:g} M edges with text keys",
        ["store", "--rows", str(table), "--only", "parquet", "--data", f"{folder}/store"],
        [("tables.py", f"{folder}/store", ["duckdb"])], repeats=1)
    events, asked, part = (200_000, 2_000, 2) if quick else (4_000_000, 40_000, 4)
    yield Part(
        "features", f"{events // part:,} events",
        ["features", "--events", str(events), "--examples", str(asked), "--part", str(part), "--peers", sys.executable,
         "--peer-script", f"{HERE}/features.py"], [], repeats=1,
        counterparts={
            "DuckDB, the same part": ("DuckDB", "engine, a part", "features in SQL"),
            "featuretools, the same part": ("featuretools", "engine, featuretools' part", "features by featuretools"),
        })


def output_of(words, environment):
    run = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                         env={**os.environ, **environment})
    if run.returncode != 0:
        message = run.stderr.strip().splitlines()
        raise RuntimeError(f"{' '.join(words)} ended with status {run.returncode}: {message[-1] if message else ''}")
    return run.stdout


class Beside:
    def __init__(self, program, folder, rounds, quick):
        self.program, self.folder, self.rounds, self.quick = program, folder, rounds, quick
        self.threads = int(os.environ.get("THREADS") or len(os.sched_getaffinity(0)))
        self.rows, self.missing, self.machine = [], {}, None

    def ours(self, part):
        words = [self.program, "bench", *part.bench, "--repeat", str(part.repeats), "--json", "--quiet",
                 "--threads", str(self.threads)]
        found = json.loads(output_of(words, {}))
        self.machine = found["machine"]
        return {one["what"]: one for one in found["measurements"]}

    def theirs(self, part, script, data, name):
        environment = {"THREADS": str(self.threads), "REPEATS": str(part.repeats),
                       "ENOUGH_SECONDS": "3" if self.quick else "30", **part.environment}
        lines = output_of([sys.executable, f"{HERE}/{script}", data, name], environment).splitlines()
        for line in lines:
            one = json.loads(line)
            if "missing" in one:
                self.missing[one["peer"]] = one["missing"]
            else:
                yield one

    def measure(self, part):
        """One row for each piece of work and peer."""
        rows = {}

        def add(what, peer, ours, theirs, how, ours_results, their_results):
            row = rows.setdefault((what, peer), {
                "part": part.name, "data": part.data, "what": what, "peer": peer, "how": how, "ours": [], "theirs": []})
            row["ours"].append(ours)
            row["theirs"].append(theirs)
            row["oursResults"], row["theirResults"] = ours_results, their_results

        for number in range(self.rounds):
            print(f"bench: {part.name}, {part.data}, round {number + 1} of {self.rounds}", file=sys.stderr, flush=True)
            ours = self.ours(part)
            for what, (peer, own, words) in part.counterparts.items():
                if what in ours and own in ours:
                    add(words, peer, ours[own]["seconds"]["median"], ours[what]["seconds"]["median"], "", {}, ours[what]["results"])
            for script, data, names in part.peers:
                for name in [name for name in names if name not in self.missing]:
                    try:
                        for one in self.theirs(part, script, data, name):
                            if one["what"] not in ours:
                                continue
                            own = ours[one["what"]]
                            extra = {key: value for key, value in one.items()
                                     if key not in ("peer", "what", "name", "seconds", "all", "algorithm")}
                            add(one["what"], one["peer"], own["seconds"]["median"], one["seconds"],
                                one.get("algorithm", ""), own["results"], extra)
                    except RuntimeError as error:
                        self.missing[name] = str(error)
        for row in rows.values():
            ratios = [theirs / ours for ours, theirs in zip(row["ours"], row["theirs"])]
            row["ratio"] = {"median": statistics.median(ratios), "low": min(ratios), "high": max(ratios)}
            row["what"] = re.sub(r"^(rmat\d+|planted): ", "", row["what"])
            self.rows.append(row)

    def document(self, started):
        versions = {}
        for name in ("networkit", "igraph", "scipy", "numpy", "torch", "torch_geometric", "xgboost", "scikit-learn", "duckdb",
                     "featuretools"):
            try:
                versions[name] = importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                # Our own bench starts this one, so no script of its own says that it is missing.
                if name == "featuretools" and any(row["part"] == "features" for row in self.rows):
                    self.missing[name] = "not installed"
        return {
            "bench": "beside peers", "quick": self.quick, "rounds": self.rounds,
            "seconds": round(time.time() - started, 1), "machine": self.machine,
            "program": output_of([self.program, "version"], {}).strip(), "python": platform.python_version(),
            "versions": versions, "missing": self.missing, "rows": self.rows,
        }


def kept(file, document):
    """The new rows, with an earlier run's rows of parts that were not measured now."""
    try:
        with open(file, encoding="utf-8") as old:
            earlier = json.load(old)
    except (OSError, ValueError):
        return document["rows"]
    if any(earlier.get(key) != document[key] for key in ("quick", "program", "versions")):
        return document["rows"]
    measured = {row["part"] for row in document["rows"]}
    rows = [row for row in earlier["rows"] if row["part"] not in measured] + document["rows"]
    order = [(part.name, part.data) for part in parts(document["quick"], "")]
    return sorted(rows, key=lambda row: order.index((row["part"], row["data"])))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program")
    arguments.add_argument("folder")
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("--rounds", type=int)
    arguments.add_argument("--only", default="")
    given = arguments.parse_args()
    work = f"{given.folder}/data"
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    beside = Beside(given.program, given.folder, given.rounds or (1 if given.quick else 3), given.quick)
    result = f"{given.folder}/bench.json"
    started = time.time()
    wanted = [name for name in given.only.split(",") if name]
    known = []
    try:
        for part in parts(given.quick, work):
            known.append(part.name)
            if wanted and part.name not in wanted and not (part.name == "graphs" and "communities" in wanted):
                continue
            beside.measure(part)
            # After each part, so that what is stopped has not been for nothing.
            document = beside.document(started)
            if wanted:
                document["rows"] = kept(result, document)
            with open(result, "w", encoding="utf-8") as file:
                json.dump(document, file, indent=1, ensure_ascii=False)
    except RuntimeError as error:
        sys.exit(f"bench: {error}")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    unknown = set(wanted) - set(known)
    if unknown:
        sys.exit(f"bench: there is no part {', '.join(sorted(unknown))}; there are {', '.join(dict.fromkeys(known))}")
    for peer, why in beside.missing.items():
        print(f"bench: {peer} was left out: {why}", file=sys.stderr)


main()
