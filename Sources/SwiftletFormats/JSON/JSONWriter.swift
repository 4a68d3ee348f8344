// SPDX-License-Identifier: Apache-2.0
//
// Writing JSON: on one line, over several, or without a space.
//
// Before    FlatValues.swift     After    JSONLinesReader.swift
// Source    RFC 8259

extension JSONValue {
  /// The text of the value: on one line, or over several with two spaces for each level.
  ///
  /// Numbers are the shortest that read back as the same; those that JSON cannot write are `null`.
  public func encoded(pretty: Bool = false) -> String {
    var text = ""
    write(to: &text, indent: pretty ? 0 : nil, space: " ")
    return text
  }

  /// The text of the value without a space, as it goes over a network.
  package func compact() -> String {
    var text = ""
    write(to: &text, indent: nil, space: "")
    return text
  }

  private func write(to text: inout String, indent: Int?, space: String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let value): text += JSONValue.spelling(of: value)
    case .string(let value): JSONValue.write(value, to: &text)
    case .array(let values):
      // A list of plain values stays on its line.
      let isFlat = values.allSatisfy { $0.array == nil && $0.members == nil }
      JSONValue.write(values, in: ("[", "]"), to: &text, indent: isFlat ? nil : indent, space: space) {
        value, text, indent in
        value.write(to: &text, indent: indent, space: space)
      }
    case .object(let members):
      JSONValue.write(members, in: ("{", "}"), to: &text, indent: indent, space: space) { member, text, indent in
        JSONValue.write(member.name, to: &text)
        text += ":" + space
        member.value.write(to: &text, indent: indent, space: space)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], in brackets: (open: String, close: String), to text: inout String, indent: Int?,
    space: String, _ body: (Element, inout String, Int?) -> Void
  ) {
    let inner = elements.isEmpty ? nil : indent.map { $0 + 2 }
    let lineBreak = inner.map { "\n" + String(repeating: " ", count: $0) }
    text += brackets.open
    for (position, element) in elements.enumerated() {
      if position > 0 { text += "," + (lineBreak == nil ? space : "") }
      text += lineBreak ?? ""
      body(element, &text, inner)
    }
    if let indent, inner != nil { text += "\n" + String(repeating: " ", count: indent) }
    text += brackets.close
  }

  /// A number as JSON writes it: whole ones without a point.
  package static func spelling(of value: Double) -> String {
    guard value.isFinite else { return "null" }
    return value == value.rounded() && value.magnitude < 0x1p53 ? String(Int(value)) : value.description
  }

  /// Writes a text with its quotes and escapes.
  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 32:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
