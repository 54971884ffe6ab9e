import Arguments

/// Text as it may stand in HTML and SVG, between tags and in quoted attributes alike.
///
/// Markup is written out. What cannot be seen, or turns the direction of what is read, is made visible (`\u{202E}`), and so
/// is what no XML document may hold: a name can neither end the element that it stands in nor pretend to be another.
///
///     markup("<script>")           // &lt;script&gt;
///     markup("a\u{1B}[2Jb")        // a\u{1B}[2Jb, spelled out
public func markup(_ text: String) -> String {
  var result = ""
  for scalar in visible(text).unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    case "`": result += "&#96;"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// About how wide a text is in the fonts that browsers take, in pixels; rather too wide, so that nothing collides.
func textWidth(_ text: String, size: Double) -> Double {
  var units = 0.0
  for scalar in text.unicodeScalars {
    switch scalar {
    case "i", "j", "l", "I", "'", "|", ".", ",", ":", ";", "!": units += 0.34
    case "t", "f", "r", "(", ")", "[", "]", "/", "-", " ", "\"": units += 0.42
    case "m", "w", "M", "W", "@", "%", "—": units += 0.97
    case "A"..."Z", "+", "=", "<", ">", "≥", "≤", "−", "×": units += 0.74
    case "0"..."9": units += 0.64
    default: units += scalar.isASCII ? 0.62 : Double(String(scalar).displayWidth) * 0.66
    }
  }
  return units * size
}

/// The text, cut with an ellipsis where it would be wider.
func shortened(_ text: String, to width: Double, size: Double) -> String {
  let whole = visible(text)
  if textWidth(whole, size: size) <= width { return whole }
  var result = ""
  for character in whole {
    if textWidth(result + String(character) + "…", size: size) > width { break }
    result.append(character)
  }
  return result + "…"
}
