// SPDX-License-Identifier: Apache-2.0
//
// Rows in JSON: the forms in which TensorFlow Serving, KServe 1, Vertex AI, SageMaker and MLflow give them.
//
//     [[5.1, 3.5], [6, 3]]               rows, in the order of the columns
//     [{"a": 5.1, "b": 3.5}]             rows by name
//     [{"features": [5.1, 3.5]}]         rows as SageMaker writes them
//     {"a": [5.1, 6], "b": [3.5, 3]}     columns
//
// Before    Protocols/GRPC/HealthService.swift     After    RowsRequest.swift

import Foundation
import SwiftletFormats

/// Reads rows for one model.
struct RowReader {
  let model: ServedModel
  let rowLimit: Int
  /// Whether the rows came as `{"features": […]}`, which has an answer of its own.
  private(set) var hadFeatures = false
  private var pictures: PictureReader
  /// Collects extra columns, where they are allowed.
  var extra: ExtraColumns?

  init(_ model: ServedModel, rowLimit: Int, extra: ExtraColumns? = nil) {
    self.model = model
    self.rowLimit = rowLimit
    self.extra = extra
    pictures = PictureReader(model)
  }

  /// Rows as they are read: values one behind the other, or objects.
  private struct Rows {
    var values = FlatValues()
    var objects: [[JSONValue.Member]] = []
    var count = 0
  }

  /// A list of rows, of values or of objects.
  mutating func rows(_ scanner: inout JSONScanner, called name: String) throws -> PreparedRows {
    guard scanner.peek() == UInt8(ascii: "[") else { throw RequestError.bad("Expected \"\(name)\" to be a list") }
    var rows = Rows()
    try scanner.list { scanner in try read(&scanner, into: &rows, called: name) }
    return try prepared(rows, called: name)
  }

  /// A row on each line.
  mutating func lines(_ scanner: inout JSONScanner) throws -> PreparedRows {
    var rows = Rows()
    while scanner.peek() != 0 { try read(&scanner, into: &rows, called: "lines") }
    return try prepared(rows, called: "lines")
  }

  private func read(_ scanner: inout JSONScanner, into rows: inout Rows, called name: String) throws {
    guard rows.count < rowLimit else {
      throw RequestError.bad("The request has more than the \(rowLimit) rows that this server answers at a time.")
    }
    switch scanner.peek() {
    case UInt8(ascii: "["):
      // Nine in ten requests come here: numbers go straight into the array that the pipeline reads.
      try scanner.flatten(into: &rows.values, limit: valueLimit)
      try check(rows.values.nesting, ofOne: true)
    case UInt8(ascii: "{"):
      if let members = try scanner.value().members { rows.objects.append(members) }
    default:
      rows.values.append(try scanner.value())
    }
    rows.count += 1
    let size = model.rowSize
    guard rows.objects.count == rows.count || rows.values.count == rows.count * size else {
      throw RequestError.bad(
        "Row \(rows.count - 1) of \"\(name)\" has another number of values than the \(size) that the model \(quoted(model.name)) takes: \(model.columnList)."
      )
    }
  }

  private mutating func prepared(_ rows: Rows, called name: String) throws -> PreparedRows {
    guard rows.count > 0 else { throw RequestError.bad("There are no rows to answer for.") }
    return rows.objects.isEmpty
      ? try model.prepare(rows: rows.values, input: name) : try self.rows(objects: rows.objects)
  }

  /// Rows by name, or one list in each.
  mutating func rows(objects: [[JSONValue.Member]]) throws -> PreparedRows {
    guard let first = objects.first, first.count == 1, let name = first.first?.name, isWhole(name) else {
      return try model.prepare(objects: try withoutExtra(objects))
    }
    hadFeatures = name == "features"
    var values = FlatValues()
    for (row, members) in objects.enumerated() {
      guard members.count == 1, members[0].name == name else {
        throw RequestError.bad("Row \(row) has other names than row 0.")
      }
      try flatten(members[0].value, into: &values)
      guard values.count == (row + 1) * model.rowSize else {
        throw RequestError.bad(
          "Row \(row) has another number of values than the \(model.rowSize) that the model \(quoted(model.name)) takes."
        )
      }
    }
    return try model.prepare(rows: values, input: name)
  }

  /// The objects without the members that may be ignored.
  private mutating func withoutExtra(_ objects: [[JSONValue.Member]]) throws -> [[JSONValue.Member]] {
    var hasExtra = false
    for members in objects {
      if try extra?.canLeave(members.map(\.name)) == true { hasExtra = true }  // each row may have others
    }
    guard hasExtra, let extra else { return objects }
    return objects.map { members in members.filter { extra.isExpected($0.name) } }
  }

