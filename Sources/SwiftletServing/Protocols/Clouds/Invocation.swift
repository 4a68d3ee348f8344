// SPDX-License-Identifier: Apache-2.0
//
// The body of `/invocations`: JSON in the forms of SageMaker and MLflow, JSON Lines, CSV,
// npy, or pictures.
//
// Before    AnswerFormat.swift     After    InvocationCSV.swift
// Source    sagemaker-inference 1.10, decoder.py; mlflow 3.17, pyfunc/scoring_server

import NIOCore
import NIOHTTP1
import SwiftletFormats
import SwiftletTables

/// Rows to answer for, and the wanted form of the answers.
struct Invocation {
  /// What the answer for a row is.
  enum Answer {
    case labels, probabilities
    /// A label and its score, as SageMaker's form `{"features": […]}` asks for.
    case scores
  }

  let rows: PreparedRows
  /// How the rows came.
  let mediaType: String
  var answer = Answer.labels
  /// The columns that were ignored, as a header names them.
  var ignoredColumns = ""

  init(rows: PreparedRows, mediaType: String) {
    self.rows = rows
    self.mediaType = mediaType
  }

  init(_ request: ServerRequest, model: ServedModel, _ options: ServerOptions) throws {
    var body = request.body
    body.skipByteOrderMark()
    let isObject = body.readableBytesView.first { $0 > 0x20 } == UInt8(ascii: "{")
    switch request.mediaType {
    case "application/json"?, nil: try self.init(json: body, model: model, options)
    case "application/x-www-form-urlencoded"? where isObject:
      try self.init(json: body, model: model, options)  // what curl calls JSON by default
    case "application/jsonlines"?, "application/x-jsonlines"?, "application/x-ndjson"?:
      try self.init(lines: body, model: model, options)
    case "text/csv"?: try self.init(csv: request, model: model, options)
    case "application/x-npy"?: try self.init(npy: body, model: model, rowLimit: options.limits.maxRowsPerRequest)
    case let type where !model.isTabular && ServedModel.holdsPictures(type):
      let rows = try model.prepare(picturesOf: request, rowLimit: options.limits.maxRowsPerRequest)
      self.init(rows: rows, mediaType: "application/json")
    default:
      throw RequestError(
        .unsupportedMediaType,
        "The Content-Type of a request is \(AnswerFormat.all.map(\.mediaType).joined(separator: ", ")).")
    }
  }

  private init(lines body: ByteBuffer, model: ServedModel, _ options: ServerOptions) throws {
    var reader = RowReader(model, rowLimit: options.limits.maxRowsPerRequest, extra: ExtraColumns(model, options))
    self.init(rows: try body.readJSON { try reader.lines(&$0) }, mediaType: "application/jsonlines")
    answer = .scores
    ignoredColumns = reader.extra?.header ?? ""
  }

  private init(npy body: ByteBuffer, model: ServedModel, rowLimit: Int) throws {
    let (limit, overflows) = rowLimit.multipliedReportingOverflow(by: max(1, model.rowSize))
    do {
      let array = try NPY.decode(Array(body.readableBytesView), name: "The body", limit: overflows ? .max : limit)
      let rows = try model.prepare(rows: FlatValues(numbers: array.numbers), input: "body")
      self.init(rows: rows, mediaType: "application/x-npy")
    } catch let error as FormatError {
      throw RequestError.bad(error.description)
    }
  }
}
