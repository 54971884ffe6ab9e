// Where nodes stand in the whole graph, as coordinates.
//
// The leading eigenvectors of S = D^-½ A D^-½, those of the largest eigenvalues, put nodes near each other that are joined by
// many short walks. (The most negative ones tell who is joined to whom across two sides; as coordinates they say less, so
// the largest singular values, which mix both, serve worse.) They are the leading singular vectors of ((S + 1) / 2)⁴,
// which has no negative eigenvalues and parts the large ones better. Scaled by √n a coordinate is of size one whatever the
// graph's size; divided by √degree it tells of the walk's place rather than of the node's size.
//
// von Luxburg: A tutorial on spectral clustering (2007).

import Compute
import Graph

extension Projection {
  /// `nodes × rank` coordinates, scaled by √n. Costs about forty sparse products of `rank + 16` columns.
  ///
  /// Only comparable within one graph: another graph, or a later view, has other coordinates.
  public func spectralEmbedding(rank: Int, seed: Seed = Seed(1)) -> Matrix {
    let n = nodeCount
    let scale = Buffer<Float>((0..<n).map { csr.degree($0) > 0 ? 1 / Float(csr.degree($0)).squareRoot() : 0 })
    let normalized = SparseMatrix(
      columns: n, offsets: csr.offsets, targets: csr.targets, rowScale: scale, columnScale: scale)
    let walk = LinearOperator(symmetric: n) { x in
      var current = x
      for _ in 0..<4 {
        var next = normalized.times(current)
        next.withUnsafeMutableBufferPointer { cells in
          current.withUnsafeBufferPointer { old in
            for place in cells.indices { cells[place] = 0.5 * (cells[place] + old[place]) }
          }
        }
        current = next
      }
      return current
    }
    let svd = walk.randomizedSVD(rank: rank, iterations: 4, seed: seed)
    var u = Matrix(rows: n, columns: rank)
    let root = Float(n).squareRoot()
    for row in 0..<n {
      for column in 0..<svd.values.count { u[row, column] = svd.u[row, column] * root }
    }
    return u
  }
}