  /// Columns by name, or one tensor of whole rows, or a list of rows.
  mutating func columns(_ scanner: inout JSONScanner, called name: String) throws -> PreparedRows {
    guard scanner.peek() == UInt8(ascii: "{") else { return try rows(&scanner, called: name) }
    var columns: [(name: String, values: FlatValues)] = []
    try scanner.object { scanner, column in
      guard columns.count <= model.signature.inputs.count + (extra == nil ? 0 : 1024) else {
        throw RequestError.bad("The request has more columns than the model \(quoted(model.name)).")
      }
      var values = FlatValues()
      if scanner.peek() == UInt8(ascii: "[") {
        try scanner.flatten(into: &values, limit: valueLimit)
        try check(values.nesting, ofOne: false)
      } else {
        values.append(try scanner.value())
      }
      columns.append((column, values))
    }
    guard let first = columns.first else { throw RequestError.bad("There are no columns to answer for.") }
    if columns.count == 1, isWhole(first.name) {
      try checkRows(first.values.nesting, of: first.name)
      _ = try model.checkedRowCount(max(1, first.values.count / max(model.rowSize, 1)), rowLimit)
      return try model.prepare(rows: first.values, input: first.name)
    }
    let count = try model.checkedRowCount(first.values.count, rowLimit)
    if try extra?.canLeave(columns.map(\.name)) == true {
      columns.removeAll { extra?.isExpected($0.name) == false }
    }
    return try model.prepare(columns: columns, rowCount: count)
  }

  /// A row of a table is a flat list; a picture may be a list of its lines, and a column a list of lists of one.
  private func check(_ nesting: FlatValues.Nesting, ofOne isRow: Bool) throws {
    let isFlat = nesting.lengths.count <= 1 && !nesting.isMixed
    let picture = !model.isTabular && isRow ? Array(model.inputs[0].shape.dropFirst()) : nil
    let fits =
      isFlat || (picture.map { nesting.fits($0) } ?? (!isRow && !nesting.isMixed && nesting.lengths.last != -1))
    guard fits else {
      throw RequestError.bad(
        "The lists are not nested as the rows of the model \(quoted(model.name)) are.")
    }
  }

  /// Whole rows come in lists of their own size: two lists of six values are not four rows of three. A single row may
  /// come without a list around it.
  private func checkRows(_ nesting: FlatValues.Nesting, of input: String) throws {
    let size = model.rowSize
    let shapes =
      !model.isTabular ? [[size], Array(model.inputs[0].shape.dropFirst())] : size == 1 ? [[1], []] : [[size]]
    let fits = shapes.contains { nesting.lengths == $0 || Array(nesting.lengths.dropFirst()) == $0 }
    guard fits else {
      throw RequestError.bad(
        "The input \(quoted(input)) of the model \(quoted(model.name)) takes rows of \(size) values, but lists of \(nesting.lengths.last ?? 1) came."
      )
    }
  }

  /// The largest number of values in a request.
  private var valueLimit: Int {
    let (limit, overflows) = rowLimit.multipliedReportingOverflow(by: max(1, model.rowSize))
    return overflows ? .max : limit
  }

  /// Whether a name stands for all columns: the model's own input, or `features` if no column has that name.
  private func isWhole(_ name: String) -> Bool {
    model.isWholeInput(name) || !model.isTabular && (name == "b64" || name == model.inputs[0].name + "_bytes")
      || name == "features" && !model.signature.columnNames.contains("features")
  }

  private mutating func flatten(_ value: JSONValue, into values: inout FlatValues) throws {
    switch value {
    case .array(let elements): for element in elements { try flatten(element, into: &values) }
    case .object(let members) where members.count == 1 && members[0].name == "b64":
      try flatten(members[0].value, into: &values)
    case .object: throw RequestError.bad("A row's values are numbers or text, not objects.")
    case .string(let text) where !model.isTabular:
      let bytes = try model.bytes(base64: text)
      // Whole pictures, or pixels as they are: what is neither is refused as a picture.
      let isPixels = !bytes.isEmpty && bytes.count % model.rowSize == 0 && !Picture.begins(bytes)
      for byte in isPixels ? bytes : try pictures.pixels(of: bytes) { values.append(Double(byte)) }
    default: values.append(value)
    }
  }
}

extension ServedModel {
  /// The bytes that a text in base64 stands for.
  func bytes(base64 text: String) throws -> [UInt8] {
    guard let bytes = Data(base64Encoded: text) else { throw RequestError.bad("A picture in base64 is damaged.") }
    return Array(bytes)
  }

  /// The columns' names in a message.
  var columnList: String {
    let names = signature.columnNames
    return names.prefix(12).joined(separator: ", ") + (names.count > 12 ? " and \(names.count - 12) more" : "")
  }
}
