// SPDX-License-Identifier: Apache-2.0
//
// JSON values: what JSON and YAML files are read into and written from.
//
// Objects keep the order of their members, so that what is written is the same bytes every time and reads
// as it was meant.
//
// Before    Numbers/Half.swift     After    JSONCoding.swift
// Source    RFC 8259

/// A value of JSON.
public indirect enum JSONValue: Sendable, Equatable {
  /// No value.
  case null
  /// True or false.
  case bool(Bool)
  /// A number; JSON does not tell whole ones from others.
  case number(Double)
  /// A text.
  case string(String)
  /// A list of values.
  case array([JSONValue])
  /// Names with their values, in the order of the file.
  case object([Member])

  /// A name and its value.
  public struct Member: Sendable, Equatable {
    /// The name.
    public var name: String
    /// Its value.
    public var value: JSONValue
    /// A name with its value.
    public init(_ name: String, _ value: JSONValue) { (self.name, self.value) = (name, value) }
  }

  /// The member of an object, or `nil` where there is none.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The text, where it is one.
  public var string: String? { if case .string(let text) = self { text } else { nil } }
  /// The number, where it is one.
  public var number: Double? { if case .number(let number) = self { number } else { nil } }
  /// The truth value, where it is one.
  public var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }
  /// The values, where it is a list.
  public var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
  /// The texts, where it is a list of nothing but texts.
  public var strings: [String]? {
    guard let values = array, case let texts = values.compactMap(\.string), texts.count == values.count else {
      return nil
    }
    return texts
  }
  /// The members, where it is an object.
  public var members: [Member]? { if case .object(let members) = self { members } else { nil } }
  /// The number, where it is whole and fits.
  public var integer: Int? { number.flatMap { Int(exactly: $0) } }

  /// The kind of value, as a message names it.
  package var kind: String {
    switch self {
    case .null: "nothing"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "text"
    case .array: "a list"
    case .object: "a mapping"
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
  /// A whole number.
  public init(_ value: Int) { self = .number(Double(value)) }
  /// A list of texts.
  public init(_ values: [String]) { self = .array(values.map { .string($0) }) }
}

extension JSONValue {
  /// The text of the value: on one line, or over several with two spaces for each level.
  ///
  /// Numbers are the shortest that read back as the same; those that JSON cannot write are `null`.
  public func encoded(pretty: Bool = false) -> String {
    var text = ""
    write(to: &text, indent: pretty ? 0 : nil)
    return text
  }

  private func write(to text: inout String, indent: Int?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let value): text += JSONValue.spelling(of: value)
    case .string(let value): JSONValue.write(value, to: &text)
    case .array(let values):
      // A list of plain values stays on its line.
      let isFlat = values.allSatisfy { $0.array == nil && $0.members == nil }
      JSONValue.write(values, "[", "]", to: &text, indent: isFlat ? nil : indent, spaced: indent != nil) {
        value, text, indent in
        value.write(to: &text, indent: indent)
      }
    case .object(let members):
      JSONValue.write(members, "{", "}", to: &text, indent: indent, spaced: indent != nil) { member, text, indent in
        JSONValue.write(member.name, to: &text)
        text += ": "
        member.value.write(to: &text, indent: indent)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], _ open: String, _ close: String, to text: inout String, indent: Int?, spaced: Bool,
    _ body: (Element, inout String, Int?) -> Void
  ) {
    guard let indent, !elements.isEmpty else {
      text += open
      for (position, element) in elements.enumerated() {
        if position > 0 { text += ", " }
        body(element, &text, nil)
      }
      text += close
      return
    }
    text += open
    for (position, element) in elements.enumerated() {
      text += (position > 0 ? ",\n" : "\n") + String(repeating: " ", count: indent + 2)
      body(element, &text, indent + 2)
    }
    text += "\n" + String(repeating: " ", count: indent) + close
  }

  /// A number as JSON writes it: whole ones without a point.
  package static func spelling(of value: Double) -> String {
    guard value.isFinite else { return "null" }
    return value == value.rounded() && value.magnitude < 0x1p53 ? String(Int(value)) : value.description
  }

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
