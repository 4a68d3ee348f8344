// SPDX-License-Identifier: Apache-2.0
//
// ExtraColumns: columns that a table has beside the model's, such as an id.
//
// On /invocations they are ignored and named in a header of the response, whether they come as CSV or as JSON;
// --strict-columns refuses them. If one of the model's columns is missing, nothing is ignored: then the extra one
// may be that column, misspelled.
//
// Before    InvocationJSON.swift     After    Protocols/Operations/Operations.swift

import SwiftletFormats

/// Takes the model's columns out of those that came, and remembers the rest.
struct ExtraColumns {
  private let expected: Set<String>
  private let isStrict: Bool
  private let modelName: String
  private var names: [String] = []

  /// Of which model, and whether they are refused.
  init(_ model: ServedModel, _ options: ServerOptions) {
    expected = model.isTabular ? Set(model.signature.columnNames) : []
    isStrict = options.access.strictColumns || !model.isTabular
    modelName = model.name
  }

  /// The names as a header of the response, such as `id`; empty where there are none.
  var header: String {
    let shown = names.prefix(8).map { name in
      String(
        name.unicodeScalars.prefix(64).map { $0.value >= 0x20 && $0.value < 0x7F && $0 != "," ? Character($0) : "?" })
    }
    return shown.joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
  }

  /// Notes the columns of a table.
  ///
  /// - Throws: ``RequestError`` 400 for one that is not the model's, with --strict-columns.
  mutating func note(_ columns: [String]) throws {
    for (position, name) in columns.enumerated() where !expected.contains(name) {
      let name = name.isEmpty ? "(column \(position + 1))" : name
      guard !isStrict else {
        throw RequestError.bad(
          "The model \(quoted(modelName)) has no input \(quoted(name)), and --strict-columns refuses others.")
      }
      if !names.contains(name), names.count < 1024 { names.append(name) }
    }
  }

  /// Whether the columns hold all of the model's, and others that may go.
  mutating func canLeave(_ columns: [String]) throws -> Bool {
    guard !isStrict, columns.count > expected.count, expected.isSubset(of: columns) else { return false }
    try note(columns)
    return true
  }

  /// Whether a column is the model's.
  func isExpected(_ name: String) -> Bool { expected.contains(name) }
}
