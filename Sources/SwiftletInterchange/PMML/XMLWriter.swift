// SPDX-License-Identifier: Apache-2.0
//
// XMLWriter: elements, their attributes and their contents, indented.
//
// Before    CoreML/CoreMLExport.swift     After    PMMLColumns.swift
// Source    W3C, "Extensible Markup Language (XML) 1.0", sections 2.2 and 2.4

import SwiftletFormats

/// Writes a document of XML.
struct XMLWriter {
  typealias Attributes = [(name: String, value: String)]

  /// What was written.
  private(set) var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
  private var depth = 0

  /// Writes an element that holds others.
  mutating func element(_ name: String, _ attributes: Attributes = [], _ body: (inout XMLWriter) throws -> Void)
    rethrows
  {
    line("<\(name)\(Self.joined(attributes))>")
    depth += 1
    try body(&self)
    depth -= 1
    line("</\(name)>")
  }

  /// Writes an element that holds a text, or nothing.
  mutating func element(_ name: String, _ attributes: Attributes = [], text: String? = nil) {
    let start = "<\(name)\(Self.joined(attributes))"
    line(text.map { "\(start)>\(Self.escaped($0))</\(name)>" } ?? start + "/>")
  }

  private mutating func line(_ line: String) { text += String(repeating: " ", count: depth) + line + "\n" }

  private static func joined(_ attributes: Attributes) -> String {
    attributes.map { " \($0.name)=\"\(escaped($0.value))\"" }.joined()
  }

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
  }

  /// Whether a text can stand in a document: XML has no way to write most control characters.
  static func holds(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy {
      ($0.value >= 32 || [9, 10, 13].contains($0.value)) && $0.value != 0xFFFE && $0.value != 0xFFFF
    }
  }
}
