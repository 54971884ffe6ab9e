"""NetworKit and igraph on one graph: seconds, modularity and membership, a line of JSON each.

Usage: communities.py PREFIX [--igraph] [--memberships FOLDER]
Reads PREFIX.u.npy and PREFIX.v.npy; runs on $THREADS threads (2), each of NetworKit's methods $REPEATS times (3).
"""
import argparse
import json
import os
import time

import numpy as np


def say(name, seconds, modularity=None, labels=None, folder=None):
    file = None
    if folder is not None and labels is not None:
        file = os.path.join(folder, name.replace(" ", "-") + ".npy")
        np.save(file, np.asarray(labels, dtype=np.uint32))
    print(json.dumps({"name": name, "seconds": seconds, "modularity": modularity, "membership": file,
                      "communities": None if labels is None else len(np.unique(labels))}), flush=True)


def timed(make):
    """The last of several runs, and the seconds of each."""
    seconds = []
    for _ in range(int(os.environ.get("REPEATS", "3"))):
        algorithm = make()
        start = time.time()
        algorithm.run()
        seconds.append(time.time() - start)
    return algorithm, seconds


def networkit(u, v, n, folder):
    import networkit as nk
    nk.setNumberOfThreads(int(os.environ.get("THREADS", "2")))
    nk.setSeed(1, False)
    graph = nk.GraphFromCoo((u, v), n=n, weighted=False, directed=False)
    for name, make in [
            ("NetworKit PLM", lambda: nk.community.PLM(graph, refine=False)),
            ("NetworKit ParallelLeiden", lambda: nk.community.ParallelLeiden(graph, randomize=False)),
            ("NetworKit label propagation", lambda: nk.community.PLP(graph)),
            ("NetworKit components", lambda: nk.components.ConnectedComponents(graph))]:
        algorithm, seconds = timed(make)
        if "components" in name:
            say(name, seconds)
        else:
            partition = algorithm.getPartition()
            say(name, seconds, nk.community.Modularity().getQuality(partition, graph), partition.getVector(), folder)


def igraph(u, v, n, folder):
    import igraph as ig
    graph = ig.Graph(n=n, edges=np.stack([u, v], 1).astype(np.int64))
    start = time.time()
    result = graph.community_leiden(objective_function="modularity", n_iterations=2)
    say("igraph Leiden", [time.time() - start], result.modularity, result.membership, folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("prefix")
    parser.add_argument("--igraph", action="store_true")
    parser.add_argument("--memberships")
    wanted = parser.parse_args()
    ends = [np.load(f"{wanted.prefix}.{side}.npy").astype(np.uint64) for side in "uv"]
    count = int(max(ends[0].max(), ends[1].max())) + 1
    networkit(*ends, count, wanted.memberships)
    if wanted.igraph:
        igraph(*ends, count, wanted.memberships)
