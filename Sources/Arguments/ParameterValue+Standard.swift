import Foundation

extension String: ArgumentValue {
  public init(argument text: String) { self = text }
  public var argument: String { self }
  public static var placeholder: String { "TEXT" }
}

extension Int: ArgumentValue {
  /// Whole numbers; `12k`, `1.5m` and `2g` are thousands, millions and thousands of millions.
  public init(argument text: String) throws(ValueMistake) {
    if let number = Int(text) {
      self = number
      return
    }
    guard let (number, suffix) = numberAndSuffix(text),
      let factor = ["k": 1e3, "m": 1e6, "g": 1e9][suffix.lowercased()]
    else { throw ValueMistake("is not a whole number") }
    guard let exact = Int(exactly: number * factor) else {
      throw ValueMistake("is not a whole number, or too large")
    }
    self = exact
  }
  public var argument: String { String(self) }
  public static var placeholder: String { "N" }
}

extension UInt64: ArgumentValue {
  public init(argument text: String) throws(ValueMistake) {
    guard let number = UInt64(text) else { throw ValueMistake("is not a whole number from 0 up") }
    self = number
  }
  public var argument: String { String(self) }
  public static var placeholder: String { "N" }
}

extension Double: ArgumentValue {
  /// Finite numbers: `0.5`, `1e-6`.
  public init(argument text: String) throws(ValueMistake) {
    guard let number = Double(text), number.isFinite else { throw ValueMistake("is not a number") }
    self = number
  }
  public var argument: String { self == rounded() && magnitude < 1e15 ? String(Int(self)) : String(self) }
  public static var placeholder: String { "NUMBER" }
}

/// A number of bytes: `500M`, `1.5GiB`, `4096`.
///
/// `k`, `M`, `G`, `T` with or without `B` count in thousands, `KiB`, `MiB`, `GiB`, `TiB` in 1024s.
public struct ByteSize: ArgumentValue, Hashable {
  public let bytes: Int

  public init(bytes: Int) { self.bytes = bytes }

  public init(argument text: String) throws(ValueMistake) {
    let factors: [String: Double] = [
      "": 1, "b": 1, "k": 1e3, "kb": 1e3, "m": 1e6, "mb": 1e6, "g": 1e9, "gb": 1e9, "t": 1e12, "tb": 1e12,
      "kib": 0x1p10, "mib": 0x1p20, "gib": 0x1p30, "tib": 0x1p40,
    ]
    guard let (number, suffix) = numberAndSuffix(text), let factor = factors[suffix.lowercased()],
      number >= 0,
      let bytes = Int(exactly: (number * factor).rounded())
    else { throw ValueMistake("is not a size; write it like 500MB or 1.5GiB") }
    self.bytes = bytes
  }

  public var argument: String { humanBytes(bytes).replacingOccurrences(of: " ", with: "") }
  public static var placeholder: String { "SIZE" }
}

/// A path to a file, which shells complete.
public struct FilePath: ArgumentValue, Hashable {
  public let path: String

  public init(_ path: String) { self.path = path }
  public init(argument text: String) throws(ValueMistake) {
    guard !text.isEmpty else { throw ValueMistake("is no path") }
    path = text
  }
  public var argument: String { path }
  public static var placeholder: String { "FILE" }
  public static var completion: Completion { .file }
}

/// A path to a folder, which shells complete.
public struct FolderPath: ArgumentValue, Hashable {
  public let path: String

  public init(_ path: String) { self.path = path }
  public init(argument text: String) throws(ValueMistake) {
    guard !text.isEmpty else { throw ValueMistake("is no path") }
    path = text
  }
  public var argument: String { path }
  public static var placeholder: String { "FOLDER" }
  public static var completion: Completion { .folder }
}

/// `1.5GiB` as 1.5 and `GiB`; nil where there is no finite number in front, or no plain suffix behind it.
private func numberAndSuffix(_ text: String) -> (Double, String)? {
  let digits = text.prefix { $0.isASCII && ($0.isNumber || "+-.".contains($0)) }
  let suffix = text.dropFirst(digits.count).drop { $0 == " " }
  guard let number = Double(digits), number.isFinite, suffix.allSatisfy({ $0.isASCII && $0.isLetter }) else {
    return nil
  }
  return (number, String(suffix))
}
