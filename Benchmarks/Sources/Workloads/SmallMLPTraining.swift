// SPDX-License-Identifier: Apache-2.0
//
// Training a small network: ten epochs of 64-64-10 on the digits in batches of 32, by Adam.
//
// The products of such a step take a few microseconds, so what is measured is everything else: how much a toolkit
// does for a step besides computing. Peer: mlp_torch.py data=digits.
//
// Options   threads=2, epochs=10
// Before    MLPTraining.swift     After    CNNTraining.swift

import SwiftletData
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors
import SwiftletTraining

public struct SmallMLPTraining: Workload {
  private let epochs: Epochs

  public init(_ options: Options) throws {
    let threads = try options.count("threads", default: 2)
    setThreadCount(threads)
    let table = try DataLoader(options.text("data", default: "Datasets/digits")).load().table
    let pixels = table.columns.filter { $0.type == .number }.prefix(64)
    guard pixels.count == 64, case .codes(let labels, _)? = table["digit"]?.values else {
      throw UsageError("Datasets/digits must hold 64 columns of pixels and the category \"digit\".")
    }
    var scalars = Array(repeating: Float(0), count: table.rowCount * 64)
    for (position, column) in pixels.enumerated() {
      guard case .numbers(let numbers) = column.values else { continue }
      for (row, value) in numbers.enumerated() { scalars[row * 64 + position] = Float(value / 16) }
    }
    let examples = Examples(
      features: .dense(Tensor(scalars, shape: [table.rowCount, 64])), truth: Truth(labels: labels))
    epochs = Epochs(
      examples, sizes: [64, 64, 10], batchSize: 32, epochCount: try options.count("epochs", default: 10),
      threads: threads)
  }

  public func measure() throws -> Measurement { try epochs.measure() }
}
