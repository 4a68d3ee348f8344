// SPDX-License-Identifier: Apache-2.0
//
// CardText: what only the model card of a bundle remembers.
//
// Before    Report/Sections/OriginSection.swift     After    Report/Comparison/ComparedRun.swift

import Foundation
import SwiftletFormats

/// The parts of a card, read from its Markdown.
struct CardText {
  private let lines: [Substring]

  init(_ markdown: String) { lines = markdown.split(separator: "\n", omittingEmptySubsequences: false) }

  /// The warnings of the training.
  var warnings: [String] {
    section("## Warnings").filter { $0.hasPrefix("- ") }.map { Markdown.plain($0.dropFirst(2)) }
  }

  /// The command that makes the model again.
  var command: String? {
    let lines = section("## How to make it again").drop { !$0.hasPrefix("```") }
    guard let fence = lines.first else { return nil }
    let text = lines.dropFirst().prefix { $0 != fence }.joined(separator: "\n")
    return text.isEmpty ? nil : text
  }

  /// The interval of a measure, in brackets, if the card has it beside that value.
  func interval(of name: String, value: String) -> String? {
    let line = section("## How good it is").first { $0.hasPrefix("| \(name) |") }
    guard let line, let start = line.range(of: "| \(value) [") else { return nil }
    let rest = line[start.upperBound...]
    return rest.firstIndex(of: "]").map { "[\(rest[..<$0])]" }
  }

  /// The lines from a heading to the next.
  private func section(_ heading: Substring) -> [Substring] {
    guard let start = lines.firstIndex(of: heading) else { return [] }
    return Array(lines[(start + 1)...].prefix { !$0.hasPrefix("## ") })
  }
}
