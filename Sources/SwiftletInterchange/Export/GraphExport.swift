// SPDX-License-Identifier: Apache-2.0
//
// GraphExport: a bundle as a graph that takes the raw columns and gives the answers.
//
// The whole way is in the file: the preparation of the columns, the network, the labels. So a program that runs it
// needs to know nothing of the training, and gets the answers of `predict`. What a column, a layer or a head becomes stands
// in three tables; what has no entry is refused by name.
//
// Before    GraphWriter.swift     After    ColumnExport.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTensors

/// Writes bundles as ONNX.
public enum GraphExport {
  /// A bundle as a file of ONNX.
  ///
  /// The inputs are those of the model's signature: `features`, shape `[batch, F]`, if all columns hold numbers; else one of
  /// shape `[batch, 1]` for each column. The outputs are `label` and `probabilities`, or `prediction`. Where
  /// a column has one of these names, the output gets another; the metadata `outputs` say which.
  ///
  /// - Parameter bundle: The model.
  /// - Returns: The file's bytes: operator set 15, format 8.
  /// - Throws: `FormatError` for a kind of column or layer that cannot be written.
  public static func onnx(_ bundle: ModelBundle) throws -> [UInt8] {
    var writer = GraphWriter()
    let features = try ColumnExport.write(bundle, to: &writer)
    let parameters = Dictionary(bundle.network.parameters.map { ($0.name, $0.value) }) { first, _ in first }
    var layers = LayerExport(name: bundle.name, parameters: parameters, width: bundle.pipeline.width)
    let scores = try layers.write(bundle.network.layers.map(\.description), of: features, to: &writer)
    HeadExport.write(bundle, scores, to: &writer)
    return writer.file(
      named: bundle.name, version: swiftletVersion, documentation: bundle.card,
      metadata: metadata(of: bundle, outputs: writer.outputs))
  }

  private static func metadata(
    of bundle: ModelBundle, outputs: [(meaning: String, name: String)]
  ) -> [(key: String, value: String)] {
    var metadata: [(key: String, value: String)] = [
      ("task", bundle.task), ("columns", JSONValue(bundle.pipeline.columnNames).encoded()),
      ("targets", JSONValue(bundle.labels.isEmpty ? bundle.head.targetNames : [bundle.target]).encoded()),
      ("outputs", JSONValue.object(outputs.map { .init($0.meaning, .string($0.name)) }).encoded()),
    ]
    if !bundle.labels.isEmpty { metadata.append(("labels", JSONValue(bundle.labels).encoded())) }
    if let threshold = bundle.threshold { metadata.append(("threshold", JSONValue.number(threshold).encoded())) }
    if let digest = bundle.training["data_sha256"]?.string { metadata.append(("data_sha256", digest)) }
    return metadata
  }
}
