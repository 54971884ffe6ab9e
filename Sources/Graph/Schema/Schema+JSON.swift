import Foundation

// A schema as JSON. Whatever may be left out has a default; the order of declaration is kept.
//
//     {
//       "name": "shop",
//       "nodes": {
//         "merchant": {
//           "table": "merchants", "key": "id", "happened": "created_at",
//           "columns": {"age": "number", "category": {"kind": "category", "says": "what it mostly sells"}},
//           "labels": {"risky": {"known": "label_known_at"}}
//         },
//         "review": {"links": {"buyer": {"to": "buyer", "column": "buyer_id"}}}
//       },
//       "relations": {
//         "sells": {"from": "merchant", "to": "product", "fromColumn": "merchant_id", "weight": "units",
//                   "directed": true, "duplicates": "keep", "selfLoops": "keep", "columns": {"units": "number"}}
//       }
//     }

extension Schema {
  /// Reads and checks a schema; `file` is what errors call it. All mistakes are reported together.
  public init(json: String, file: String = "schema.json") throws(SchemaError) {
    let document: PositionedJSON
    do { document = try PositionedJSON(parsing: json) } catch {
      throw SchemaError(file: file, problems: [.init(place: error.place, path: "", what: error.what + ".")])
    }
    var decoder = SchemaDecoder()
    let schema = decoder.schema(document)
    guard decoder.problems.isEmpty, let schema else {
      throw SchemaError(file: file, problems: decoder.problems.sorted { $0.place < $1.place })
    }
    self = schema
  }

  /// Reads the file at `path`.
  public init(file path: String) throws(SchemaError) {
    let start = TextPlace(line: 1, column: 1)
    guard let bytes = FileManager.default.contents(atPath: path) else {
      let problem = SchemaError.Problem(place: start, path: "", what: "the file cannot be read.")
      throw SchemaError(file: path, problems: [problem])
    }
    guard let text = String(validatingUTF8Bytes: bytes) else {
      let problem = SchemaError.Problem(place: start, path: "", what: "the file is not UTF-8 text.")
      throw SchemaError(file: path, problems: [problem])
    }
    try self.init(json: text, file: path)
  }

  /// The schema as it is read, with what differs from the defaults.
  public var json: String { SchemaEncoder.text(of: self) }

  /// The same schema, checked: for schemas that a program made. Places are those in `json`.
  public func validated() throws(SchemaError) -> Schema { try Schema(json: json, file: name) }
}

extension String {
  fileprivate init?(validatingUTF8Bytes bytes: Data) {
    self.init(bytes: bytes, encoding: .utf8)
  }
}
