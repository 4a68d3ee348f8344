// SPDX-License-Identifier: Apache-2.0
//
// Reading a table: a CSV of 785 columns of numbers, from the file to typed columns.
//
// The file is in the system's cache after the first turn, so what is measured is the reader. Peer: csv_pandas.py.
//
// Options   file=PATH
// Before    Products.swift     After    Catalog.swift

import Foundation
import SwiftletFormats
import SwiftletTables

public struct CSVReading: Workload {
  private let path: String
  private let megabytes: Double

  public init(_ options: Options) throws {
    path = options.text("file", default: "")
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    megabytes = Double(size) / 1e6
  }

  public func measure() throws -> Measurement {
    var table: Table?
    let time = try seconds { table = try TableReader().readCSV(.file(path)) }
    return Measurement(seconds: time, count: megabytes, unit: "MB", check: table.map(mean(of:)))
  }

  /// The mean of all the table's numbers.
  private func mean(of table: Table) -> Double {
    var (sum, count) = (0.0, 0)
    for column in table.columns {
      guard case .numbers(let numbers) = column.values else { continue }
      sum += numbers.reduce(0, +)
      count += numbers.count
    }
    return sum / Double(max(count, 1))
  }
}
