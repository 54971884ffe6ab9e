import Compute

/// One named property of every node of a type, or of every edge of a relation.
public enum Column: Sendable {
  /// Numbers and flags; missing is NaN.
  case number(Buffer<Float>)
  /// Seconds since 1970; missing is `Int64.min`.
  case time(Buffer<Int64>)
  /// Codes into `levels`; missing is `UInt32.max`.
  case category(codes: Buffer<UInt32>, levels: TextArray)
  case text(TextArray)

  public static let missingTime = Int64.min
  public static let missingCode = UInt32.max

  public var count: Int {
    switch self {
    case .number(let values): values.count
    case .time(let values): values.count
    case .category(let codes, _): codes.count
    case .text(let texts): texts.count
    }
  }
}
