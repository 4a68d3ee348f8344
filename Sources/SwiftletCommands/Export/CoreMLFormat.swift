// SPDX-License-Identifier: Apache-2.0
//
// A model for apps on the devices of Apple.
//
// Before    ONNXFormat.swift     After    PMMLFormat.swift

import SwiftletInterchange
import SwiftletModels

enum CoreMLFormat: ExportFormat {
  static let name = "coreml"
  static let ending = "mlmodel"
  static let about = "a model for apps on iPhone, iPad and Mac (logistic, linear and mlp)"
  static let hint: String? = "Add it to an app in Xcode, which makes a class of it."

  static func write(_ model: ModelBundle, to file: OutputFile) throws {
    guard file.path != "-" else {
      throw OutputError(
        message: "A model of Core ML is bytes and no text for standard output. Name a file with --output.")
    }
    try file.write(bytes: CoreMLExport.coreML(model))
  }
}
