import Graph

extension Schema {
  /// Reads the schema that the catalogue keeps: the text of `json`.
  init(storedText: String, path: String) throws(StoreError) {
    do {
      try self.init(json: storedText, file: "the schema in \(path)")
    } catch { throw .damaged(path: path, what: "its schema cannot be read (\(error))") }
  }
}
