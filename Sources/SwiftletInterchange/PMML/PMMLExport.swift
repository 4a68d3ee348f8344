// SPDX-License-Identifier: Apache-2.0
//
// PMMLExport: a bundle as a document that banks, insurers and their Java programs read.
//
// PMML has words of its own for what is done to columns, for regressions and for networks, so the document is the whole way from
// the row to the label, and people can read it. All numbers are computed in 64 bits there.
//
// Shapes    D features, C classes
// Before    PMMLColumns.swift     After    PyTorch/WeightFile.swift
// Source    dmg.org, PMML 4.4.1, Regression, NeuralNetwork, Output

import SwiftletFormats
import SwiftletModels

/// Writes bundles as PMML.
public struct PMMLExport {
  private let bundle: ModelBundle
  private let network: DenseNetwork
  private let columns: PMMLColumns
  /// Where a prediction is; nothing for classes.
  private let target: TargetForm?
  /// The field that is predicted.
  private let targetName: String
  /// The output with the label or the number.
  private let answerName: String
  /// The outputs with the probabilities, in the order of the labels.
  private let probabilityNames: [String]

  /// A bundle as a document of PMML 4.4.
  ///
  /// - Parameter bundle: A logistic or linear model, or a multi-layer perceptron with ReLU, tanh or sigmoid, of one target.
  /// - Returns: The text. Its outputs are `label` and a `probability_…` for each label, or `prediction`;
  ///   where a column or the target has such a name, `predicted_` stands before it.
  /// - Throws: `FormatError` for a kind of column, layer or target that cannot be written.
  public static func pmml(_ bundle: ModelBundle) throws -> String { try PMMLExport(bundle).document() }

  private init(_ bundle: ModelBundle) throws {
    self.bundle = bundle
    let prepared = try PreparedColumn.all(of: bundle, for: "PMML")
    var network = try DenseNetwork(bundle, for: "PMML")
    let targets = TargetForm.all(of: bundle)
    guard targets.count <= 1 else {
      throw FormatError(
        bundle.name,
        "predicts \(targets.count) columns, and a model of PMML predicts one. Train one for each, or use ONNX.")
    }
    guard !network.layers.contains(where: { $0.function == .gelu }) else {
      throw FormatError(bundle.name, "has the activation gelu, which PMML does not know. Use relu, tanh or sigmoid.")
    }
    network.giveEveryClassAScore(bundle.labels.count)
    var names = FreeNames(taken: prepared.map(\.name))
    targetName = names.output(bundle.target)
    answerName = names.output(targets.isEmpty ? "label" : "prediction")
    var probabilityNames: [String] = []
    for label in bundle.labels { probabilityNames.append(names.output("probability_\(label)")) }
    self.probabilityNames = probabilityNames
    columns = PMMLColumns(prepared, &names)
    target = targets.first
    self.network = network
  }

  private func document() throws -> String {
    var writer = XMLWriter()
    writer.element("PMML", [("xmlns", "http://www.dmg.org/PMML-4_4"), ("version", "4.4")]) { pmml in
      let summary = "\(bundle.name): \(bundle.task) of \(bundle.target)"
      pmml.element("Header", [("description", summary)]) {
        $0.element("Application", [("name", "swiftlet"), ("version", swiftletVersion)])
      }
      pmml.element("DataDictionary") { dictionary in
        columns.writeFields(to: &dictionary)
        writeTarget(to: &dictionary)
      }
      if network.isLinear { writeRegression(to: &pmml) } else { writeNetwork(to: &pmml) }
    }
    guard XMLWriter.holds(writer.text) else {
      throw FormatError(
        bundle.name, "has a column, label or category with a control character, which XML cannot hold. Use ONNX.")
    }
    return writer.text
  }

  private func writeTarget(to writer: inout XMLWriter) {
    guard target == nil else {
      return writer.element("DataField", [("name", targetName), ("optype", "continuous"), ("dataType", "double")])
    }
    writer.element("DataField", [("name", targetName), ("optype", "categorical"), ("dataType", "string")]) { field in
      for label in bundle.labels { field.element("Value", [("value", label)]) }
    }
  }

  private var function: String { target == nil ? "classification" : "regression" }

  /// What every model begins with.
  private func writeSchema(to model: inout XMLWriter) {
    model.element("MiningSchema") { schema in
      columns.writeMiningFields(to: &schema)
      schema.element("MiningField", [("name", targetName), ("usageType", "target")])
    }
    model.element("Output") { writeOutputs(to: &$0) }
    columns.writeDerivedFields(to: &model)
  }

