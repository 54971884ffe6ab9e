/// What stood on the command line, read and checked.
///
///     input[limit]      // whatever type the parameter has
public struct Input: Sendable {
  private let values: [String: any Sendable]
  private let given: Set<String>

  init(values: [String: any Sendable], given: Set<String>) {
    self.values = values
    self.given = given
  }

  /// Needs: a parameter of the command that was parsed, or of the program.
  public subscript<P: TypedParameter>(parameter: P) -> P.Value {
    guard let value = values[parameter.face.title] as? P.Value else {
      preconditionFailure("\(parameter.face.title) is not a parameter of this command")
    }
    return value
  }

  /// Whether it stood on the command line, rather than having its default.
  public func wasGiven(_ parameter: some Parameter) -> Bool { given.contains(parameter.face.title) }
}
