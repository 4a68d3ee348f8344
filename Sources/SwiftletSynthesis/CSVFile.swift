// SPDX-License-Identifier: Apache-2.0
//
// CSVFile: rows on their way to a file.
//
// Before    Chance.swift     After    Sets/Toys.swift

import SwiftletFormats

/// A file of delimited text that grows by rows.
struct CSVFile {
  private(set) var bytes: [UInt8]

  init(_ header: [String]) { bytes = Array(csvLine(header).utf8) }

  mutating func add(_ fields: [String]) { bytes += csvLine(fields).utf8 }
}
