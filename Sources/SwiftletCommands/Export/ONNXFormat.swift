// SPDX-License-Identifier: Apache-2.0
//
// A graph of ONNX, from the raw columns to the answers.
//
// Before    PageFormat.swift     After    CoreMLFormat.swift

import SwiftletInterchange
import SwiftletModels

enum ONNXFormat: ExportFormat {
  static let name = "onnx"
  static let about = "a graph that takes the raw columns and gives the answers, for onnxruntime and other programs"
  static let hint: String? = "Its inputs and outputs: swiftlet inspect FILE."

  static func write(_ model: ModelBundle, to file: OutputFile) throws {
    guard file.path != "-" else {
      throw OutputError(message: "A graph of ONNX is bytes and no text for standard output. Name a file with --output.")
    }
    try file.write(bytes: GraphExport.onnx(model))
  }
}
