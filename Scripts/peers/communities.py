"""Communities by NetworKit and igraph on one graph: seconds and modularity.

    communities.py PREFIX [networkit] [igraph]     reads PREFIX.u.npy and PREFIX.v.npy, each undirected edge once

NetworKit runs on all threads, igraph's methods know one thread only. With $MEMBERSHIPS, a folder, what each method found
is written there, a number for each node.
"""
import os

import measured
import numpy as np
from measured import THREADS, median_seconds, run, say


def edges(prefix):
    u, v = (np.load(f"{prefix}.{side}.npy") for side in "uv")
    return u, v, int(max(u.max(), v.max())) + 1


def keep(peer, what, membership):
    """The file that says where each node is, if somebody wants to compare."""
    folder = os.environ.get("MEMBERSHIPS")
    if not folder:
        return None
    file = os.path.join(folder, f"{peer}-{what}.npy")
    np.save(file, np.asarray(membership, dtype=np.uint32))
    return file


def networkit(prefix):
    import networkit as nk
    nk.setNumberOfThreads(THREADS)
    nk.setSeed(1, False)
    u, v, n = edges(prefix)
    graph = nk.GraphFromCoo((u.astype(np.uint64), v.astype(np.uint64)), n=n, weighted=False, directed=False)
    for what, name, make in [
            ("louvain", "PLM", lambda: nk.community.PLM(graph, refine=False)),
            ("leiden", "ParallelLeiden", lambda: nk.community.ParallelLeiden(graph, randomize=False)),
            ("label-propagation", "PLP", lambda: nk.community.PLP(graph))]:
        seconds, partition = median_seconds(lambda: make().run().getPartition(), warm_up=False)
        say("NetworKit", what, seconds, algorithm=name, communities=partition.numberOfSubsets(),
            modularity=nk.community.Modularity().getQuality(partition, graph),
            membership=keep("NetworKit", what, partition.getVector()))
    seconds, _ = median_seconds(lambda: nk.components.ConnectedComponents(graph).run(), warm_up=False)
    say("NetworKit", "components", seconds, algorithm="components")


def igraph(prefix):
    import igraph as ig
    u, v, n = edges(prefix)
    graph = ig.Graph(n=n, edges=np.stack([u, v], 1).astype(np.int64))
    for what, name, method in [
            ("louvain", "multilevel", lambda: graph.community_multilevel()),
            ("leiden", "Leiden, 2 iterations",
             lambda: graph.community_leiden(objective_function="modularity", n_iterations=2))]:
        # Minutes on a large graph: one run is enough to see a ratio of tens.
        seconds, found = median_seconds(method, repeats=1, warm_up=False)
        say("igraph", what, seconds, algorithm=name, communities=len(found), modularity=found.modularity,
            membership=keep("igraph", what, found.membership))


run({"networkit": networkit, "igraph": igraph})
