public enum GraphError: Error, CustomStringConvertible, Equatable {
  case duplicateKey(key: String)

  public var description: String {
    switch self {
    case .duplicateKey(let key):
      "The key \"\(key)\" stands twice. Keys must be unique within their node type."
    }
  }
}
