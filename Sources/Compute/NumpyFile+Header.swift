/// What the header of an `.npy` file says.
struct NumpyHeader: Equatable {
  var type: String
  var isFortranOrder: Bool
  var shape: [Int]
}

struct NumpyHeaderError: Error {
  var what: String
}

/// Reads the Python dictionary at the head of an `.npy` file:
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, its entries in any order.
struct NumpyHeaderReader {
  private let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func header() throws(NumpyHeaderError) -> NumpyHeader {
    var type: String?
    var order: Bool?
    var shape: [Int]?
    try expect("{")
    while !take("}") {
      let key = try text()
      try expect(":")
      switch key {
      case "descr" where type == nil:
        guard peek() != UInt8(ascii: "[") else { throw fault("its elements are records of several fields") }
        type = try text()
      case "fortran_order" where order == nil: order = try truth()
      case "shape" where shape == nil: shape = try tuple()
      default: throw fault("\"\(key)\" stands twice, or does not belong there")
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard position == bytes.count else { throw fault("something stands behind the dictionary") }
    guard let type, let order, let shape else { throw fault("descr, fortran_order or shape is missing") }
    return NumpyHeader(
      type: type == "<u1" || type == "u1" ? "|u1" : type, isFortranOrder: order, shape: shape)
  }

  private func fault(_ what: String) -> NumpyHeaderError { NumpyHeaderError(what: what) }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
  }

  private mutating func peek() -> UInt8? {
    skipSpace()
    return position < bytes.count ? bytes[position] : nil
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(character.value) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(NumpyHeaderError) {
    guard take(character) else { throw fault("a \(character) is missing at byte \(position)") }
  }

  private mutating func text() throws(NumpyHeaderError) -> String {
    guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw fault("a text is missing at byte \(position)")
    }
    guard let end = bytes[(position + 1)...].firstIndex(of: quote) else { throw fault("a text does not end") }
    defer { position = end + 1 }
    return String(decoding: bytes[(position + 1)..<end], as: UTF8.self)
  }

  private mutating func truth() throws(NumpyHeaderError) -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)] where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw fault("True or False is missing at byte \(position)")
  }

  private mutating func tuple() throws(NumpyHeaderError) -> [Int] {
    var numbers: [Int] = []
    try expect("(")
    while !take(")") {
      skipSpace()
      let start = position
      while position < bytes.count, (48...57).contains(bytes[position]) { position += 1 }
      guard let number = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
        throw fault("its shape has no whole number at byte \(start)")
      }
      numbers.append(number)
      if !take(",") {
        try expect(")")
        break
      }
    }
    return numbers
  }
}
