/// A text as one cell of a CSV file: in quotes where it has to be.
func csvCell(_ text: String) -> String {
  let isPlain = !text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
  return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
}
