// SPDX-License-Identifier: Apache-2.0
//
// From answers to a `ModelInferResponse`.
//
//     model_name 1, model_version 2, id 3, parameters 4, outputs 5, raw_output_contents 6
//
// Where the inputs came as bytes, so do the outputs: `raw_output_contents`, as Triton has it. Else each output has its
// contents.
//
// Shapes    N rows, W numbers for each
// Before    CallContents.swift     After    CallAnswer.swift
// Source    triton-inference-server/common, protobuf/grpc_service.proto, ModelInferResponse

import SwiftletFormats
import SwiftletModels

/// An output with its values.
struct CallOutput {
  enum Content {
    case singles([Double])
    case doubles([Double])
    case texts([String])
  }

  let name: String
  let shape: [Int]
  let content: Content

  private var datatype: Datatype {
    switch content {
    case .singles: .fp32
    case .doubles: .fp64
    case .texts: .bytes
    }
  }

  /// The numbers, lowest byte first, or each text behind its length.
  private var bytes: [UInt8] {
    var bytes: [UInt8] = []
    switch content {
    case .singles(let numbers):
      bytes.reserveCapacity(4 * numbers.count)
      for number in numbers { withUnsafeBytes(of: Float(number).bitPattern.littleEndian) { bytes += $0 } }
    case .doubles(let numbers):
      bytes.reserveCapacity(8 * numbers.count)
      for number in numbers { withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes += $0 } }
    case .texts(let texts):
      for text in texts {
        withUnsafeBytes(of: UInt32(text.utf8.count).littleEndian) { bytes += $0 }
        bytes += text.utf8
      }
    }
    return bytes
  }

  /// Writes an `InferOutputTensor`: name 1, datatype 2, shape 3, contents 5.
  fileprivate func write(to tensor: inout ProtobufWriter, hasContents: Bool) {
    tensor.write(1, string: name)
    tensor.write(2, string: datatype.rawValue)
    for size in shape { tensor.write(3, signed: Int64(size)) }
    guard hasContents, let field = datatype.contents?.field else { return }
    tensor.message(5) { contents in
      if case .texts(let texts) = content {
        for text in texts { contents.write(field, string: text) }
      } else {
        contents.write(field, bytes: bytes)  // packed numbers are their bytes
      }
    }
  }

  /// Writes the outputs into a response.
  static func write(_ outputs: [CallOutput], asBytes: Bool, to response: inout ProtobufWriter) {
    for output in outputs { response.message(5) { output.write(to: &$0, hasContents: !asBytes) } }
    if asBytes { for output in outputs { response.write(6, bytes: output.bytes) } }
  }
}

extension ServedModel {
  /// The outputs that were chosen, with the values of the answers.
  func callOutputs(_ answers: Answers, _ chosen: [ChosenOutput]) -> [CallOutput] {
    chosen.map { output in
      let name = output.schema.name
      if let count = output.classificationCount {
        let width = min(count, answers.width)
        return CallOutput(
          name: name, shape: [answers.count, width], content: .texts(classification(answers, count: count)))
      }
      switch output.schema.form {
      case .label:
        let labels = (0..<answers.count).map { signature.labels[label(of: answers.row($0))] }
        return CallOutput(name: name, shape: [answers.count, 1], content: .texts(labels))
      case .single:
        return CallOutput(name: name, shape: [answers.count, answers.width], content: .singles(answers.values))
      case .double:
        return CallOutput(name: name, shape: [answers.count, answers.width], content: .doubles(answers.values))
      }
    }
  }

  /// `items` and `scores`, of shape `[users, top]`.
  func callOutputs(lists: [[RecommendedItem]]) -> [CallOutput] {
    let width = lists.map(\.count).max() ?? 0
    let items = lists.flatMap { list in list.map(\.item) + Array(repeating: "", count: width - list.count) }
    let scores = lists.flatMap { list in list.map(\.score) + Array(repeating: 0, count: width - list.count) }
    let shape = [lists.count, width]
    return [
      CallOutput(name: "items", shape: shape, content: .texts(items)),
      CallOutput(name: "scores", shape: shape, content: .doubles(scores)),
    ]
  }
}
