"""What graph networks are made of: sparse and dense products, and a whole GCN, in torch, scipy and PyTorch Geometric.

    layers.py FOLDER [torch] [scipy] [dense] [gcn-torch] [gcn-pyg] [sage-pyg] [rgcn-pyg]

FOLDER holds graph.offsets.npy, graph.targets.npy and graph.values.npy: the matrix of `riskgraph bench spmm` and
`riskgraph bench gcn`, or relation0.… to relation3.… of `riskgraph bench gcn --kind rgcn`. Results have the names of those
benches and of `riskgraph bench gemm`.
"""
import measured
import numpy as np
from measured import THREADS, median_seconds, run, say

NODES = 169_343
WIDTHS = [128, 256, 256, 40]


def graph(folder, name="graph"):
    return [np.load(f"{folder}/{name}.{part}.npy") for part in ("offsets", "targets", "values")]


def edge_list(offsets, targets):
    """Where each entry's message comes from, and the row that gets it: sorted by row."""
    import torch
    rows = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets.astype(np.int64)))
    return torch.from_numpy(np.stack([targets.astype(np.int64), rows]))


def features(width):
    return np.random.default_rng(1).random((NODES, width), dtype=np.float32) * 2 - 1


def compressed(offsets, targets, values, index=np.int64):
    import torch
    return torch.sparse_csr_tensor(
        torch.from_numpy(offsets.astype(index)), torch.from_numpy(targets.astype(index)), values, size=(NODES, NODES))


def torch_matrix(folder):
    import torch
    torch.set_num_threads(THREADS)
    offsets, targets, values = graph(folder)
    # 32-bit indices: half the bytes of the usual ones, and what MKL's kernel takes.
    return compressed(offsets, targets, torch.from_numpy(values), np.int32)


def torch(folder):
    import torch
    matrix = torch_matrix(folder)
    for width in (64, 128, 256):
        x = torch.from_numpy(features(width))
        seconds, _ = median_seconds(lambda: matrix @ x)
        say("torch sparse", f"{width} floats, weighted", seconds)


def scipy(folder):
    import scipy.sparse as sp
    offsets, targets, values = graph(folder)
    matrix = sp.csr_matrix((values, targets.astype(np.int32), offsets.astype(np.int32)), shape=(NODES, NODES))
    for width in (64, 128, 256):
        x = features(width)
        seconds, _ = median_seconds(lambda: matrix @ x)
        say("scipy", f"{width} floats, weighted", seconds)


def dense(folder):
    import torch
    torch.set_num_threads(THREADS)
    for inner, columns in zip(WIDTHS, WIDTHS[1:]):
        x = torch.from_numpy(features(inner))
        weight = torch.from_numpy(np.ones((inner, columns), np.float32))
        out = torch.empty(NODES, columns)
        seconds, _ = median_seconds(lambda: torch.matmul(x, weight, out=out))
        say("torch", f"{NODES}×{inner}×{columns}", seconds)


def network(layer):
    """Three graph convolutions, each a product with a weight and one with the graph; ReLU and dropout between."""
    import torch
    import torch.nn.functional as F

    class Network(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = torch.nn.ModuleList([layer(a, b) for a, b in zip(WIDTHS, WIDTHS[1:])])

        def forward(self, x):
            for place, one in enumerate(self.layers):
                x = one(x)
                if place < 2:
                    x = F.dropout(F.relu(x), 0.5, self.training)
            return x

    return Network()


def measure_network(peer, candidates):
    """A training step and inference of the fastest of several ways to say the same network."""
    import torch
    import torch.nn.functional as F
    x = torch.from_numpy(features(WIDTHS[0]))
    labels = torch.from_numpy(np.random.default_rng(2).integers(0, WIDTHS[-1], NODES))
    best = {}
    for way, layer in candidates:
        torch.manual_seed(1)
        model = network(layer)
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=0)

        def step():
            model.train()
            optimizer.zero_grad()
            F.cross_entropy(model(x), labels).backward()
            optimizer.step()

        def infer():
            model.eval()
            with torch.inference_mode():
                return model(x)

        for what, body in (("a training step", step), ("inference", infer)):
            try:
                seconds, _ = median_seconds(body, repeats=max(1, measured.REPEATS // len(candidates)))
            except RuntimeError as error:
                # Not every way can be trained: what the library does not know is left to the others.
                print(f"{peer}, {way}, {what}: {error}", file=measured.sys.stderr)
                continue
            if what not in best or min(seconds) < min(best[what][0]):
                best[what] = (seconds, way)
    for what, (seconds, way) in best.items():
        say(peer, what, seconds, algorithm=way)


def gcn_torch(folder):
    import torch
    matrix = torch_matrix(folder)

    class Spread(torch.autograd.Function):
        """The matrix is symmetric, so that its own transpose is at hand."""

        @staticmethod
        def forward(context, x):
            return matrix @ x

        @staticmethod
        def backward(context, gradient):
            return matrix @ gradient.contiguous()

    class Layer(torch.nn.Linear):
        def forward(self, x):
            return Spread.apply(super().forward(x))

    measure_network("torch sparse", [("CSR, 32-bit indices", Layer)])


def gcn_pyg(folder):
    import torch
    from torch_geometric.nn import GCNConv
    torch.set_num_threads(THREADS)
    offsets, targets, values = graph(folder)
    # An edge list with its weights at hand; and the sparse matrix that its guide calls the memory-efficient way.
    ends = edge_list(offsets, targets)
    weights = torch.from_numpy(values)
    sparse = compressed(offsets, targets, weights)

    class OnEdges(GCNConv):
        def __init__(self, inputs, outputs):
            super().__init__(inputs, outputs, normalize=False)

        def forward(self, x):
            return super().forward(x, ends, weights)

    class OnMatrix(OnEdges):
        def forward(self, x):
            return GCNConv.forward(self, x, sparse)

    measure_network("PyTorch Geometric", [("edge list", OnEdges), ("sparse matrix", OnMatrix)])


def sage_pyg(folder):
    import torch
    from torch_geometric.nn import SAGEConv
    torch.set_num_threads(THREADS)
    offsets, targets, _ = graph(folder)
    ends = edge_list(offsets, targets)
    sparse = compressed(offsets, targets, torch.ones(len(targets)))

    class OnEdges(SAGEConv):
        def forward(self, x):
            return super().forward(x, ends)

    class OnMatrix(SAGEConv):
        def forward(self, x):
            return super().forward(x, sparse)

    measure_network("PyTorch Geometric", [("edge list", OnEdges), ("sparse matrix", OnMatrix)])


def rgcn_pyg(folder):
    import torch
    from torch_geometric.nn import RGCNConv
    torch.set_num_threads(THREADS)
    relations = [graph(folder, f"relation{place}")[:2] for place in range(4)]
    ends = torch.cat([edge_list(*relation) for relation in relations], dim=1)
    types = torch.from_numpy(np.repeat(np.arange(4), [len(targets) for _, targets in relations]))

    class OneByOne(RGCNConv):
        def __init__(self, inputs, outputs):
            super().__init__(inputs, outputs, num_relations=4)

        def forward(self, x):
            return super().forward(x, ends, types)

    # FastRGCNConv would hold a matrix for each edge: 600 GB.
    measure_network("PyTorch Geometric", [("RGCNConv", OneByOne)])


run({"torch": torch, "scipy": scipy, "dense": dense, "gcn-torch": gcn_torch, "gcn-pyg": gcn_pyg, "sage-pyg": sage_pyg,
     "rgcn-pyg": rgcn_pyg})
