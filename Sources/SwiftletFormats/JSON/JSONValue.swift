// SPDX-License-Identifier: Apache-2.0
//
// JSON values: the form in which JSON and YAML files are read and written.
//
// Objects keep the order of their members, so that the written bytes are the same every time and read
// as they were meant.
//
// Before    Numbers/CalendarDate.swift     After    JSONCoding.swift
// Source    RFC 8259

/// A value of JSON.
public indirect enum JSONValue: Sendable, Equatable {
  /// No value.
  case null
  /// True or false.
  case bool(Bool)
  /// A number; JSON makes no difference between whole numbers and others.
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
    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// The member of an object, or `nil` if there is none.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The text, if it is one.
  public var string: String? { if case .string(let text) = self { text } else { nil } }
  /// The number, if it is one.
  public var number: Double? { if case .number(let number) = self { number } else { nil } }
  /// The truth value, if it is one.
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
