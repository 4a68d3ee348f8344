// SPDX-License-Identifier: Apache-2.0
//
// The playground's view of a model: enough to make a form, to draw the answer, and to say why.
//
// It is made from the signature alone. The recipe stays out of it, because it names places on the machine where
// the model was trained.
//
// Before    StaticAssets.swift     After    PlaygroundSaliency.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables

/// Describes a model for the playground.
package func playgroundDescription(of model: Signature) -> JSONValue {
  var members: [JSONValue.Member] = [
    .init("name", .string(model.name)), .init("task", .string(model.task)),
    .init("kind", .string(model.facts.kind)), .init("target", .string(model.target)),
    .init("parameters", JSONValue(model.facts.parameterCount)),
    .init("inputs", .array(inputs(of: model))),
  ]
  members += model.head.signature.filter { $0.name != "outputs" }.map {
    .init($0.name, withUnits($0.value, of: model))
  }
  if let threshold = model.head.threshold { members.append(.init("threshold", .number(threshold))) }
  if let view = model.facts.illustration.view {
    members.append(
      .init(
        "view",
        [
          "width": JSONValue(view.width), "height": JSONValue(view.height), "max": .number(view.maximum),
          "columns": JSONValue(view.columns),
        ]))
  }
  if PictureLayout(model) != nil { members.append(.init("saliency", true)) }
  if let linear = linearParameters(of: model) { members.append(.init("linear", linear)) }
  members += [
    .init("metrics", figures(model.facts.training["metrics"]) { figures($0) { $0.number.map { .number($0) } } }),
    .init("baseline", figures(model.facts.training["baseline"]) { $0.number.map { .number($0) } }),
    .init("card", .string(model.facts.card)),
  ]
  return .object(members)
}

/// Each column: its type, how it is prepared, what training held, and the value to begin with.
private func inputs(of model: Signature) -> [JSONValue] {
  let examples = Dictionary(
    model.facts.illustration.example.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  let known = model.facts.affines
  let affines = model.inputs.indices.map { $0 < known.count ? known[$0] : nil }
  return zip(model.inputs, affines).map { schema, affine in
    var members: [JSONValue.Member] = [
      .init("name", .string(schema.name)), .init("type", .string(schema.type.rawValue)),
    ]
    if !schema.words.isEmpty { members.append(.init("categories", JSONValue(schema.words))) }
    if schema.isCell { members.append(.init("fill", schema.fill)) }
    if let affine {
      members += [.init("offset", .number(affine.offset)), .init("factor", .number(affine.factor))]
    }
    members += schema.sizeMembers + (schema.profile?.members ?? [])
    if schema.rowShape.rank == 3 { members.append(.init("channels", JSONValue(schema.rowShape[0]))) }
    if let unit = schema.unit { members.append(.init("unit", .string(unit))) }
    if let example = examples[schema.name] { members.append(.init("example", example)) }
    return .object(members)
  }
}

/// A list in which each object with a name that has a unit says it; what is no list stays as it is.
private func withUnits(_ list: JSONValue, of model: Signature) -> JSONValue {
  guard let elements = list.array else { return list }
  return .array(
    elements.map { element in
      guard let members = element.members, let unit = element["name"]?.string.flatMap(model.facts.illustration.unit)
      else {
        return element
      }
      return .object(members + [.init("unit", .string(unit))])
    })
}

/// Weights and biases of a model that is one linear layer, a row for each score: what a feature adds to a score is
/// its weight times its value. Left out if there are more than a page can use.
private func linearParameters(of model: Signature) -> JSONValue? {
  let parameters = model.facts.linearParameters
  guard parameters.count == 2, parameters[0].count <= 1 << 16 else { return nil }
  let (weights, width) = (parameters[0].scalars, model.featureCount)
  let rows: [JSONValue] = stride(from: 0, to: weights.count, by: width).map { start in
    .array(weights[start..<start + width].map { .number(shortest($0)) })
  }
  return ["weights": .array(rows), "bias": .array(parameters[1].scalars.map { .number(shortest($0)) })]
}

/// The members of an object that can be shown. The training record comes from a file, so the rest is dropped.
private func figures(_ json: JSONValue?, _ shown: (JSONValue) -> JSONValue?) -> JSONValue {
  .object((json?.members ?? []).compactMap { member in shown(member.value).map { .init(member.name, $0) } })
}
