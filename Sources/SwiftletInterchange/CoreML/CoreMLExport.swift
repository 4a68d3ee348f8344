// SPDX-License-Identifier: Apache-2.0
//
// CoreMLExport: a bundle as a model for the phones, tablets and computers of Apple.
//
// The whole way is in the file, columns and labels included, so an app gives it a row as the user wrote it. A linear model becomes
// a generalized linear one, in 64 bits; others become a network, in 32.
//
// Shapes    D features, C classes, T targets
// Before    CoreMLNetwork.swift     After    PMML/XMLWriter.swift
// Source    coremltools 9.0, mlmodel/format/GLMClassifier.proto, GLMRegressor.proto, ArrayFeatureExtractor.proto

import SwiftletFormats
import SwiftletModels
import SwiftletTensors

/// Writes bundles for Core ML.
public enum CoreMLExport {
  /// A bundle as a file of Core ML, specification 4.
  ///
  /// It takes a double for each column of numbers and a text for each other one. It gives `label`, the most probable one, and
  /// `probabilities`; or a double for each target, by its name. Where a column has such a name, `predicted_` stands before it.
  ///
  /// - Parameter bundle: A logistic or linear model, or a multi-layer perceptron.
  /// - Returns: The bytes of the .mlmodel.
  /// - Throws: `FormatError` for a kind of column or layer that cannot be written.
  public static func coreML(_ bundle: ModelBundle) throws -> [UInt8] {
    let columns = try PreparedColumn.all(of: bundle, for: "Core ML")
    let network = try DenseNetwork(bundle, for: "Core ML")
    let inputs = columns.map(CoreMLPipeline.input)
    let ends = bundle.labels.isEmpty ? TargetForm.all(of: bundle).map(\.name) : ["label", "probabilities"]
    var names = FreeNames(taken: columns.map(\.name))
    let outputs = ends.map { names.output($0) }
    var pipeline = CoreMLPipeline(names: names)
    let features = pipeline.prepare(columns)
    let results =
      bundle.labels.isEmpty
      ? addNumbers(bundle, network, features, outputs, to: &pipeline)
      : addClasses(bundle, network, features, outputs, to: &pipeline)
    var body = ProtobufWriter()
    if bundle.labels.isEmpty { body = pipeline.body } else { body.write(1, bytes: pipeline.body.bytes) }
    let model = CoreMLModel(
      kind: bundle.labels.isEmpty ? .pipeline : .pipelineClassifier, inputs: inputs, outputs: results,
      isClassifier: !bundle.labels.isEmpty, metadata: metadata(of: bundle), body: body)
    return model.message.bytes
  }

  private static func addClasses(
    _ bundle: ModelBundle, _ network: DenseNetwork, _ features: CoreMLFeature, _ names: [String],
    to pipeline: inout CoreMLPipeline
  ) -> [CoreMLFeature] {
    let decided = bundle.labels.count == 2 && bundle.threshold != 0.5 ? bundle.threshold : nil
    let rule = decided.map { threshold in
      "the more probable label; predict answers \(quoted(bundle.labels[1])) from a probability of \(threshold) on"
    }
    let outputs = [
      CoreMLFeature(name: names[0], form: .string, meaning: rule ?? "the most probable label"),
      CoreMLFeature(name: names[1], form: .probabilities, meaning: "the probability of each label"),
    ]
    var body = ProtobufWriter()
    let isGLM = network.isLinear && network.layers[0].outputSize == 1 && bundle.labels.count == 2
    if isGLM {
      let layer = network.layers[0]
      body.message(1) { $0.write(1, packed: layer.row(0).map { Double($0) }) }
      body.write(2, packed: [Double(layer.bias.scalars[0])])
      body.write(3, unsigned: 0)  // the logistic function
      body.write(4, unsigned: 0)  // of the second label; the first is the reference
    } else {
      var whole = network
      whole.giveEveryClassAScore(bundle.labels.count)
      let blob = pipeline.unused("softmax")
      CoreMLNetwork.write(whole, of: features.name, to: blob, isSoftmax: true, body: &body)
      body.write(200, string: blob)
    }
    body.write(100, list: bundle.labels)
    pipeline.add(
      CoreMLModel(
        kind: isGLM ? .glmClassifier : .neuralNetworkClassifier, inputs: [features], outputs: outputs,
        isClassifier: true, body: body))
    return outputs
  }

  private static func addNumbers(
    _ bundle: ModelBundle, _ network: DenseNetwork, _ features: CoreMLFeature, _ names: [String],
    to pipeline: inout CoreMLPipeline
  ) -> [CoreMLFeature] {
    let targets = TargetForm.all(of: bundle)
    let outputs = zip(names, targets).map { name, target in
      CoreMLFeature(
        name: name, form: .double,
        meaning: "the prediction of \(target.name)"
          + (bundle.illustration.unit(of: target.name).map { " [\($0)]" } ?? ""))
    }
    if network.isLinear {
      let layer = network.layers[0]
      for (position, output) in outputs.enumerated() {
        let target = targets[position]
        var body = ProtobufWriter()
        body.message(1) { $0.write(1, packed: layer.row(position).map { Double($0) * target.factor }) }
        body.write(2, packed: [Double(layer.bias.scalars[position]) * target.factor + target.offset])
        pipeline.add(CoreMLModel(kind: .glmRegressor, inputs: [features], outputs: [output], body: body))
      }
      return outputs
    }
    let scores = CoreMLFeature(name: pipeline.unused("scores"), form: .array(targets.count))
    var layers = ProtobufWriter()
    CoreMLNetwork.write(network, of: features.name, to: scores.name, isSoftmax: false, body: &layers)
    pipeline.add(CoreMLModel(kind: .neuralNetwork, inputs: [features], outputs: [scores], body: layers))
    let predictions = pipeline.add(.scaler, [scores], as: "predictions", scores.form) { body in
      body.write(1, packed: targets.map { $0.offset / $0.factor })
      body.write(2, packed: targets.map(\.factor))
    }
    for (position, output) in outputs.enumerated() {
      var body = ProtobufWriter()
      body.write(1, unsigned: UInt64(position))
      pipeline.add(CoreMLModel(kind: .arrayFeatureExtractor, inputs: [predictions], outputs: [output], body: body))
    }
    return outputs
  }

  private static func metadata(of bundle: ModelBundle) -> CoreMLMetadata {
    var facts: [(key: String, value: String)] = [("task", bundle.task), ("target", bundle.target)]
    if let threshold = bundle.threshold { facts.append(("threshold", "\(threshold)")) }
    if let digest = bundle.training["data_sha256"]?.string { facts.append(("data_sha256", digest)) }
    return CoreMLMetadata(
      summary: "\(bundle.name): \(bundle.task) of \(bundle.target)", version: "swiftlet \(swiftletVersion)",
      facts: facts)
  }
}
