// SPDX-License-Identifier: Apache-2.0
//
// A page that answers in the browser.
//
// Before    ExportFormat.swift     After    ONNXFormat.swift

import SwiftletModels
import SwiftletServing

enum PageFormat: ExportFormat {
  static let name = "html"
  static let about = "a page with the model in it, which answers in any browser, from a file or a static site"
  static let hint: String? = "Open it in a browser; it needs no server."

  static func write(_ model: ModelBundle, to file: OutputFile) throws { try file.write(livePage(of: model)) }
}
