// SPDX-License-Identifier: Apache-2.0
//
// Rows in CSV, with a header or without: SageMaker sends none, MLflow one.
//
//     all of the model's columns are named     a header, in any order, perhaps with more columns
//     none is                                  a row, in the order of the model's columns
//     some are, or nearly                      refused, with the name that was meant
//
// The third line matters if columns are categories: a header with a misspelled name would be read as a row of unknown
// categories, and answered.
//
// Before    Invocation.swift     After    InvocationJSON.swift
// Source    RFC 4180, section 3, for the parameter `header`

import NIOCore
import SwiftletFormats
import SwiftletTables

extension Invocation {
  init(csv request: ServerRequest, model: ServedModel, _ options: ServerOptions) throws {
    guard model.isTabular else {
      throw RequestError.bad("The model \(quoted(model.name)) takes pictures, not a table.")
    }
    var body = request.body
    body.skipByteOrderMark()
    var bytes = Array(body.readableBytesView)
    guard !bytes.starts(with: [0x1F, 0x8B]) else {
      throw RequestError.bad("The body is compressed; say so with Content-Encoding: gzip.")
    }
    let names = model.signature.columnNames
    let first = CSVHead(bytes)
    let hasHeader = try Invocation.headerParameter(request) ?? first.isHeader(of: model)
    var extra = ExtraColumns(model, options)
    guard bytes[(hasHeader ? first.end : 0)...].contains(where: { $0 > 0x20 }) else {
      throw RequestError.bad("There are no rows to answer for.")
    }
    if hasHeader {
      try extra.note(first.fields)
      if first.fields.contains("") { bytes = first.named + bytes[first.end...] }
    } else {
      bytes = Array(csvLine(names).utf8) + bytes
    }
    do {
      var reader = model.signature.tableReader
      reader.options.header = .automatic  // there is one now, whatever the training data had
      let table = try reader.readCSV(.memory(bytes, name: "the body"))
      _ = try model.checkedRowCount(table.rowCount, options.limits.maxRowsPerRequest)
      self.init(rows: try model.prepare(table: table), mediaType: "text/csv")
    } catch let error as DataError {
      throw RequestError.bad(error.message)
    } catch var error as FormatError {
      if !hasHeader, let line = error.line { error.line = max(1, line - 1) }  // the header was ours
      throw RequestError.bad(error.description)
    }
    ignoredColumns = extra.header
  }

  /// `text/csv; header=present` or `header=absent`.
  private static func headerParameter(_ request: ServerRequest) -> Bool? {
    let value = request.headers.first(name: "content-type")?.lowercased().filter { $0 != " " } ?? ""
    if value.contains("header=present") { return true }
    return value.contains("header=absent") ? false : nil
  }
}

/// The first line of a table.
private struct CSVHead {
  let fields: [String]
  /// The position behind it.
  let end: Int

  init(_ bytes: [UInt8]) {
    end = bytes.firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
    fields = (try? CSVReader.firstRecord(.memory(Array(bytes[..<end]), name: "the body"))) ?? []
  }

  /// The line with a name for each column, where pandas left out that of its index.
  var named: [UInt8] {
    let names = fields.enumerated().map { $1.isEmpty ? "(column \($0 + 1))" : $1 }
    return Array(csvLine(names).utf8.dropLast())
  }

  /// Whether it names the model's columns.
  ///
  /// - Throws: ``RequestError`` 400 if it seems to, but does not.
  func isHeader(of model: ServedModel) throws -> Bool {
    let inputs = model.signature.inputs
    let names = inputs.map(\.name)
    let given = Set(fields)
    if given.isSuperset(of: names) { return true }
    for (position, field) in fields.enumerated() where Double(field) == nil {
      // A category may have the name of a column.
      if inputs.indices.contains(position), inputs[position].words.contains(field) { continue }
      guard let meant = names.first(where: { CSVHead.resembles(field, $0) }) else { continue }
      let absent = names.first { !given.contains($0) } ?? meant
      let wrong = field == meant ? nearestName(to: absent, in: fields.filter { !names.contains($0) }) : field
      let found = wrong.map { ", and has \(quoted($0)) in its place" } ?? ""
      throw RequestError.bad(
        "The first line seems to be a header, but it does not name the column \(quoted(absent)) of the model \(quoted(model.name))\(found). The model takes \(model.columnList). If the line is a row, say Content-Type: text/csv; header=absent."
      )
    }
    return false
  }

  /// Whether a field is a name, but for case and a letter.
  private static func resembles(_ field: String, _ name: String) -> Bool {
    let letters = (field.lowercased(), name.lowercased())
    if letters.0 == letters.1 { return true }
    guard name.count >= 4, abs(field.count - name.count) <= 1, nearestName(to: field, in: [name]) != nil else {
      return false
    }
    return isOneLetterApart(Array(letters.0), Array(letters.1))
  }

  private static func isOneLetterApart(_ a: [Character], _ b: [Character]) -> Bool {
    let start = zip(a, b).prefix { $0 == $1 }.count
    let end = zip(a.dropFirst(start).reversed(), b.dropFirst(start).reversed()).prefix { $0 == $1 }.count
    return max(a.count, b.count) - start - end <= 1
  }
}
