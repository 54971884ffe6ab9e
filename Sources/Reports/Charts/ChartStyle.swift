/// How charts look: colours by class, for light and dark screens and for paper.
///
/// The eight colours of series keep apart for people who do not see red and green, and by lightness on paper; dashes
/// tell lines apart where there is no colour at all.
public enum ChartStyle {
  private static let light = [
    "#1f5fa8", "#c4500e", "#00805e", "#8e3c8a", "#96700a", "#2b8cbe", "#a3123b", "#5b6470",
  ]
  private static let dark = [
    "#6aa9f0", "#f28b4b", "#3fc79a", "#d38bd0", "#e0b93f", "#8fd3f4", "#f0708f", "#a9b3be",
  ]

  /// What `svg()` puts into each picture, and a page with many pictures needs once.
  public static let css: String = {
    let common = """
      .rg-chart{font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}
            .rg-chart .title{font-size:15px;font-weight:600}
      .rg-chart .name{font-size:12px}
      .rg-chart .tick{font-size:11px;font-variant-numeric:tabular-nums}
      .rg-chart .small{font-size:10px}
      .rg-chart .halo{paint-order:stroke;stroke-width:4;stroke-linejoin:round}
      .rg-chart .grid,.rg-chart .axis,.rg-chart .rule,.rg-chart .whisker{stroke-width:1;fill:none}
      .rg-chart .rule{stroke-dasharray:5 4}
      .rg-chart .whisker{stroke-width:1.5}
      .rg-chart .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
      .rg-chart .band{stroke:none;fill-opacity:.16}
      .rg-chart .bar{stroke:none}
      .rg-chart .bar.pale{fill-opacity:.35}
      .rg-chart .dot{stroke-width:1.5}
      .rg-chart .dash2{stroke-dasharray:8 4}
      .rg-chart .dash3{stroke-dasharray:2 4}
      .rg-chart .dash4{stroke-dasharray:9 4 2 4}
      """
    return """
      \(common)
      \(colours(light, ink: "#1d2733", soft: "#5a6674", grid: "#e3e8ed", axis: "#8a97a6", paper: "#ffffff"))
      @media screen and (prefers-color-scheme:dark){
      \(colours(dark, ink: "#e6ebf0", soft: "#a3aeba", grid: "#2c343d", axis: "#6b7885", paper: "#14181d"))
      }

      """
  }()

  private static func colours(
    _ series: [String], ink: String, soft: String, grid: String, axis: String, paper: String
  ) -> String {
    var css = """
      .rg-chart text{fill:\(ink)}
      .rg-chart .soft{fill:\(soft)}
      .rg-chart .grid{stroke:\(grid)}
      .rg-chart .axis{stroke:\(axis)}
      .rg-chart .rule{stroke:\(soft)}
      .rg-chart .whisker{stroke:\(ink)}
      .rg-chart .paper{fill:\(paper)}
      .rg-chart .dot,.rg-chart .halo{stroke:\(paper)}

      """
    for (place, colour) in series.enumerated() {
      let name = ".rg-chart .s\(place + 1)"
      css += "\(name).line{stroke:\(colour)}"
      css += "\(name).bar,\(name).dot,\(name).band{fill:\(colour)}\n"
    }
    return css
  }

  /// The class of a series' colour.
  static func colour(_ series: Int) -> String { "s\(series % light.count + 1)" }

  /// The classes of a series' line: colour, and dashes from the second series on.
  static func line(_ series: Int) -> String {
    let dash = series % 4
    return "line \(colour(series))" + (dash == 0 ? "" : " dash\(dash + 1)")
  }
}
