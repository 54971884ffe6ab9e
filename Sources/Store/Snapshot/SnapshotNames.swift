/// How the files of a snapshot are called.
enum SnapshotNames {
  static func nodes(_ type: String) -> String { "nodes/\(encoded(type))" }
  static func relation(_ name: String) -> String { "relations/\(encoded(name))" }
  static func column(_ folder: String, _ name: String) -> String { "\(folder)/columns/\(encoded(name))" }

  /// A name as part of a file's name: letters, digits, `-` and `_` stay, of everything else the bytes are written as
  /// `%2E`. Different names stay different.
  static func encoded(_ name: String) -> String {
    var text = ""
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default: text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return text
  }
}
