/// A line that a person would type, as a shell takes it apart.
enum ShellLine {
  /// The words of a line of shell, without what follows a `#`; quotes hold together.
  static func words(_ line: String) -> [String] {
    var result: [String] = []
    var word: String?
    var quote: Character?
    for letter in line {
      if let open = quote {
        if letter == open { quote = nil } else { word!.append(letter) }
      } else if letter == "'" || letter == "\"" {
        quote = letter
        word = word ?? ""
      } else if letter == " " {
        if let done = word { result.append(done) }
        word = nil
      } else if letter == "#", word == nil {
        break
      } else {
        word = (word ?? "") + String(letter)
      }
    }
    if let word { result.append(word) }
    return result
  }

  /// The words of each command of a pipeline, and of what it is written to.
  static func commands(_ line: String) -> [[String]] {
    words(line).split(whereSeparator: { ["|", ">", ">>"].contains($0) }).map(Array.init)
  }
}
