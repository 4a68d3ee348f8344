// SPDX-License-Identifier: Apache-2.0
//
// An invocation in JSON: one of the five forms of rows, and MLflow's `params`.
//
//     {"dataframe_split": {"columns": ["a", "b"], "data": [[5.1, 3.5]]}}
//     {"instances": [{"features": [5.1, 3.5]}]}
//     {"inputs": {"a": [5.1], "b": [3.5]}, "params": {"predict_method": "predict_proba"}}
//
// Before    InvocationCSV.swift     After    ExtraColumns.swift
// Source    mlflow 3.17, pyfunc/scoring_server

import NIOCore
import SwiftletFormats

extension Invocation {
  private static let forms = ["dataframe_split", "dataframe_records", "instances", "inputs", "input_data"]

  init(json body: ByteBuffer, model: ServedModel, _ options: ServerOptions) throws {
    let needsOne = RequestError.bad(
      "The input must be a JSON dictionary with exactly one of the input fields {'dataframe_split', 'dataframe_records', 'instances', 'inputs'}"
    )
    var reader = RowReader(model, rowLimit: options.limits.maxRowsPerRequest, extra: ExtraColumns(model, options))
    var rows: PreparedRows?
    var wanted: Answer?
    try body.readJSON { scanner in
      guard scanner.peek() != UInt8(ascii: "[") else {
        rows = try reader.rows(&scanner, called: "instances")  // a list alone, as many scripts send it
        return
      }
      guard scanner.peek() == UInt8(ascii: "{") else { throw needsOne }
      try scanner.object { scanner, name in
        if name == "params" { wanted = try Invocation.answer(params: scanner.value()) }
        guard Invocation.forms.contains(name) else { return name == "params" ? () : try scanner.skip() }
        guard rows == nil else { throw needsOne }
        rows = try Invocation.rows(&scanner, in: name, by: &reader)
      }
    }
    guard let rows else { throw needsOne }
    if wanted == .probabilities, !model.isClassification {
      throw RequestError.bad("The model \(quoted(model.name)) gives numbers, and has no predict_proba.")
    }
    self.init(rows: rows, mediaType: "application/json")
    answer = wanted ?? (reader.hadFeatures ? .scores : .labels)
    ignoredColumns = reader.extra?.header ?? ""
  }

  private static func rows(_ scanner: inout JSONScanner, in form: String, by reader: inout RowReader) throws
    -> PreparedRows
  {
    switch form {
    case "inputs": try reader.columns(&scanner, called: form)
    case "dataframe_split": try split(&scanner, form, by: &reader)
    case "input_data" where scanner.peek() == UInt8(ascii: "{"): try split(&scanner, form, by: &reader)
    default: try reader.rows(&scanner, called: form)
    }
  }

  /// `{"predict_method": "predict_proba"}`.
  private static func answer(params: JSONValue) throws -> Answer? {
    guard params != .null else { return nil }
    guard let members = params.members else { throw RequestError.bad("\"params\" must be an object.") }
    var answer: Answer?
    for member in members {
      switch (member.name, member.value.string) {
      case ("predict_method", "predict"?): answer = .labels
      case ("predict_method", "predict_proba"?): answer = .probabilities
      case ("predict_method", _):
        throw RequestError.bad(
          "The param \"predict_method\" is \"predict\" or \"predict_proba\", but \(described(member.value)) came.")
      default:
        throw RequestError.bad("The param \(quoted(member.name)) is unknown: there is \"predict_method\".")
      }
    }
    return answer
  }

  /// `{"columns": […], "index": […], "data": [[…]]}`.
  private static func split(_ scanner: inout JSONScanner, _ form: String, by reader: inout RowReader) throws
    -> PreparedRows
  {
    let model = reader.model
    let value = try scanner.value()
    guard let data = value["data"]?.array, case let lists = data.compactMap(\.array), lists.count == data.count else {
      throw RequestError.bad("\"\(form)\" needs \"data\", a list of rows.")
    }
    _ = try model.checkedRowCount(lists.count, reader.rowLimit)
    let names = try columnNames(value["columns"], of: model, form)
    guard lists.allSatisfy({ $0.count == names.count }) else {
      throw RequestError.bad("Every row of \"\(form)\" needs \(names.count) values, one for each of its columns.")
    }
    var columns = names.enumerated().map { position, name in
      (name: name, values: FlatValues(lists.map { $0[position] }))
    }
    if try reader.extra?.canLeave(names) == true {
      columns.removeAll { reader.extra?.isExpected($0.name) == false }
    }
    return try model.prepare(columns: columns, rowCount: lists.count)
  }

  /// The names of columns, which pandas writes as numbers where they have none of their own.
  private static func columnNames(_ columns: JSONValue?, of model: ServedModel, _ form: String) throws -> [String] {
    let expected = model.signature.columnNames
    guard let columns, columns != .null else { return expected }
    let names = columns.array?.compactMap { $0.string ?? $0.integer.map(String.init) } ?? []
    guard let given = columns.array, names.count == given.count else {
      throw RequestError.bad("The \"columns\" of \"\(form)\" must be a list of names.")
    }
    // 0, 1, 2, … are places, unless the model's columns are called so.
    let arePlaces = given.enumerated().allSatisfy { $1.integer == $0 } && given.count == expected.count
    return arePlaces && Set(expected).isDisjoint(with: names) ? expected : names
  }
}
