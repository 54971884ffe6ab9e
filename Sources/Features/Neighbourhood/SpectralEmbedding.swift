// Where nodes stand in the whole graph, as coordinates.
//
// The leading singular vectors of D^-½ A D^-½ put nodes near each other that are joined by many short walks. Scaled by √n
// a coordinate is of size one whatever the graph's size; divided by √degree it tells of the walk's place rather than
// of the node's size.
//
// von Luxburg: A tutorial on spectral clustering (2007).

import Compute
import Graph

extension Projection {
  /// `nodes × rank` coordinates, scaled by √n. Costs about fourteen sparse products of `rank + 16` columns.
  ///
  /// Only comparable within one graph: another graph, or a later view, has other coordinates.
  public func spectralEmbedding(rank: Int, seed: Seed = Seed(1)) -> Matrix {
    let n = nodeCount
    let scale = Buffer<Float>((0..<n).map { csr.degree($0) > 0 ? 1 / Float(csr.degree($0)).squareRoot() : 0 })
    let normalized = SparseMatrix(
      columns: n, offsets: csr.offsets, targets: csr.targets, rowScale: scale, columnScale: scale)
    let svd = LinearOperator(symmetric: n) { normalized.times($0) }.randomizedSVD(rank: rank, seed: seed)
    var u = Matrix(rows: n, columns: rank)
    let root = Float(n).squareRoot()
    for row in 0..<n {
      for column in 0..<svd.values.count { u[row, column] = svd.u[row, column] * root }
    }
    return u
  }
}
