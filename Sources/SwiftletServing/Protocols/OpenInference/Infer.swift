// SPDX-License-Identifier: Apache-2.0
//
// `POST /v2/models/{model}/infer`: the path of a request through the server, in five lines.
//
// Before    InferOutputs.swift     After    ModelMetadata.swift

import NIOCore
import NIOHTTP1
import SwiftletModels

extension Responder {
  /// Reads, prepares, answers and writes.
  func infer(_ model: ServedModel, _ call: Call) throws -> Reply {
    let headers = call.request.headers
    let asked = try InferRequest(
      body: call.request.body, headerLength: headers.first(name: "inference-header-content-length"), model: model,
      valueLimit: valueLimit(of: model))
    let outputs = try model.chosenOutputs(of: asked)
    let rows = try model.prepare(tensors: asked.inputs, rowLimit: options.limits.maxRowsPerRequest)
    guard rows.users.isEmpty else {
      return try answer(model, rows, call, timeout: asked.timeout, givesLists: true) { answers in
        model.inferResponse(
          lists: model.lists(answers, for: rows.users, count: asked.top), id: asked.id ?? RequestTrace.givenId(headers))
      }
    }
    return try answer(model, rows, call, timeout: asked.timeout) { answers in
      model.inferResponse(answers, outputs: outputs, id: asked.id ?? RequestTrace.givenId(headers))
    }
  }

  /// Answers of more numbers are written on the pool.
  private static let largeAnswer = 4096

  /// The largest number of values in a tensor.
  func valueLimit(of model: ServedModel) -> Int {
    let (limit, overflows) = options.limits.maxRowsPerRequest.multipliedReportingOverflow(by: max(1, model.rowSize))
    return overflows ? .max : limit
  }

  /// Gets rows answered, writes the response, and records the times.
  func answer(
    _ model: ServedModel, _ rows: PreparedRows, _ call: Call, timeout: TimeAmount? = nil, givesLists: Bool = false,
    _ write: @escaping @Sendable (Answers) throws -> ServerResponse
  ) throws -> Reply {
    guard rows.users.isEmpty || givesLists else {
      throw RequestError.bad("This path gives ratings of pairs: name the item beside the user, or ask :predict.")
    }
    let received = call.request.received
    let loop = call.loop
    let prepared = loop.now
    let finish = { @Sendable (answers: Answers, times: InferenceTimes) throws -> ServerResponse in
      guard model.isFinite(answers) else {
        throw RequestError.bad(
          "The numbers are too far from what the model was trained on: its answer is not a number.")
      }
      let answered = loop.now
      var response = try write(answers)
      let end = loop.now
      model.statistics.succeeded(
        total: end - received, input: prepared - received, output: end - answered, times,
        unseen: rows.unseenCount, unknown: model.unknownCounts(of: rows))
      response.inference = times
      return response
    }
    switch try model.batcher.submit(rows, timeout: timeout, on: loop) {
    case .now(let answers, let times): return .now(try finish(answers, times))
    case .later(let future):
      return .later(
        future.flatMap { answers, times in
          self.aside(answers.values.count > Responder.largeAnswer, loop) { try finish(answers, times) }
        })
    }
  }
}
