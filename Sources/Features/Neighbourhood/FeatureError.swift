/// What can be wrong with what features are computed from.
public enum FeatureError: Error, CustomStringConvertible, Equatable {
  case unknownType(name: String, known: [String])
  case unknownRelation(name: String, known: [String])
  case unknownColumn(name: String, type: String, known: [String])
  case otherSchema(feature: String, reason: String)
  case nothingToCompute(type: String)

  public var description: String {
    switch self {
    case .unknownType(let name, let known):
      "There is no node type \"\(name)\". There are: \(known.joined(separator: ", "))."
    case .unknownRelation(let name, let known):
      "There is no relation \"\(name)\". There are: \(known.joined(separator: ", "))."
    case .unknownColumn(let name, let type, let known):
      "\(type) has no column \"\(name)\". It has: \(known.joined(separator: ", "))."
    case .otherSchema(let feature, let reason):
      "The feature \"\(feature)\" cannot be computed on this graph: \(reason). "
        + "The model was trained on another schema; train again on this one."
    case .nothingToCompute(let type):
      "There is nothing to learn from: \(type) has no columns and no relations."
    }
  }
}
