// SPDX-License-Identifier: Apache-2.0
//
// A document for the rule engines and Java programs of banks and insurers.
//
// Before    CoreMLFormat.swift     After    ImportCommand.swift

import SwiftletInterchange
import SwiftletModels

enum PMMLFormat: ExportFormat {
  static let name = "pmml"
  static let about = "a document of PMML 4.4, for Java programs and databases (logistic, linear and mlp)"
  static let hint: String? = nil

  static func write(_ model: ModelBundle, to file: OutputFile) throws { try file.write(PMMLExport.pmml(model)) }
}
