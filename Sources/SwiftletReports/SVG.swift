// SPDX-License-Identifier: Apache-2.0
//
// SVG: pictures as text, which a browser, a README and a screen reader understand.
//
// A drawing is a list of elements. Coordinates have one decimal, so that a picture is the same text on every machine
// that computes the same chart; text is escaped, because a label can come from any file.
//
// Before    -     After    Axis.swift
// Source    W3C, "Scalable Vector Graphics (SVG) 2", sections 5.8 (title and desc) and 9; Okabe, Ito, "Color Universal
//           Design" (2008), for the colors

import Foundation

/// A picture that grows from top to bottom of its list: what comes later covers what came before.
struct SVG {
  let width: Double
  let height: Double
  /// What a screen reader says instead of the picture.
  let title: String
  let description: String
  private var elements: [String] = []

  init(width: Double, height: Double, title: String, description: String) {
    self.width = width
    self.height = height
    self.title = title
    self.description = description
  }

  mutating func add(_ name: String, _ attributes: KeyValuePairs<String, String>) {
    elements.append("<\(name)\(SVG.list(attributes))/>")
  }

  mutating func text(
    _ text: String, x: Double, y: Double, _ style: String = "label", anchor: String = "start", turned: Bool = false
  ) {
    var attributes = " x=\"\(SVG.number(x))\" y=\"\(SVG.number(y))\" class=\"\(style)\""
    if anchor != "start" { attributes += " text-anchor=\"\(anchor)\"" }
    if turned { attributes += " transform=\"rotate(-90 \(SVG.number(x)) \(SVG.number(y)))\"" }
    elements.append("<text\(attributes)>\(SVG.escaped(SVG.shortened(text)))</text>")
  }

  /// A text whose words have at most 80 letters: a label can be as long as a book, and then it would be the page.
  static func shortened(_ text: String) -> String {
    guard text.utf8.count > 80 else { return text }
    return text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      word.count > 80 ? word.prefix(60) + "…" : word
    }.joined(separator: " ")
  }

  /// The picture in the form of a file, or of a part of a page.
  func written(_ form: PictureForm) -> String {
    let size = "\(SVG.number(width)) \(SVG.number(height))"
    let body = elements.joined(separator: "\n")
    let name: String
    switch form {
    case .file: name = "chart-" + SVG.fingerprint(title + description + body)
    case .inline(let given): name = given
    }
    let head = """
      viewBox="0 0 \(size)" width="\(SVG.number(width.rounded(.up)))" role="img" aria-labelledby="\(name)-title \(name)-desc"
      """
    let texts = """
      <title id="\(name)-title">\(SVG.escaped(title))</title>
      <desc id="\(name)-desc">\(SVG.escaped(description))</desc>
      """
    // HTML needs no namespace, and a page has the style once.
    guard form == .file else {
      return "<svg\(width > 400 ? " class=\"wide\"" : "") \(head)>\n\(texts)\n\(body)\n</svg>\n"
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" \(head)>
      \(texts)
      <style>\(SVG.light)@media (prefers-color-scheme:dark){\(SVG.dark)}</style>
      <rect class="paper" width="100%" height="100%" rx="6"/>
      \(body)
      </svg>

      """
  }

  /// Eight hexadecimal digits that differ for different texts (FNV-1a): two charts in one page have different ids.
  private static func fingerprint(_ text: String) -> String {
    let hash = text.utf8.reduce(0x811c_9dc5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// How many series and classes have a color of their own.
  static let colorCount = 6

  /// Colors that differ even for people who cannot see red and green, and dashes for those who see none.
  static let light = """
    text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#24292f}
    .title{font-size:16px;font-weight:600}.small{font-size:12px;fill:#57606a}.bold{font-weight:600}
    .paper{fill:#fff}.grid{stroke:#d8dee4;stroke-width:1}.frame{stroke:#8c959f;stroke-width:1}
    .line{fill:none;stroke-width:2;stroke-linejoin:round}.mark{stroke:#57606a;stroke-width:1;stroke-dasharray:3 3}
    .line.s1{stroke-dasharray:8 3}.line.s2{stroke-dasharray:2 3}.line.s3{stroke-dasharray:8 3 2 3}
    .line.s4{stroke-dasharray:14 4}.line.s5{stroke-dasharray:4 4}
    .s0{stroke:#0072b2}.s1{stroke:#d55e00}.s2{stroke:#009e73}.s3{stroke:#cc79a7}.s4{stroke:#e69f00}.s5{stroke:#56b4e9}
    .f0{fill:#0072b2}.f1{fill:#d55e00}.f2{fill:#009e73}.f3{fill:#cc79a7}.f4{fill:#e69f00}.f5{fill:#56b4e9}
    .thin{stroke-width:1;opacity:.2}.region{opacity:.16}.dot{stroke:#fff;stroke-width:1}.share{font-size:12px}

    """
  /// What is other on a dark page.
  static let dark = """
    text{fill:#e6edf3}.small{fill:#9198a1}.paper{fill:#0d1117}.grid{stroke:#30363d}
    .frame{stroke:#656c76}.mark{stroke:#9198a1}.dot{stroke:#0d1117}.region{opacity:.3}
    .s0{stroke:#58a6e0}.s1{stroke:#f0883e}.s2{stroke:#2fc79a}.f0{fill:#58a6e0}.f1{fill:#f0883e}.f2{fill:#2fc79a}
    """

  /// One decimal, and none if it is 0.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded()
      ? String(format: "%.0f", rounded == 0 ? 0 : rounded) : String(format: "%.1f", rounded)
  }

  private static func list(_ attributes: KeyValuePairs<String, String>) -> String {
    attributes.map { " \($0.key)=\"\(escaped($0.value))\"" }.joined()
  }

  /// Text as XML has it, without the control characters that XML does not allow.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\u{0}"..<"\u{20}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The text, or its beginning and … where it has more than `count` characters.
  static func shortened(_ text: String, to count: Int) -> String {
    text.count <= count ? text : text.prefix(max(1, count - 1)) + "…"
  }
}

extension SVG {
  /// A number in a sentence.
  static func short(_ value: Double) -> String { String(format: "%.3g", value) }
}
