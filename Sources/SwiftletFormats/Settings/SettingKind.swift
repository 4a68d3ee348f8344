// SPDX-License-Identifier: Apache-2.0
//
// SettingKind: the values that a setting takes.
//
// A kind knows whether a value is allowed, the words that describe the allowed ones, and the one form in which a value is
// kept.
//
// Before    YAML/YAML.swift     After    Setting.swift

/// The values that a setting takes.
package enum SettingKind: Sendable, Equatable {
  /// A number; `none` is 0.
  case number(ClosedRange<Double>)
  /// A whole number; `none` is 0, or another word for it.
  case integer(ClosedRange<Int>, zero: String = "none")
  /// One of several words.
  case choice([String])
  /// One of several words, or a number.
  case choiceOrNumber([String])
  /// True or false.
  case truth
  /// A text.
  case text
  /// A text, or the word for "there is none".
  case optionalText(none: String)
  /// Several texts; one of them may stand alone.
  case texts
  /// Several names, in one text with commas between them or as a list.
  case names
  /// Several whole numbers; one of them may stand alone. The noun is what they are.
  case integers(noun: String, ClosedRange<Int>, atMost: Int)
  /// Names, each with one of several words.
  case namedChoices(noun: String, [String])
  /// Several parts of something, each a word or a mapping. The noun is what they are, in the plural.
  case parts(noun: String, example: String)
  /// Keys with values that another reader checks.
  case mapping(example: String)

  /// The allowed values, as in "must be a number from 0 to 1".
  package var expected: String {
    switch self {
    case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
    case .integer(let range, _): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .choice(let words): "one of " + words.sorted().joined(separator: ", ")
    case .choiceOrNumber(let words): words.joined(separator: ", ") + " or a number"
    case .truth: "true or false"
    case .text: "text"
    case .optionalText(let none): "text, or \(none)"
    case .texts: "a list of words"
    case .names: "a name, several with commas between them, or a list of names"
    case .integers(let noun, let range, let most):
      "a list of \(noun) from \(range.lowerBound) to \(range.upperBound), such as [64, 32], and at most \(most) of them"
    case .namedChoices(_, let words):
      "a mapping of names to \(words.dropLast().joined(separator: ", ")) or \(words.last ?? "")"
    case .parts(let noun, let example): "a list of \(noun), such as \(example)"
    case .mapping(let example): "a mapping, such as \(example)"
    }
  }

  /// The value that a missing key stands for: the first of several words, or none.
  var unwritten: String {
    switch self {
    case .choice(let words), .choiceOrNumber(let words): words.first ?? "none"
    default: "none"
    }
  }

  /// The value in the form in which it is kept, or `nil` if it is not allowed.
  package func normalized(_ value: JSONValue) -> JSONValue? {
    switch self {
    case .number(let range):
      let number = value == "none" ? 0 : value.number
      return number.flatMap { range.contains($0) ? .number($0) : nil }
    case .integer(let range, let zero):
      let number = value == "none" || value == .string(zero) ? 0 : value.integer
      return number.flatMap { range.contains($0) ? JSONValue($0) : nil }
    case .choice(let words):
      let word = value == 0 || value == .null ? "none" : value.string ?? ""
      return words.contains(word) ? .string(word) : nil
    case .choiceOrNumber(let words):
      return value.number != nil || words.contains(value.string ?? "") ? value : nil
    case .truth: return value.bool.map { .bool($0) }
    case .text: return value.string.map { .string($0) }
    case .optionalText(let none):
      if value == .null || value.string == none || value == 0 && none == "none" { return .null }
      return SettingKind.text(of: value).map { .string($0) }
    case .texts:
      if value == "none" || value == .null { return [] }
      let texts = (value.array ?? [value]).map(SettingKind.text)
      return texts.contains(nil) ? nil : JSONValue(texts.compactMap { $0 })
    case .names:
      if let text = value.string { return JSONValue(text.split(separator: ",").map(String.init)) }
      return SettingKind.texts.normalized(value)
    case .integers(_, let range, let most):
      let numbers = value.array ?? [value]
      return numbers.count <= most && numbers.allSatisfy { $0.integer.map(range.contains) ?? false }
        ? .array(numbers) : nil
    case .namedChoices(_, let words):
      guard value != .null else { return .object([]) }
      return value.members?.allSatisfy { words.contains($0.value.string ?? "") } == true ? value : nil
    case .parts:
      if value == "none" || value == .null { return [] }
      let parts = value.array ?? [value]
      return parts.allSatisfy { $0.string != nil || $0.members != nil } ? .array(parts) : nil
    case .mapping: return value.members == nil ? nil : value
    }
  }

  /// A value from a flag or an environment variable. A text is taken literally: `[z]` can be the name of a column.
  package func value(of text: String) -> JSONValue {
    switch self {
    case .choice, .text, .optionalText, .names: .string(text)
    case .texts: JSONValue(text.split(separator: ",").map(String.init))
    case .integers where !text.hasPrefix("["):
      .array(text.split(separator: ",").map { SettingKind.plain(String($0)) })
    default: SettingKind.plain(text)
    }
  }

  /// A value that was written as YAML, such as that of `--set`. A text is taken literally, even if it looks like a number.
  package func value(ofYAML text: String) -> JSONValue {
    let value = SettingKind.plain(text)
    switch (self, value) {
    case (.text, .number), (.optionalText, .number), (.names, .number): return .string(text)
    case (.text, .object), (.optionalText, .object), (.names, .object): return .string(text)
    default: return value
    }
  }

  private static func plain(_ text: String) -> JSONValue {
    (try? YAML.parseValue(text, name: "value")) ?? .string(text)
  }

  /// A column may be called 2024, and a missing value may be written -999.
  private static func text(of value: JSONValue) -> String? {
    value.string ?? value.number.map(JSONValue.spelling(of:)) ?? value.bool.map { "\($0)" }
  }

  /// The JSON Schema of the allowed values.
  var schema: JSONValue {
    let plain: JSONValue = ["type": ["string", "number", "boolean"]]
    switch self {
    case .number(let range):
      let number: JSONValue = [
        "type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound),
      ]
      return range.contains(0) ? ["anyOf": [number, ["enum": ["none"]]]] : number
    case .integer(let range, let zero):
      let number: JSONValue = [
        "type": "integer", "minimum": JSONValue(range.lowerBound), "maximum": JSONValue(range.upperBound),
      ]
      return range.contains(0)
        ? ["anyOf": [number, ["enum": JSONValue(zero == "none" ? [zero] : ["none", zero])]]] : number
    case .choice(let words): return ["enum": JSONValue(words)]
    case .choiceOrNumber(let words): return ["anyOf": [["enum": JSONValue(words)], ["type": "number"]]]
    case .truth: return ["type": "boolean"]
    case .text: return ["type": "string"]
    case .optionalText: return ["type": ["string", "number", "boolean", "null"]]
    case .texts, .names: return ["anyOf": [plain, ["type": "null"], ["type": "array", "items": plain]]]
    case .integers(_, let range, let most):
      let item: JSONValue = [
        "type": "integer", "minimum": JSONValue(range.lowerBound), "maximum": JSONValue(range.upperBound),
      ]
      return ["anyOf": [item, ["type": "array", "items": item, "maxItems": JSONValue(most)]]]
    case .namedChoices(_, let words):
      return ["type": ["object", "null"], "additionalProperties": ["enum": JSONValue(words)]]
    case .parts: return ["type": ["array", "null"], "items": ["type": ["string", "object"]]]
    case .mapping: return ["type": "object"]
    }
  }
}
