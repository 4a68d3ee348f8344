// SPDX-License-Identifier: Apache-2.0
//
// AnswerFormat: the forms in which an invocation is answered.
//
// Before    Clouds.swift     After    Invocation.swift
// Source    SageMaker Developer Guide, "Common Data Formats for Inference"; RFC 9110, section 12.5.1

import NIOCore
import SwiftletFormats
import SwiftletModels

/// A media type, and how answers are written in it.
struct AnswerFormat: Sendable {
  let mediaType: String
  /// Other names of it.
  var aliases: [String] = []
  let write: @Sendable (ServedModel, Answers, Invocation.Answer) -> ByteBuffer

  /// All of them. A client that accepts any gets the first one, or the one in which its rows came.
  static let all: [AnswerFormat] = [json, csv, npy, jsonLines]

  private static let json = AnswerFormat(mediaType: "application/json") { model, answers, form in
    model.bareRows(answers, form).body
  }
  private static let csv = AnswerFormat(mediaType: "text/csv") { model, answers, _ in
    ByteBuffer(string: model.lines(answers))
  }
  private static let npy = AnswerFormat(mediaType: "application/x-npy") { model, answers, _ in
    ByteBuffer(bytes: model.array(answers))
  }
  private static let jsonLines = AnswerFormat(
    mediaType: "application/jsonlines", aliases: ["application/x-jsonlines", "application/x-ndjson"]
  ) { model, answers, _ in model.scoreLines(answers) }

  /// The format of a media type.
  static func named(_ mediaType: String) -> AnswerFormat? {
    all.first { $0.mediaType == mediaType || $0.aliases.contains(mediaType) }
  }

  /// The format that the request prefers; among equals the one in which its rows came, or that of the server.
  ///
  /// - Throws: ``RequestError`` 406 if it refuses all.
  static func chosen(_ request: ServerRequest, _ asked: Invocation, fallback: String?) throws -> AnswerFormat {
    let first = fallback.flatMap(named) ?? named(asked.mediaType) ?? json
    let offers = [first.mediaType] + all.flatMap { [$0.mediaType] + $0.aliases }
    guard let best = request.accepted.best(of: offers), let format = named(best) else {
      throw RequestError(
        .notAcceptable, "Answers come as \(all.map(\.mediaType).joined(separator: ", ")).")
    }
    return format
  }
}

extension ServedModel {
  /// The numbers of every answer, as NumPy reads them.
  fileprivate func array(_ answers: Answers) -> [UInt8] {
    let shape = [answers.count, answers.width]
    if isDouble { return NPY.encode(doubles: answers.values, shape: shape) }
    return NPY.encode(answers.values.map { Float($0) }, shape: shape)
  }

  /// A label or a number on each line, several numbers between commas.
  fileprivate func lines(_ answers: Answers) -> String {
    (0..<answers.count).map { row in
      let values = answers.row(row)
      if isClassification { return csvLine([signature.labels[label(of: values)]]) }
      return csvLine(values.map { isDouble ? $0.description : Float($0).description })
    }.joined()
  }
}
