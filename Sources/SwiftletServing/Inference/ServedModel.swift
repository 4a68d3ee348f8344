// SPDX-License-Identifier: Apache-2.0
//
// ServedModel: one version of a model, ready to answer.
//
// It never changes: a bundle that is replaced on disk becomes another served model, which takes this one's
// place, while requests that hold this one are answered by it.
//
// Before    Wire/Preferences.swift     After    PreparedRows.swift

import Foundation
import NIOCore
import SwiftletFormats
import SwiftletModels
import SwiftletTables

/// An input or an output, as the protocols describe it.
package struct TensorDescription: Sendable, Equatable {
  package let name: String
  package let datatype: Datatype
  /// −1 stands for the number of rows.
  package let shape: [Int]
}

extension Datatype {
  /// The datatype that a value of this form is published with.
  init(of form: InputSchema.Form) {
    switch form {
    case .number, .byte: self = .fp32
    case .word: self = .bytes
    case .truth: self = .bool
    }
  }
}

/// A model that answers.
package final class ServedModel: Sendable {
  package let name: String
  package let version: String
  package let model: any Model
  /// What the model takes and gives.
  package let signature: Signature
  /// What makes its lists, if it recommends.
  let recommender: Recommender?
  package let batcher: Batcher
  package let statistics = ModelStatistics()
  /// When it was loaded, in seconds since 1970.
  package let created: Int

  package let inputs: [TensorDescription]
  package let outputs: [TensorDescription]
  /// The position of every column.
  private let positions: [String: Int]
  /// The numbers that it accepts.
  let bounds: InputBounds
  /// Whether its answers are published as 64-bit numbers.
  let isDouble: Bool
  /// The label names as JSON texts.
  let quotedLabels: [String]
  /// What a request is answered that chooses no outputs, as JSON and as bytes.
  let allOutputs: (json: [ChosenOutput], binary: [ChosenOutput])
  /// The members with which every answer of the Open Inference Protocol begins.
  let responsePrefix: String

  package init(name: String, version: String, model: any Model, limits: BatchLimits) {
    self.name = name
    self.version = version
    self.model = model
    let signature = model.signature
    self.signature = signature
    recommender = try? signature.head.recommender(of: model)
    batcher = Batcher(
      limits: limits, featureCount: signature.featureCount, answerWidth: signature.head.answerWidth,
      costPerRow: model.rowCost, statistics: statistics
    ) { model.answer(features: $0, into: $1) }
    created = Int(Date().timeIntervalSince1970)
    positions = Dictionary(
      signature.columnNames.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    bounds = InputBounds(signature.inputs)
    inputs = ServedModel.inputs(of: signature)
    outputs = ServedModel.outputs(of: signature.head)
    let schemas = signature.head.outputs
    allOutputs = (
      json: schemas.map { ChosenOutput(schema: $0, isBinary: false) },
      binary: schemas.map { ChosenOutput(schema: $0, isBinary: true) }
    )
    isDouble = signature.head.isDouble
    quotedLabels = signature.labels.map(ResponseWriter.quoted)
    responsePrefix =
      "\"model_name\":\(ResponseWriter.quoted(name)),\"model_version\":\(ResponseWriter.quoted(version)),\"outputs\":["
  }

  /// Whether it answers with labels and their probabilities, and not with bare numbers.
  package var isClassification: Bool { !signature.labels.isEmpty }

  /// The input with a name, or `nil`.
  func input(named name: String) -> InputSchema? { positions[name].map { signature.inputs[$0] } }

  private static func inputs(of signature: Signature) -> [TensorDescription] {
    guard !signature.isNumeric else {
      return [TensorDescription(name: wholeInputName(signature), datatype: .fp32, shape: [-1, signature.inputs.count])]
    }
    return signature.inputs.map { input in
      TensorDescription(
        name: input.name, datatype: Datatype(of: input.form), shape: [-1] + (input.isCell ? [1] : Array(input.rowShape))
      )
    }
  }

  /// The name of the input of all numbers: `features`, unless a column has that name.
  static func wholeInputName(_ signature: Signature) -> String {
    ["features", "x", "inputs"].first { !signature.columnNames.contains($0) } ?? "all_features"
  }

  private static func outputs(of head: any Head) -> [TensorDescription] {
    head.outputs.map { output in
      let datatype: Datatype =
        switch output.form {
        case .label: .bytes
        case .single: .fp32
        case .double: .fp64
        }
      return TensorDescription(name: output.name, datatype: datatype, shape: [-1, output.width])
    }
  }

  /// Whether every number of the answers is finite in the bits that it is published with.
  func isFinite(_ answers: Answers) -> Bool {
    isDouble ? answers.values.allSatisfy(\.isFinite) : answers.values.allSatisfy { Float($0).isFinite }
  }

  /// The position of the label of a row's probabilities.
  func label(of row: ArraySlice<Double>) -> Int { signature.head.label(of: row) }
}
