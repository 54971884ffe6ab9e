"""NetworKit and igraph on one graph: seconds and modularity, a line of JSON each.

Usage: communities.py PREFIX [--igraph]     (reads PREFIX.u.npy and PREFIX.v.npy; 2 threads or $THREADS)
"""
import json
import os
import sys
import time

import numpy as np


def say(name, seconds, modularity=None, communities=None):
    print(json.dumps({"name": name, "seconds": seconds, "modularity": modularity,
                      "communities": communities}), flush=True)


def networkit(u, v, n):
    import networkit as nk
    nk.setNumberOfThreads(int(os.environ.get("THREADS", "2")))
    nk.setSeed(1, False)
    graph = nk.GraphFromCoo((u, v), n=n, weighted=False, directed=False)
    for name, make in [
            ("NetworKit PLM", lambda: nk.community.PLM(graph, refine=False)),
            ("NetworKit ParallelLeiden", lambda: nk.community.ParallelLeiden(graph, randomize=False)),
            ("NetworKit label propagation", lambda: nk.community.PLP(graph)),
            ("NetworKit components", lambda: nk.components.ConnectedComponents(graph))]:
        algorithm = make()
        start = time.time()
        algorithm.run()
        seconds = time.time() - start
        if "components" in name:
            say(name, seconds)
        else:
            partition = algorithm.getPartition()
            say(name, seconds, nk.community.Modularity().getQuality(partition, graph),
                partition.numberOfSubsets())


def igraph(u, v, n):
    import igraph as ig
    graph = ig.Graph(n=n, edges=np.stack([u, v], 1).astype(np.int64))
    start = time.time()
    result = graph.community_leiden(objective_function="modularity", n_iterations=2)
    say("igraph Leiden", time.time() - start, result.modularity, len(result))


if __name__ == "__main__":
    prefix = sys.argv[1]
    ends = [np.load(f"{prefix}.{side}.npy").astype(np.uint64) for side in "uv"]
    count = int(max(ends[0].max(), ends[1].max())) + 1
    networkit(*ends, count)
    if "--igraph" in sys.argv:
        igraph(*ends, count)
