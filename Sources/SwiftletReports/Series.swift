// SPDX-License-Identifier: Apache-2.0
//
// Series: named points, which a chart joins or scatters.
//
// Before    Frame.swift     After    NumberTable.swift

/// Points under a name: a line of a chart, or one class of a plot.
public struct Series: Sendable, Equatable {
  /// The name beside the color of the series.
  public let name: String
  /// The place of each point on the horizontal axis.
  public let x: [Double]
  /// The place of each point on the vertical axis.
  public let y: [Double]

  /// Points under a name.
  ///
  /// - Parameters:
  ///   - name: The name beside the color of the series.
  ///   - x: The places on the horizontal axis.
  ///   - y: As many places on the vertical axis; a point that is not finite is left out.
  public init(_ name: String, x: [Double], y: [Double]) {
    self.name = name
    self.x = x
    self.y = y
  }
}

/// A place on the horizontal axis that has a name, such as the best epoch.
public struct Mark: Sendable, Equatable {
  /// Where it stands on the horizontal axis.
  public let x: Double
  /// What is written beside it.
  public let label: String

  /// A place and its name.
  public init(x: Double, label: String) {
    self.x = x
    self.label = label
  }
}

/// An upright line at a place of the horizontal axis, such as the interval of a point.
public struct Whisker: Sendable, Equatable {
  /// Where it stands on the horizontal axis.
  public let x: Double
  /// Its lower end.
  public let low: Double
  /// Its upper end.
  public let high: Double

  /// A line from one height to another.
  public init(x: Double, low: Double, high: Double) {
    self.x = x
    self.low = low
    self.high = high
  }
}

extension SVG {
  /// A dot in the color of a series.
  ///
  /// - Parameters:
  ///   - series: The position of the series; colors repeat after six.
  ///   - style: A further class of the style sheet.
  mutating func dot(_ series: Int, x: Double, y: Double, radius: String = "4", style: String = "") {
    let color = "f\(series % SVG.colorCount)"
    add(
      "circle",
      ["class": style.isEmpty ? color : "\(style) \(color)", "cx": SVG.number(x), "cy": SVG.number(y), "r": radius])
  }

  /// A line of a legend: a dot in the color of the series, and its name.
  mutating func legend(_ series: Int, _ name: String, x: Double, y: Double) {
    dot(series, x: x, y: y - 4)
    text(name, x: x + 10, y: y)
  }
}
