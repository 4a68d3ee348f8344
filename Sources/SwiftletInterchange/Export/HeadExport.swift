// SPDX-License-Identifier: Apache-2.0
//
// HeadExport: from scores to labels and probabilities, or to predictions.
//
// Shapes    N rows, C classes, T targets
// Before    LayerExport.swift     After    DenseNetwork.swift

import SwiftletFormats
import SwiftletModels

/// The end of a network, as operators.
enum HeadExport {
  /// Writes the answers, and declares them as the outputs.
  static func write(_ bundle: ModelBundle, _ scores: String, to writer: inout GraphWriter) {
    if bundle.labels.isEmpty {
      writePredictions(bundle, scores, to: &writer)
    } else {
      writeClasses(bundle, scores, to: &writer)
    }
  }

  private static func writeClasses(_ bundle: ModelBundle, _ scores: String, to writer: inout GraphWriter) {
    let labels = bundle.labels
    let label = writer.output("label", .text, [], meaning: "the label that is answered")
    let probabilities = writer.output(
      "probabilities", .float, [labels.count], meaning: labels.joined(separator: ", "))
    let index: String
    if let threshold = bundle.threshold, labels.count == 2 {
      let second = writer.node("Sigmoid", [scores], as: "second")
      let one = writer.constant("one", GraphValue([1], [Float(1)]))
      let first = writer.node("Sub", [one, second], as: "first")
      writer.node("Concat", [first, second], to: probabilities, [("axis", .integer(1))])
      let wide = writer.node("Cast", [second], as: "second_wide", [("to", .integer(Int(ElementType.double.rawValue)))])
      let bound = writer.constant("threshold", GraphValue([1], .double([threshold])))
      let isSecond = writer.node("GreaterOrEqual", [wide, bound], as: "is_second")
      let number = writer.node(
        "Cast", [isSecond], as: "is_second_number", [("to", .integer(Int(ElementType.int64.rawValue)))])
      index = writer.node("Reshape", [number, writer.constant("rows", GraphValue([1], [Int64(-1)]))], as: "index")
    } else {
      writer.node("Softmax", [scores], to: probabilities, [("axis", .integer(1))])
      index = writer.node("ArgMax", [probabilities], as: "index", [("axis", .integer(1)), ("keepdims", .integer(0))])
    }
    writer.node(
      "LabelEncoder", [index], to: label, domain: ONNXDomain.learning,
      [("keys_int64s", .integers(Array(labels.indices))), ("values_strings", .texts(labels))])
  }

  private static func writePredictions(_ bundle: ModelBundle, _ scores: String, to writer: inout GraphWriter) {
    let members = bundle.head.signature
    let targets = members.first { $0.name == "targets" }?.value.array ?? []
    func row(_ key: String) -> GraphValue {
      GraphValue([1, targets.count], .double(targets.map { $0[key]?.number ?? 0 }))
    }
    let type = bundle.head.isDouble ? ElementType.double : .float
    let prediction = writer.output(
      "prediction", type, [targets.count], meaning: bundle.head.targetNames.joined(separator: ", "))
    let wide = writer.node("Cast", [scores], as: "scores_wide", [("to", .integer(Int(ElementType.double.rawValue)))])
    let scaled = writer.node("Mul", [wide, writer.constant("target_factor", row("factor"))], as: "scaled")
    let shifted = writer.node("Add", [scaled, writer.constant("target_offset", row("offset"))], as: "shifted")
    writer.node("Cast", [shifted], to: prediction, [("to", .integer(Int(type.rawValue)))])
  }
}
