// SPDX-License-Identifier: Apache-2.0
//
// CoreMLModel: a message of a Core ML specification, with what it takes and gives.
//
// Every step of a pipeline is a whole model with named inputs and outputs; that the names of one are those of the next is what
// connects them.
//
// Before    Export/PreparedColumn.swift     After    CoreMLPipeline.swift
// Source    coremltools 9.0, mlmodel/format/Model.proto, FeatureTypes.proto

import SwiftletFormats

/// A value that goes in or out.
struct CoreMLFeature {
  /// What it holds.
  enum Form {
    case double, int64, string
    /// Numbers in 64 bits, of this many.
    case array(Int)
    /// A probability for each label.
    case probabilities

    fileprivate func write(to type: inout ProtobufWriter) {
      switch self {
      case .int64: type.message(1) { _ in }
      case .double: type.message(2) { _ in }
      case .string: type.message(3) { _ in }
      case .array(let count):
        type.message(5) { array in
          array.write(1, signed: Int64(count))
          array.write(2, unsigned: 65_600)  // DOUBLE
        }
      case .probabilities: type.message(6) { $0.message(2) { _ in } }  // the keys are texts
      }
    }
  }

  let name: String
  let form: Form
  /// A sentence for people.
  var meaning = ""

  fileprivate func write(to description: inout ProtobufWriter) {
    description.write(1, string: name)
    if !meaning.isEmpty { description.write(2, string: meaning) }
    description.message(3) { form.write(to: &$0) }
  }
}

/// Facts about a model, for people and programs.
struct CoreMLMetadata {
  var summary = ""
  var version = ""
  var facts: [(key: String, value: String)] = []
}

/// A model: what it takes and gives, and one of the kinds of the specification.
struct CoreMLModel {
  /// The kinds that are written here, by their numbers in the message.
  enum Kind: Int {
    case pipelineClassifier = 200
    case pipeline = 202
    case glmRegressor = 300
    case glmClassifier = 400
    case neuralNetworkClassifier = 403
    case neuralNetwork = 500
    case oneHotEncoder = 600
    case imputer = 601
    case featureVectorizer = 602
    case scaler = 604
    case categoricalMapping = 606
    case arrayFeatureExtractor = 609
  }

  /// Of iOS 13 and macOS 10.15: the first with GELU and with arrays of one axis in networks.
  private static let version: Int64 = 4

  let kind: Kind
  let inputs: [CoreMLFeature]
  let outputs: [CoreMLFeature]
  /// Whether the outputs are a label and its probabilities.
  var isClassifier = false
  var metadata = CoreMLMetadata()
  /// The fields of the kind's own message.
  let body: ProtobufWriter

  /// The message.
  var message: ProtobufWriter {
    var model = ProtobufWriter()
    model.write(1, signed: Self.version)
    model.message(2) { description in
      for input in inputs { description.message(1) { input.write(to: &$0) } }
      for output in outputs { description.message(10) { output.write(to: &$0) } }
      if isClassifier, outputs.count == 2 {
        description.write(11, string: outputs[0].name)
        description.write(12, string: outputs[1].name)
      }
      description.message(100) { write(metadata, to: &$0) }
    }
    model.write(kind.rawValue, bytes: body.bytes)
    return model
  }

  private func write(_ metadata: CoreMLMetadata, to message: inout ProtobufWriter) {
    if !metadata.summary.isEmpty { message.write(1, string: metadata.summary) }
    if !metadata.version.isEmpty { message.write(2, string: metadata.version) }
    for fact in metadata.facts {
      message.message(100) { entry in
        entry.write(1, string: fact.key)
        entry.write(2, string: fact.value)
      }
    }
  }
}

extension ProtobufWriter {
  /// Writes numbers as one field: what a reader of protobuf takes for repeated doubles.
  mutating func write(_ field: Int, packed numbers: [Double]) {
    write(field, bytes: numbers.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) } })
  }

  /// Writes numbers as one field.
  mutating func write(_ field: Int, packed numbers: some Sequence<Float>) {
    write(field, bytes: numbers.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) } })
  }

  /// Writes a list of texts as a message of its own.
  mutating func write(_ field: Int, list texts: [String]) {
    message(field) { list in
      for text in texts { list.write(1, string: text) }
    }
  }
}
