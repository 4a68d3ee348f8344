// SPDX-License-Identifier: Apache-2.0
//
// Lists of items in the responses of both protocols.
//
// The Open Inference Protocol has a tensor of names and one of scores, in which every list is as long as the longest; a
// shorter one ends in empty names and scores of 0. TensorFlow's form has an object for each user.
//
// Before    Protocols/TensorFlow/TensorFlowServing.swift     After    Protocols/TensorFlow/SignatureMetadata.swift

import SwiftletFormats
import SwiftletModels

extension ServedModel {
  /// `items` and `scores`, of shape `[users, top]`.
  func inferResponse(lists: [[RecommendedItem]], id: String?) -> ServerResponse {
    let width = lists.map(\.count).max() ?? 0
    func padded(_ list: [RecommendedItem], _ value: (RecommendedItem) -> JSONValue, _ none: JSONValue) -> [JSONValue] {
      list.map(value) + Array(repeating: none, count: width - list.count)
    }
    let shape: JSONValue = [JSONValue(lists.count), JSONValue(width)]
    let items = lists.flatMap { padded($0, { .string($0.item) }, "") }
    let scores = lists.flatMap { padded($0, { .number($0.score) }, 0) }
    return .json(
      .object(
        (id.map { [.init("id", .string($0))] } ?? []) + [
          .init("model_name", .string(name)), .init("model_version", .string(version)),
          .init(
            "outputs",
            [
              ["name": "items", "datatype": "BYTES", "shape": shape, "data": .array(items)],
              ["name": "scores", "datatype": "FP64", "shape": shape, "data": .array(scores)],
            ]),
        ]))
  }

  /// `{"predictions": [{"items": […], "scores": […]}]}`, or `outputs` with a list of each for every user.
  func predictions(lists: [[RecommendedItem]], form: RowsRequest.Form) -> ServerResponse {
    let items: [JSONValue] = lists.map { .array($0.map { .string($0.item) }) }
    let scores: [JSONValue] = lists.map { .array($0.map { .number($0.score) }) }
    guard form == .rows else { return .json(["outputs": ["items": .array(items), "scores": .array(scores)]]) }
    return .json(["predictions": .array(zip(items, scores).map { ["items": $0, "scores": $1] })])
  }
}
