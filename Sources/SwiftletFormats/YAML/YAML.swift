// SPDX-License-Identifier: Apache-2.0
//
// YAML: the files that people write, recipes and descriptions of data sets.
//
// They are read into the same values as JSON, with the line of every key beside them, so that a wrong
// setting is reported with its line. Plain words are text, except `true`, `false`, `null`, `~` and numbers:
// `no` is a word here, and not false.
//
// Before    JSON/JSONListSplitter.swift     After    Settings/SettingKind.swift
// Source    YAML 1.2.2, section 10.3 (the core schema)

import Yams

/// A YAML file as values, with their lines.
public struct YAMLDocument: Sendable, Equatable {
  /// The name of the file, for messages.
  public let name: String
  /// Its contents as a JSON value.
  public var value: JSONValue
  /// The line of each key by its path, such as `training.learning_rate`.
  public let lines: [String: Int]

  /// A document that was made rather than read.
  public init(name: String, value: JSONValue, lines: [String: Int] = [:]) {
    self.name = name
    self.value = value
    self.lines = lines
  }

  /// An error about the value at a path.
  public func error(at path: String, _ message: String) -> FormatError { FormatError(name, line: lines[path], message) }
}

/// Reading YAML: the part of it that is also JSON, with lines for messages.
public enum YAML {
  private static let sizeLimit = 1 << 20
  private static let depthLimit = 32
  /// An alias can stand for many nodes, and each of those for many more.
  private static let nodeLimit = 50_000

  /// Reads one document.
  ///
  /// - Throws: ``FormatError`` if the text is not YAML, is too large or too deep, or if a key appears twice.
  public static func parse(_ text: String, name: String) throws -> YAMLDocument {
    guard text.utf8.count <= sizeLimit else {
      throw FormatError(name, "is larger than \(sizeLimit) bytes; a recipe or description is not.")
    }
    let root: Node?
    do {
      root = try compose(yaml: text)
    } catch let error as YamlError {
      throw formatError(error, name)
    } catch {
      throw FormatError(name, "is not valid YAML.")
    }
    var lines: [String: Int] = [:]
    var nodeCount = 0
    let value = try root.map { try convert($0, path: "", depth: 0, name, &lines, &nodeCount) } ?? .null
    return YAMLDocument(name: name, value: value, lines: lines)
  }

  /// Reads a file.
  public static func read(_ source: ByteSource) throws -> YAMLDocument {
    let bytes = try source.readAll(limit: sizeLimit)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FormatError(source.name, "is not valid UTF-8.")
    }
    return try parse(text, name: source.name)
  }

  /// One value as given on the command line: `--set key=VALUE`.
  public static func parseValue(_ text: String, name: String) throws -> JSONValue { try parse(text, name: name).value }

  private static func convert(
    _ node: Node, path: String, depth: Int, _ name: String, _ lines: inout [String: Int], _ nodeCount: inout Int
  ) throws -> JSONValue {
    nodeCount += 1
    guard nodeCount <= nodeLimit else {
      throw FormatError(name, line: node.mark?.line, "has more than \(nodeLimit) values.")
    }
    guard depth <= depthLimit else {
      throw FormatError(name, line: node.mark?.line, "is nested more than \(depthLimit) deep.")
    }
    switch node {
    case .scalar(let scalar):
      return convert(scalar)
    case .sequence(let sequence):
      return .array(
        try sequence.enumerated().map { position, item in
          try convert(item, path: "\(path)[\(position)]", depth: depth + 1, name, &lines, &nodeCount)
        })
    case .mapping(let mapping):
      var members: [JSONValue.Member] = []
      for (key, value) in mapping {
        guard case .scalar(let scalar) = key else {
          throw FormatError(name, line: key.mark?.line, "a key must be a word.")
        }
        let keyPath = path.isEmpty ? scalar.string : path + "." + scalar.string
        lines[keyPath] = key.mark?.line
        members.append(
          .init(scalar.string, try convert(value, path: keyPath, depth: depth + 1, name, &lines, &nodeCount)))
      }
      return .object(members)
    case .alias:
      throw FormatError(name, line: node.mark?.line, "an alias stands for nothing.")
    }
  }

  private static func convert(_ scalar: Node.Scalar) -> JSONValue {
    guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
    switch scalar.string {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default:
      var text = scalar.string
      let number = text.withUTF8 { parseNumber($0) }
      return number.flatMap { $0.isFinite ? .number($0) : nil } ?? .string(scalar.string)
    }
  }

  private static func formatError(_ error: YamlError, _ name: String) -> FormatError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      FormatError(name, line: mark.line, column: nil, "is not valid YAML: \(problem).")
    case .duplicatedKeysInMapping(let keys, _):
      FormatError(name, "the key \(quoted(keys.first.map { "\($0)" } ?? "")) appears twice in one mapping.")
    default:
      FormatError(name, "is not valid YAML.")
    }
  }
}

extension JSONValue {
  /// The value as YAML, for files that people read: mappings over lines, lists and plain values on one.
  public func yaml(indent: Int = 0) -> String {
    guard case .object(let members) = self else { return flowYAML + "\n" }
    let space = String(repeating: " ", count: indent)
    return members.map { member in
      if case .object(let inner) = member.value, !inner.isEmpty {
        return space + JSONValue.yamlText(member.name) + ":\n" + member.value.yaml(indent: indent + 2)
      }
      return space + JSONValue.yamlText(member.name) + ": " + member.value.flowYAML + "\n"
    }.joined()
  }

  var flowYAML: String {
    switch self {
    case .string(let text): JSONValue.yamlText(text)
    case .array(let values): "[" + values.map(\.flowYAML).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { JSONValue.yamlText($0.name) + ": " + $0.value.flowYAML }.joined(separator: ", ") + "}"
    default: encoded()
    }
  }

  /// A word as it is, if that is safe; else in JSON's quotes, which YAML reads too.
  private static func yamlText(_ text: String) -> String {
    let isSafe =
      !text.isEmpty
      && text.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII
          && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "_-./ ".unicodeScalars.contains(scalar))
      }
    var copy = text
    let readsAsText =
      isSafe && text.first != " " && text.last != " " && text.first != "-" && text.first != "."
      && copy.withUTF8 { parseNumber($0) } == nil && !["true", "false", "null"].contains(text.lowercased())
    return readsAsText ? text : JSONValue.string(text).encoded()
  }
}
