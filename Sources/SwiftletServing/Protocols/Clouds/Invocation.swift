// SPDX-License-Identifier: Apache-2.0
//
// The body of `/invocations`: JSON in the forms of SageMaker and MLflow, CSV with or without a header, or npy.
//
// Before    Clouds.swift     After    Protocols/Operations/Operations.swift
// Source    sagemaker-inference 1.10, decoder.py; mlflow 3.17, pyfunc/scoring_server

import NIOCore
import NIOHTTP1
import SwiftletFormats
import SwiftletTables

/// Rows to answer for.
struct Invocation {
  let rows: PreparedRows
  var cameAsCSV = false
  /// Whether SageMaker's form asked for a score with each label.
  var wantsScores = false

  init(_ request: ServerRequest, model: ServedModel, rowLimit: Int) throws {
    let isObject = request.body.readableBytesView.first { $0 > 0x20 } == UInt8(ascii: "{")
    switch request.mediaType {
    case "application/json"?, nil: self = try Invocation(json: request.body, model: model, rowLimit: rowLimit)
    case "application/x-www-form-urlencoded"? where isObject:
      // What curl says of JSON by default.
      self = try Invocation(json: request.body, model: model, rowLimit: rowLimit)
    case "text/csv"?: self = try Invocation(csv: request, model: model, rowLimit: rowLimit)
    case "application/x-npy"?: self = try Invocation(npy: request.body, model: model, rowLimit: rowLimit)
    default:
      throw RequestError(
        .unsupportedMediaType, "The Content-Type of a request is application/json, text/csv or application/x-npy.")
    }
  }

  private static let forms = ["dataframe_split", "dataframe_records", "instances", "inputs", "input_data"]

  private init(json body: ByteBuffer, model: ServedModel, rowLimit: Int) throws {
    let needsOne = RequestError.bad(
      "The input must be a JSON dictionary with exactly one of the input fields {'dataframe_split', 'dataframe_records', 'instances', 'inputs'}"
    )
    var reader = RowReader(model, rowLimit: rowLimit)
    var rows: PreparedRows?
    try body.readJSON { scanner in
      guard scanner.peek() != UInt8(ascii: "[") else {
        rows = try reader.rows(&scanner, called: "instances")  // a list alone, as many scripts send it
        return
      }
      guard scanner.peek() == UInt8(ascii: "{") else { throw needsOne }
      try scanner.object { scanner, name in
        guard Invocation.forms.contains(name) else {
          _ = try scanner.value()  // params, parameters
          return
        }
        guard rows == nil else { throw needsOne }
        switch name {
        case "inputs": rows = try reader.columns(&scanner, called: name)
        case "dataframe_split": rows = try Invocation.split(&scanner, model, rowLimit, name)
        case "input_data" where scanner.peek() == UInt8(ascii: "{"):
          rows = try Invocation.split(&scanner, model, rowLimit, name)
        default: rows = try reader.rows(&scanner, called: name)
        }
      }
    }
    guard let rows else { throw needsOne }
    self.rows = rows
    wantsScores = reader.hadFeatures
  }

  /// `{"columns": […], "index": […], "data": [[…]]}`.
  private static func split(_ scanner: inout JSONScanner, _ model: ServedModel, _ rowLimit: Int, _ form: String) throws
    -> PreparedRows
  {
    let value = try scanner.value()
    guard let data = value["data"]?.array, case let lists = data.compactMap(\.array), lists.count == data.count else {
      throw RequestError.bad("\"\(form)\" needs \"data\", a list of rows.")
    }
    _ = try model.checkedRowCount(lists.count, rowLimit)
    let names = value["columns"]?.array?.compactMap(\.string) ?? model.bundle.pipeline.columnNames
    guard lists.allSatisfy({ $0.count == names.count }) else {
      throw RequestError.bad("Every row of \"\(form)\" needs \(names.count) values, one for each of its columns.")
    }
    let columns = names.enumerated().map { position, name in (name, FlatValues(lists.map { $0[position] })) }
    return try model.prepare(columns: columns, rowCount: lists.count)
  }

  private init(npy body: ByteBuffer, model: ServedModel, rowLimit: Int) throws {
    let (limit, overflows) = rowLimit.multipliedReportingOverflow(by: max(1, model.rowSize))
    do {
      let array = try NPY.decode(Array(body.readableBytesView), name: "The body", limit: overflows ? .max : limit)
      rows = try model.prepare(rows: FlatValues(numbers: array.numbers), input: "body")
    } catch let error as FormatError {
      throw RequestError.bad(error.description)
    }
  }

  // MARK: CSV

  private init(csv request: ServerRequest, model: ServedModel, rowLimit: Int) throws {
    guard model.isTabular else {
      throw RequestError.bad("The model \(quoted(model.name)) takes pictures, not a table.")
    }
    let bytes = Array(request.body.readableBytesView)
    guard !bytes.starts(with: [0x1F, 0x8B]) else {
      throw RequestError.bad("The body is compressed; say so with Content-Encoding: gzip.")
    }
    let names = model.bundle.pipeline.columnNames
    let hasHeader = Invocation.headerParameter(request) ?? Invocation.firstRow(of: bytes, holds: names)
    let source = ByteSource.memory(hasHeader ? bytes : Array(csvLine(names).utf8) + bytes, name: "the body")
    let reader = model.bundle.tableReader
    do {
      let table = try reader.readCSV(source)
      _ = try model.checkedRowCount(table.rowCount, rowLimit)
      rows = try model.prepare(table: table)
    } catch let error as DataError {
      throw RequestError.bad(error.message)
    } catch var error as FormatError {
      if !hasHeader, let line = error.line { error.line = max(1, line - 1) }  // the header was ours
      throw RequestError.bad(error.description)
    }
    cameAsCSV = true
  }

  /// `text/csv; header=present` or `header=absent`.
  private static func headerParameter(_ request: ServerRequest) -> Bool? {
    let value = request.headers.first(name: "content-type")?.lowercased().filter { $0 != " " } ?? ""
    if value.contains("header=present") { return true }
    return value.contains("header=absent") ? false : nil
  }

  /// Whether the first row names all the columns, in any order.
  private static func firstRow(of bytes: [UInt8], holds names: [String]) -> Bool {
    let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
    guard let reader = try? CSVReader(.memory(Array(line), name: "the body")) else { return false }
    return Set(names).isSubset(of: reader.header)
  }
}
