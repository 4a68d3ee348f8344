// SPDX-License-Identifier: Apache-2.0
//
// The playground's view of a model: enough to make a form, to draw the answer, and to say why.
//
// It is made from the bundle alone. The recipe stays out of it, because it names places on the machine where
// the model was trained.
//
// Before    StaticAssets.swift     After    Server/ServerSettings.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables

/// Describes a model for the playground.
package func playgroundDescription(of bundle: ModelBundle) -> JSONValue {
  var members: [JSONValue.Member] = [
    .init("name", .string(bundle.name)), .init("task", .string(bundle.task)),
    .init("kind", .string(bundle.kind.rawValue)), .init("target", .string(bundle.target)),
    .init("parameters", JSONValue(bundle.network.parameterCount)),
    .init("inputs", .array(inputs(of: bundle))),
  ]
  members += bundle.head.signature.filter { $0.name != "outputs" }.map {
    .init($0.name, withUnits($0.value, of: bundle))
  }
  if let threshold = bundle.head.threshold { members.append(.init("threshold", .number(threshold))) }
  if let view = bundle.illustration.view {
    members.append(
      .init(
        "view",
        [
          "width": JSONValue(view.width), "height": JSONValue(view.height), "max": .number(view.maximum),
          "columns": JSONValue(view.columns),
        ]))
  }
  if let linear = linearParameters(of: bundle) { members.append(.init("linear", linear)) }
  members += [
    .init("metrics", figures(bundle.training["metrics"]) { figures($0) { $0.number.map { .number($0) } } }),
    .init("baseline", figures(bundle.training["baseline"]) { $0.number.map { .number($0) } }),
    .init("card", .string(bundle.card)),
  ]
  return .object(members)
}

/// Each column: its type, how it is prepared, what training held, and the value to begin with.
private func inputs(of bundle: ModelBundle) -> [JSONValue] {
  let examples = Dictionary(
    bundle.illustration.example.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  return zip(bundle.inputs, bundle.pipeline.encoders).map { schema, encoder in
    var members: [JSONValue.Member] = [
      .init("name", .string(schema.name)), .init("type", .string(schema.type.rawValue)),
    ]
    if !schema.words.isEmpty { members.append(.init("categories", JSONValue(schema.words))) }
    if schema.isCell { members.append(.init("fill", schema.fill)) }
    if let affine = encoder.affine {
      members += [.init("offset", .number(affine.offset)), .init("factor", .number(affine.factor))]
    }
    members += schema.sizeMembers + (schema.profile?.members ?? [])
    if let unit = schema.unit { members.append(.init("unit", .string(unit))) }
    if let example = examples[schema.name] { members.append(.init("example", example)) }
    return .object(members)
  }
}

/// A list in which each object with a name that has a unit says it.
private func withUnits(_ list: JSONValue, of bundle: ModelBundle) -> JSONValue {
  .array(
    (list.array ?? []).map { element in
      guard let members = element.members, let unit = element["name"]?.string.flatMap(bundle.illustration.unit) else {
        return element
      }
      return .object(members + [.init("unit", .string(unit))])
    })
}

/// Weights and biases of a model that is one linear layer, a row for each score: what a feature adds to a score is
/// its weight times its value. Left out where they are more than a page can use.
private func linearParameters(of bundle: ModelBundle) -> JSONValue? {
  let parameters = bundle.network.parameters.map(\.value)
  guard bundle.kind != .mlp, parameters.count == 2, parameters[0].count <= 1 << 16 else { return nil }
  let (weights, width) = (parameters[0].scalars, bundle.pipeline.width)
  let rows: [JSONValue] = stride(from: 0, to: weights.count, by: width).map { start in
    .array(weights[start..<start + width].map { .number(shortest($0)) })
  }
  return ["weights": .array(rows), "bias": .array(parameters[1].scalars.map { .number(shortest($0)) })]
}

/// The members of an object that can be shown. The training record is whatever a file says, so the rest is dropped.
private func figures(_ json: JSONValue?, _ shown: (JSONValue) -> JSONValue?) -> JSONValue {
  .object((json?.members ?? []).compactMap { member in shown(member.value).map { .init(member.name, $0) } })
}
