// Weight files: a header in JSON that names each array with its type, shape and place, then the arrays' bytes.
//
// The first eight bytes are the header's length, low byte first; the arrays follow it without gaps. Python's
// `safetensors` reads what is written here, and what it wrote as 32-bit floats is read here. A reader trusts nothing: a
// file that was cut, or whose header promises what is not there, is refused with what is wrong.

import Compute
import Foundation

/// Named arrays of 32-bit floats, and texts beside them.
///
///     try Safetensors(arrays: model.weights, metadata: ["epoch": "12"]).write(to: "weights.safetensors")
///     let arrays = try Safetensors(readingFrom: "weights.safetensors").arrays
public struct Safetensors: Sendable, Equatable {
  public var arrays: [NetworkModel.NamedMatrix]
  public var metadata: [String: String]

  public init(arrays: [NetworkModel.NamedMatrix], metadata: [String: String] = [:]) {
    self.arrays = arrays
    self.metadata = metadata
  }

  /// The file's bytes. Arrays keep their order; the header is padded so that they start at a multiple of eight.
  public func serialized() -> Data {
    var entries: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
      entries.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for array in arrays {
      let end = offset + array.value.count * 4
      entries.append(
        "\(quoted(array.name)):{\"dtype\":\"F32\",\"shape\":[\(array.value.rows),\(array.value.columns)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Data("{\(entries.joined(separator: ","))}".utf8)
    while header.count % 8 != 0 { header.append(0x20) }
    var data = Data(capacity: 8 + header.count + offset)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(header)
    for array in arrays {
      array.value.withUnsafeBufferPointer { data.append(Data(buffer: $0)) }
    }
    return data
  }

  /// Writes beside, syncs, then takes the name: a crash leaves the old file or the new one.
  public func write(to path: String) throws {
    let beside = path + ".new"
    try serialized().write(to: URL(fileURLWithPath: beside))
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: beside))
    try file.synchronize()
    try file.close()
    guard rename(beside, path) == 0 else {
      throw WeightFileError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
  }

  public init(readingFrom path: String) throws(WeightFileError) {
    let data: Data
    do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
      throw .cannotRead(
        path: path,
        reason: FileManager.default.fileExists(atPath: path) ? "it is not readable" : "there is no such file")
    }
    try self.init(serialized: data, path: path)
  }

  /// Reads a file's bytes; `path` is what errors call it.
  public init(serialized data: Data, path: String = "the weights") throws(WeightFileError) {
    let data = Data(data)
    guard data.count >= 8 else {
      throw .damaged(path: path, reason: "it has \(data.count) bytes, fewer than its first field")
    }
    let length = data.prefix(8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * $1.offset) }
    guard length <= UInt64(data.count - 8) else {
      throw .damaged(
        path: path, reason: "its header should take \(length) bytes, but \(data.count - 8) are there")
    }
    let headerEnd = 8 + Int(length)
    guard let header = try? JSONSerialization.jsonObject(with: data[8..<headerEnd]) as? [String: Any] else {
      throw .damaged(path: path, reason: "its header is not a JSON object")
    }
    var found: [(start: Int, array: NetworkModel.NamedMatrix)] = []
    metadata = header["__metadata__"] as? [String: String] ?? [:]
    for (name, value) in header where name != "__metadata__" {
      guard let entry = value as? [String: Any], let type = entry["dtype"] as? String,
        let shape = entry["shape"] as? [Int], let offsets = entry["data_offsets"] as? [Int],
        offsets.count == 2
      else { throw .damaged(path: path, reason: "its entry \(name) has no type, shape or place") }
      guard type == "F32" else { throw .unknownType(path: path, array: name, type: type) }
      guard shape.count <= 2, shape.allSatisfy({ $0 >= 0 && $0 < 1 << 31 }) else {
        throw .damaged(path: path, reason: "its array \(name) has the shape \(shape)")
      }
      let rows = shape.count == 2 ? shape[0] : 1
      let columns = shape.last ?? 1
      let (start, end) = (offsets[0], offsets[1])
      guard start >= 0, end >= start, end <= data.count - headerEnd, end - start == rows * columns * 4 else {
        throw .damaged(
          path: path,
          reason: "its array \(name) of shape \(shape) should stand at bytes \(start) to \(end) "
            + "of \(data.count - headerEnd)")
      }
      var matrix = Matrix(rows: rows, columns: columns)
      matrix.withUnsafeMutableBufferPointer { to in
        _ = data[headerEnd + start..<headerEnd + end].copyBytes(to: to)
      }
      found.append((start, NetworkModel.NamedMatrix(name: name, value: matrix)))
    }
    found.sort { ($0.start, $0.array.name) < ($1.start, $1.array.name) }
    var place = 0
    for entry in found {
      guard entry.start == place else {
        throw .damaged(path: path, reason: "its array \(entry.array.name) overlaps another or leaves a gap")
      }
      place += entry.array.value.count * 4
    }
    guard place == data.count - headerEnd else {
      throw .damaged(
        path: path, reason: "\(data.count - headerEnd - place) bytes stand behind its last array")
    }
    arrays = found.map(\.array)
  }

  private func quoted(_ text: String) -> String {
    let data = try? JSONSerialization.data(withJSONObject: [text], options: [.withoutEscapingSlashes])
    return String(decoding: (data ?? Data("[\"\"]".utf8)).dropFirst().dropLast(), as: UTF8.self)
  }
}

public enum WeightFileError: Error, CustomStringConvertible, Equatable {
  case cannotRead(path: String, reason: String)
  case cannotWrite(path: String, reason: String)
  case damaged(path: String, reason: String)
  case unknownType(path: String, array: String, type: String)
  case missing(path: String, what: String)

  public var description: String {
    switch self {
    case .cannotRead(let path, let reason): "\(path) cannot be read: \(reason)."
    case .cannotWrite(let path, let reason): "\(path) cannot be written: \(reason)."
    case .damaged(let path, let reason):
      "\(path) is damaged: \(reason). Train again, or restore it from a backup."
    case .unknownType(let path, let array, let type):
      "\(path) holds \(array) as \(type); only 32-bit floats (F32) are read."
    case .missing(let path, let what):
      "\(path) lacks \(what), so it is no network's weights."
    }
  }
}
