/// The models that can be asked for by name.
public enum ModelKind: String, Sendable, Codable, CaseIterable {
  case logistic, mlp, sgc, gcn, sage, rgcn, gat, bwgnn, labelprop, trees, ensemble, auto

  /// The network of that name; nil for trees and what is made of several models.
  public var network: Network? {
    switch self {
    case .logistic: .logisticRegression()
    case .mlp: .mlp()
    case .sgc: .sgc()
    case .gcn: .gcn()
    case .sage: .sage()
    case .rgcn: .relational()
    case .gat: .gat()
    case .bwgnn: .bwgnn()
    case .labelprop, .trees, .ensemble, .auto: nil
    }
  }

  /// Whether it walks the graph itself, so that its inputs are a node's own columns.
  public var seesGraph: Bool {
    switch self {
    case .sgc, .gcn, .sage, .rgcn, .gat, .bwgnn, .labelprop: true
    case .logistic, .mlp, .trees, .ensemble, .auto: false
    }
  }
}
