"""Building a graph from its edges, and basic algorithms on it: NetworKit, igraph, scipy.

    graphs.py PREFIX [networkit] [igraph] [scipy]     reads PREFIX.u.npy and PREFIX.v.npy, each undirected edge once

Results are named as `riskgraph bench csr` names them, after the last part of PREFIX.
"""
import os
import sys

import measured
import numpy as np
from measured import THREADS, median_seconds, run, say

NAME = os.path.basename(sys.argv[1])


def edges(prefix):
    u, v = (np.load(f"{prefix}.{side}.npy") for side in "uv")
    return u, v, int(max(u.max(), v.max())) + 1


def networkit(prefix):
    import networkit as nk
    nk.setNumberOfThreads(THREADS)
    u, v, n = edges(prefix)
    u, v = u.astype(np.uint64), v.astype(np.uint64)

    def build():
        return nk.GraphFromCoo((u, v), n=n, weighted=False, directed=False)

    seconds, graph = median_seconds(build, warm_up=False)
    say("NetworKit", f"{NAME}: both directions", seconds)
    seconds, found = median_seconds(lambda: nk.components.ConnectedComponents(graph).run(), warm_up=False)
    say("NetworKit", f"{NAME}: components", seconds, components=found.numberOfComponents())
    seconds, found = median_seconds(lambda: nk.centrality.CoreDecomposition(graph).run(), warm_up=False)
    say("NetworKit", f"{NAME}: core numbers", seconds, highest=found.maxCoreNumber())
    # Its own default measures the difference of two steps by the Euclidean norm.
    seconds, found = median_seconds(lambda: nk.centrality.PageRank(graph, 0.85, 1e-6).run(), warm_up=False)
    say("NetworKit", f"{NAME}: PageRank to 1e-6, Euclidean", seconds, steps=found.numberOfIterations())


def igraph(prefix):
    import igraph as ig
    u, v, n = edges(prefix)
    pairs = np.stack([u, v], 1).astype(np.int64)
    seconds, graph = median_seconds(lambda: ig.Graph(n=n, edges=pairs), repeats=1, warm_up=False)
    say("igraph", f"{NAME}: both directions", seconds)
    seconds, found = median_seconds(lambda: graph.connected_components(), warm_up=False)
    say("igraph", f"{NAME}: components", seconds, components=len(found))
    seconds, found = median_seconds(lambda: graph.coreness(), warm_up=False)
    say("igraph", f"{NAME}: core numbers", seconds, highest=max(found))
    # Its library lists each triangle; the Python face has no faster way to count them on a whole graph.
    seconds, _ = median_seconds(lambda: graph.transitivity_undirected(), repeats=1, warm_up=False)
    say("igraph", f"{NAME}: triangles", seconds)


def scipy(prefix):
    import scipy.sparse as sp
    u, v, n = edges(prefix)
    rows, columns = (np.concatenate(ends).astype(np.int32) for ends in ((u, v), (v, u)))
    ones = np.ones(len(rows), np.float32)

    def build():
        matrix = sp.coo_matrix((ones, (rows, columns)), shape=(n, n)).tocsr()
        matrix.sort_indices()
        return matrix

    seconds, matrix = median_seconds(build, warm_up=False)
    say("scipy", f"{NAME}: both directions", seconds)
    seconds, found = median_seconds(lambda: sp.csgraph.connected_components(matrix, directed=False), warm_up=False)
    say("scipy", f"{NAME}: components", seconds, components=int(found[0]))


run({"networkit": networkit, "igraph": igraph, "scipy": scipy})
