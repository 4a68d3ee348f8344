// SPDX-License-Identifier: Apache-2.0
//
// What a model looks at, for the playground: the request of an answer, answered with a map of the picture.
//
// Before    PlaygroundDescription.swift     After    LivePage/PageScript.swift

import NIOCore
import SwiftletFormats
import SwiftletModels
import SwiftletTables

extension Responder {
  /// Reads the one row of a request as `infer` does, and asks the model which pixels its answer depends on.
  ///
  /// It takes a pass back through the network, so it never runs on an event loop.
  func saliency(_ model: ServedModel, _ call: Call) throws -> Reply {
    guard PictureLayout(model.signature) != nil else {
      throw RequestError.bad("The model \(quoted(model.name)) looks at no pictures.")
    }
    let asked = try InferRequest(
      body: call.request.body, headerLength: call.request.headers.first(name: "inference-header-content-length"),
      model: model, valueLimit: valueLimit(of: model))
    let row = try model.prepare(tensors: asked.inputs, rowLimit: 1)
    let future = aside(true, call.loop) {
      do {
        let map = try SaliencyMap(of: model.model, at: row.features)
        return ServerResponse.json([
          "subject": .string(map.subject), "width": JSONValue(map.width), "height": JSONValue(map.height),
          "values": .array(map.values.map { .number(($0 * 1000).rounded() / 1000) }),
        ])
      } catch let error as DataError {
        throw RequestError.bad("\(error)")
      }
    }
    return .later(future)
  }
}
