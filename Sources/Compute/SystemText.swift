import Foundation

/// A file that the kernel writes when it is read (`/proc`, `/sys`), whole, or nil where there is none.
///
/// Such files say that they are empty or of a page, and `String(contentsOfFile:)` believes it and cuts them short.
package func systemText(_ path: String) -> String? {
  guard let file = FileHandle(forReadingAtPath: path), let bytes = try? file.readToEnd() else { return nil }
  return String(decoding: bytes, as: UTF8.self)
}
