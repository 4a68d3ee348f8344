// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import SwiftletTables
import Testing

@Suite("Label names of a data set")
struct LabelNameTests {
  @Test("must be distinct, or the data could not be told apart")
  func distinct() throws {
    let text = "name: x\nfiles: x.csv\ncolumns:\n  c: {categories: [a, b, a]}\n"
    #expect { try DatasetDescription(try YAML.parse(text, name: "dataset.yaml")) } throws: {
      "\($0)" == "dataset.yaml, line 4: the category \"a\" appears twice."
    }
  }
}
