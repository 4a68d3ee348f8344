// SPDX-License-Identifier: Apache-2.0
//
// Markdown: texts from data, so that they stand in a page as they are.
//
// A label may be `<script>`, a column c`d, a category two lines long. None of them should end a row of a table or a span of
// code, begin a comment, or become a link.
//
// Before    FormatError.swift     After    NearestName.swift
// Source    CommonMark 0.31.2, sections 2.4, 2.5 and 6.1; GitHub Flavored Markdown, section 4.10

/// Writes texts into Markdown.
package enum Markdown {
  /// A text that reads as it is, on one line; it may stand in a cell of a table.
  package static func text(_ text: some StringProtocol) -> String {
    let scalars = Array(line(text).unicodeScalars)
    func at(_ position: Int) -> Unicode.Scalar? { scalars.indices.contains(position) ? scalars[position] : nil }
    func isWord(_ position: Int) -> Bool { at(position)?.properties.isAlphabetic ?? false || isDigit(at(position)) }
    var escaped = ""
    for (position, scalar) in scalars.enumerated() {
      let next = at(position + 1)
      switch scalar {
      case "<": escaped += "&lt;"
      case "&" where isWord(position + 1) || next == "#": escaped += "&amp;"
      case "\\", "`", "|": escaped += "\\"
      case "*" where next != " " || at(position - 1) != " ": escaped += "\\"
      case "_" where !isWord(position - 1) || !isWord(position + 1): escaped += "\\"
      case "~" where next == "~" || at(position - 1) == "~": escaped += "\\"
      case "]" where next == "(" || next == "[" || next == ":": escaped += "\\"
      case "#", "-", "+", "=", ">", "[": if position == 0 { escaped += "\\" }
      case ".", ")": if position > 0, scalars[..<position].allSatisfy({ isDigit($0) }) { escaped += "\\" }
      default: break
      }
      let isWritten = scalar == "<" || (scalar == "&" && escaped.hasSuffix("&amp;"))
      if !isWritten { escaped.unicodeScalars.append(scalar) }
    }
    return escaped
  }

  /// A text as a span of code, on one line.
  ///
  /// - Parameter isCell: Whether it stands in a table, where a bar needs a backslash even in code.
  package static func code(_ text: some StringProtocol, isCell: Bool = false) -> String {
    let code = line(text)
    // Programs look for comments without knowing what code is.
    guard code.unicodeScalars.contains(where: { $0 != " " }), !holdsComment(code) else { return Self.text(code) }
    let fence = String(repeating: "`", count: longestRun(in: code) + 1)
    let ends = [code.unicodeScalars.first, code.unicodeScalars.last]
    let space = ends.contains("`") || ends == [" ", " "] ? " " : ""
    var written = ""
    for scalar in code.unicodeScalars {
      if isCell, scalar == "|" { written += "\\" }
      written.unicodeScalars.append(scalar)
    }
    return fence + space + written + space + fence
  }

  /// Lines of code between two fences that none of them can be.
  package static func block(_ code: String) -> [String] {
    let fence = String(repeating: "`", count: max(3, longestRun(in: code) + 1))
    return [fence, code, fence]
  }

  /// The text that ``text(_:)`` was given.
  package static func plain(_ markdown: some StringProtocol) -> String {
    var plain = ""
    var scalars = Array(markdown.unicodeScalars)[...]
    while let scalar = scalars.popFirst() {
      if scalar == "&", let entity = entities.first(where: { scalars.starts(with: $0.name.unicodeScalars) }) {
        scalars.removeFirst(entity.name.unicodeScalars.count)
        plain.unicodeScalars.append(entity.scalar)
        continue
      }
      let isEscape = scalar == "\\" && (scalars.first.map(isPunctuation) ?? false)
      if let next = isEscape ? scalars.popFirst() : scalar { plain.unicodeScalars.append(next) }
    }
    return plain
  }

  private static let entities: [(name: String, scalar: Unicode.Scalar)] = [("lt;", "<"), ("amp;", "&")]

  /// The text without ends of lines and other control characters.
  private static func line(_ text: some StringProtocol) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}" ? " " : scalar
        }))
  }

  /// Whether a backslash before it makes it stand for itself: the punctuation of ASCII.
  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E].contains { $0.contains(scalar.value) }
  }

  private static func isDigit(_ scalar: Unicode.Scalar?) -> Bool { scalar.map { ("0"..."9").contains($0) } ?? false }

  private static func longestRun(in code: String) -> Int {
    code.unicodeScalars.split { $0 != "`" }.map(\.count).max() ?? 0
  }

  private static func holdsComment(_ code: String) -> Bool {
    ["<!--", "-->"].contains { Array(code.utf8).firstRange(of: Array($0.utf8)) != nil }
  }
}
