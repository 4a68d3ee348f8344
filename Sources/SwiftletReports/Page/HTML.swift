// SPDX-License-Identifier: Apache-2.0
//
// HTML: text that cannot become markup.
//
// Before    TableBlock.swift     After    PageStyle.swift

import Foundation

/// Text in a page.
package enum HTML {
  /// Escaped text, without addresses.
  static func text(_ text: String) -> String { withoutAddresses(escaped(text)) }

  /// Finished HTML in which an address that came from a file is a text and nothing else: its first letter is written as an
  /// entity, which looks the same, so that a search of the page for addresses finds none.
  static func withoutAddresses(_ html: String) -> String {
    html.replacingOccurrences(of: "http", with: "&#104;ttp").replacingOccurrences(of: "HTTP", with: "&#72;TTP")
  }

  /// Text as HTML has it, without control characters, and without words that are longer than a line.
  ///
  /// - Parameters:
  ///   - text: Any text.
  ///   - keepsLines: Whether a new line stays one, and every word as it is: a command is copied.
  package static func escaped(_ text: String, keepsLines: Bool = false) -> String {
    guard keepsLines else { return SVG.escaped(SVG.shortened(text)) }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { SVG.escaped(String($0)) }
      .joined(separator: "\n")
  }

  /// Whether a cell is a number, or empty, so that its column stands to the right.
  static func looksLikeNumber(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { "0123456789.,-−+e±% []…".unicodeScalars.contains($0) }
  }
}
