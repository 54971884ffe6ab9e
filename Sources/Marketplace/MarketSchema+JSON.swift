extension MarketSchema {
  /// The schema file's text.
  static func json() -> String { "{}\n" }
}