  private func writeOutputs(to output: inout XMLWriter) {
    guard target == nil else {
      let names: XMLWriter.Attributes = [
        ("name", answerName), ("optype", "continuous"), ("dataType", "double"),
      ]
      return output.element("OutputField", names + [("feature", "predictedValue")])
    }
    for (name, label) in zip(probabilityNames, bundle.labels) {
      output.element(
        "OutputField",
        [
          ("name", name), ("optype", "continuous"), ("dataType", "double"), ("feature", "probability"),
          ("value", label),
        ])
    }
    let names: XMLWriter.Attributes = [
      ("name", answerName), ("optype", "categorical"), ("dataType", "string"),
    ]
    guard let threshold = bundle.threshold, bundle.labels.count == 2 else {
      return output.element("OutputField", names + [("feature", "predictedValue")])
    }
    // The second label from its threshold on.
    output.element("OutputField", names + [("feature", "transformedValue")]) { field in
      field.element("Apply", [("function", "if")]) { choice in
        choice.element("Apply", [("function", "greaterOrEqual")]) { comparison in
          comparison.element("FieldRef", [("field", probabilityNames[1])])
          comparison.element("Constant", [("dataType", "double")], text: "\(threshold)")
        }
        for label in bundle.labels.reversed() { choice.element("Constant", [("dataType", "string")], text: label) }
      }
    }
  }

  /// A weight in the unit of what is predicted.
  private func scaled(_ weight: Float) -> String { "\(Double(weight) * (target?.factor ?? 1))" }
  private func shifted(_ bias: Float) -> String { "\(Double(bias) * (target?.factor ?? 1) + (target?.offset ?? 0))" }

  // MARK: Models

  private func writeRegression(to pmml: inout XMLWriter) {
    let layer = network.layers[0]
    let biases = layer.bias.scalars
    let attributes: XMLWriter.Attributes = [
      ("modelName", bundle.name), ("functionName", function),
      ("normalizationMethod", target == nil ? "softmax" : "none"),
    ]
    pmml.element("RegressionModel", attributes) { model in
      writeSchema(to: &model)
      for output in 0..<layer.outputSize {
        let category: XMLWriter.Attributes = target == nil ? [("targetCategory", bundle.labels[output])] : []
        model.element("RegressionTable", [("intercept", shifted(biases[output]))] + category) { table in
          for (name, weight) in zip(columns.features, layer.row(output)) {
            table.element("NumericPredictor", [("name", name), ("coefficient", scaled(weight))])
          }
        }
      }
    }
  }

  private func writeNetwork(to pmml: inout XMLWriter) {
    let attributes: XMLWriter.Attributes = [
      ("modelName", bundle.name), ("functionName", function), ("activationFunction", "identity"),
    ]
    pmml.element("NeuralNetwork", attributes) { model in
      writeSchema(to: &model)
      model.element("NeuralInputs", [("numberOfInputs", "\(columns.features.count)")]) { inputs in
        for (position, name) in columns.features.enumerated() {
          inputs.element("NeuralInput", [("id", "0,\(position)")]) { input in
            input.element("DerivedField", [("optype", "continuous"), ("dataType", "double")]) {
              $0.element("FieldRef", [("field", name)])
            }
          }
        }
      }
      for position in network.layers.indices { writeLayer(position, to: &model) }
      let outputs = network.layers[network.layers.count - 1].outputSize
      model.element("NeuralOutputs", [("numberOfOutputs", "\(outputs)")]) { list in
        for output in 0..<outputs { writeNeuralOutput(output, to: &list) }
      }
    }
  }

  private func writeNeuralOutput(_ output: Int, to list: inout XMLWriter) {
    list.element("NeuralOutput", [("outputNeuron", "\(network.layers.count),\(output)")]) { element in
      let optype = target == nil ? "categorical" : "continuous"
      element.element("DerivedField", [("optype", optype), ("dataType", target == nil ? "string" : "double")]) {
        field in
        if target == nil {
          field.element("NormDiscrete", [("field", targetName), ("value", bundle.labels[output])])
        } else {
          field.element("FieldRef", [("field", targetName)])
        }
      }
    }
  }

  /// What a function is called in PMML.
  private static let functions: [DenseNetwork.Function: String] = [
    .identity: "identity", .relu: "rectifier", .tanh: "tanh", .sigmoid: "logistic",
  ]

  private func writeLayer(_ position: Int, to model: inout XMLWriter) {
    let layer = network.layers[position]
    let isLast = position == network.layers.count - 1
    let biases = layer.bias.scalars
    let attributes: XMLWriter.Attributes = [
      ("numberOfNeurons", "\(layer.outputSize)"), ("activationFunction", Self.functions[layer.function] ?? "identity"),
      ("normalizationMethod", isLast && target == nil ? "softmax" : "none"),
    ]
    model.element("NeuralLayer", attributes) { neurons in
      for output in 0..<layer.outputSize {
        let bias = isLast ? shifted(biases[output]) : "\(Double(biases[output]))"
        neurons.element("Neuron", [("id", "\(position + 1),\(output)"), ("bias", bias)]) { neuron in
          for (input, weight) in layer.row(output).enumerated() {
            let number = isLast ? scaled(weight) : "\(Double(weight))"
            neuron.element("Con", [("from", "\(position),\(input)"), ("weight", number)])
          }
        }
      }
    }
  }
}
