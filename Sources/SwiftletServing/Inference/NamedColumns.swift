// SPDX-License-Identifier: Apache-2.0
//
// Named columns: rows whose values come with the names of their columns.
//
// Before    InputBounds.swift     After    ListedUsers.swift

import SwiftletFormats
import SwiftletTables

extension ServedModel {
  /// Prepares columns, each with a value for every row.
  ///
  /// - Throws: ``RequestError`` for a name that is absent, unknown or repeated, and for a value of another type.
  package func prepare(columns: [(name: String, values: FlatValues)], rowCount: Int) throws -> PreparedRows {
    if asksForLists(columns.map(\.name)) { return try prepareLists(of: columns[0].values, rowCount: rowCount) }
    let byName = try checked(columns.map(\.name))
    for column in columns where column.values.count != rowCount {
      throw RequestError.bad(
        "The input \(quoted(column.name)) has \(column.values.count) values, and the others have \(rowCount).")
    }
    if !isTabular { return try prepare(rows: columns[0].values, input: columns[0].name) }
    let ordered = signature.columnNames.map { columns[byName[$0] ?? 0].values }
    if signature.isNumeric {
      var rows = FlatValues()
      rows.reserve(rowCount * ordered.count)
      for row in 0..<rowCount {
        for values in ordered {
          if values.areNumbers { rows.append(values.numbers[row]) } else { rows.append(values[row]) }
        }
      }
      return try prepare(rows: rows, input: inputs[0].name)
    }
    return try prepare(
      records: { append in
        for row in 0..<rowCount {
          try append(
            try zip(signature.inputs, ordered).map { input, values in
              JSONValue.Member(input.name, try checkedCell(values[row], for: input))
            })
        }
      })
  }

  /// Prepares objects, one for each row.
  package func prepare(objects: [[JSONValue.Member]]) throws -> PreparedRows {
    guard let first = objects.first else { throw RequestError.bad("There are no rows to answer for.") }
    let names = first.map(\.name)
    if !asksForLists(names) { _ = try checked(names) }
    let known = Set(names)
    for (row, members) in objects.enumerated()
    where members.count != names.count || !members.allSatisfy({ known.contains($0.name) }) {
      throw RequestError.bad(
        "Row \(row) has other names than row 0: every row needs all of the model's inputs, null where a value is missing."
      )
    }
    if !isTabular {
      var pixels = FlatValues()
      for members in objects { flatten(members[0].value, into: &pixels) }
      return try prepare(rows: pixels, input: inputs[0].name)
    }
    // Objects mostly name their members in one order; another order is looked up.
    let positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    var columns = names.map { (name: $0, values: FlatValues()) }
    for (row, members) in objects.enumerated() {
      for (place, member) in members.enumerated() {
        let position = member.name == names[place] ? place : positions[member.name] ?? place
        guard columns[position].values.count == row else {
          throw RequestError.bad("The input \(quoted(member.name)) appears twice in row \(row).")
        }
        columns[position].values.append(single(member.value))
      }
    }
    return try prepare(columns: columns, rowCount: objects.count)
  }

  /// Prepares a table of text, as `predict` reads one.
  package func prepare(table: Table) throws -> PreparedRows {
    do {
      guard isTabular else { throw RequestError.bad("The model \(quoted(name)) takes pictures, not a table.") }
      try checkFeatureCount(rowCount: table.rowCount)
      let (features, unseen) = try model.features(of: table)
      try bounds.check(table)
      return PreparedRows(features: features, count: table.rowCount, unseenCount: unseen)
    } catch let error as DataError {
      throw RequestError.bad(error.message)
    }
  }

  /// The largest number of features in a request: 256 MB. A few bytes can ask for a feature of each category.
  private static let featureLimit = 64 << 20

  private func checkFeatureCount(rowCount: Int) throws {
    let rowLimit = max(1, Self.featureLimit / max(1, signature.featureCount))
    guard rowCount > rowLimit else { return }
    throw RequestError.bad(
      "The request has \(rowCount) rows, and the model \(quoted(name)) makes \(signature.featureCount) features of each: "
        + "send at most \(rowLimit) at a time.")
  }

  /// Reads records through the table reader, which has the missing spellings and types.
  private func prepare(records: (_ append: ([JSONValue.Member]) throws -> Void) throws -> Void) throws
    -> PreparedRows
  {
    do {
      let reader = signature.tableReader
      return try prepare(
        table: reader.readRecords(name: "the request", columns: signature.columnNames, records))
    } catch let error as DataError {
      throw RequestError.bad(error.message)
    } catch let error as FormatError {
      throw RequestError.bad(error.message)
    }
  }

  /// The position of each of the model's columns among the names.
  private func checked(_ names: [String]) throws -> [String: Int] {
    let expected = signature.columnNames
    var positions: [String: Int] = [:]
    for (position, name) in names.enumerated() {
      guard positions.updateValue(position, forKey: name) == nil else {
        throw RequestError.bad("The input \(quoted(name)) appears twice in the request.")
      }
    }
    let known = Set(expected)
    if let unknown = names.first(where: { !known.contains($0) }) {
      throw RequestError.bad(
        "The model \(quoted(self.name)) has no input \(quoted(unknown)).\(suggestion(for: unknown, in: expected))")
    }
    if let absent = expected.first(where: { positions[$0] == nil }) {
      throw RequestError.bad(
        "The input \(quoted(absent)) of the model \(quoted(self.name)) is missing: it takes \(expected.prefix(12).joined(separator: ", "))\(expected.count > 12 ? " and \(expected.count - 12) more" : ""). Give null where a value is not known."
      )
    }
    return positions
  }

  /// A value that can be in a cell.
  private func checkedCell(_ value: JSONValue, for input: InputSchema) throws -> JSONValue {
    guard value.array == nil, value.members == nil else {
      throw RequestError.bad(
        "The input \(quoted(input.name)) takes a text, a number, true or false in each row, but \(described(value)) came."
      )
    }
    return value
  }

  /// A column may give each of its values as a list of one.
  private func single(_ value: JSONValue) -> JSONValue {
    if let values = value.array, values.count == 1 { return values[0] }
    return value
  }

  private func flatten(_ value: JSONValue, into values: inout FlatValues) {
    switch value {
    case .array(let elements): for element in elements { flatten(element, into: &values) }
    case .number(let number): values.append(number)
    case .null: values.append(.nan)
    default: values.append(value)
    }
  }
}
