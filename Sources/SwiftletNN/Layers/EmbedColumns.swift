// SPDX-License-Identifier: Apache-2.0
//
// EmbedColumns: what was learned of each category, in the place of its code.
//
// It stands at the front of a network for tables whose pipeline writes codes. A `Linear` behind it sees numbers only.
//
// Shapes    N rows, D columns, V codes of a column, K numbers learned of each
// Before    Embedding.swift     After    Factors.swift

import Foundation
import SwiftletAutograd
import SwiftletFormats
import SwiftletTensors

/// Replaces columns of codes by learned rows: `[N, D]` becomes `[N, D − columns + ΣK]`.
public struct EmbedColumns: Layer {
  public static let kind = "embed_columns"

  let positions: [Int]
  /// A table for each column of codes, shape `[V, K]`; normally distributed at first, a tenth as far as PyTorch's.
  private(set) var tables: [Tensor]

  /// Reads `columns`, a list with the `position` of each column of codes, its `count` of codes, and the `size` of what
  /// is learned of each.
  public init(from plan: LayerPlan) throws {
    guard let columns = plan.description["columns"]?.array, !columns.isEmpty, plan.inputShape.rank == 2 else {
      throw plan.error("needs \"columns\", a list, and rows of numbers.")
    }
    var positions: [Int] = []
    var tables: [Tensor] = []
    for (index, column) in columns.enumerated() {
      guard let position = column["position"]?.integer, position < plan.inputShape[1],
        position > (positions.last ?? -1),
        let count = column["count"]?.integer, (1...LayerPlan.sizeLimit).contains(count),
        let size = column["size"]?.integer, (1...EmbedColumns.largestSize).contains(size),
        Set(column.members?.map(\.name) ?? []) == ["position", "count", "size"]
      else {
        throw plan.error(
          "needs for each column a position after the one before and below \(plan.inputShape[1]), a count of codes and a "
            + "size up to \(EmbedColumns.largestSize).")
      }
      positions.append(position)
      tables.append(try plan.parameter("\(index).weight", [count, size], .normal(standardDeviation: 0.1)))
    }
    self.positions = positions
    self.tables = tables
  }

  /// The largest number of numbers that are learned of a code.
  private static let largestSize = 4096

  /// The usual number of numbers for V codes: 1.6 · V^0.56, at most 50.
  ///
  /// Source: `emb_sz_rule` of fastai, whose upper end is 600.
  public static func usualSize(codeCount: Int) -> Int {
    min(50, Int((1.6 * pow(Double(codeCount), 0.56)).rounded(.up)))
  }

  public var settings: JSONValue {
    let columns: [JSONValue] = zip(positions, tables).map { position, table in
      [
        "position": JSONValue(position), "count": JSONValue(table.shape[0]), "size": JSONValue(table.shape[1]),
      ]
    }
    return ["columns": .array(columns)]
  }

  public var parameters: [NamedParameter] {
    tables.enumerated().map { NamedParameter(name: "\($0).weight", value: $1) }
  }

  public mutating func updateParameters(_ body: (String, inout Tensor) throws -> Void) rethrows {
    for index in tables.indices { try body("\(index).weight", &tables[index]) }
  }

  public func callAsFunction(_ input: Tensor) -> Tensor { embedColumns(input, positions: positions, tables: tables) }

  public func callAsFunction(_ input: Variable) -> Variable {
    embedColumns(input, positions: positions, tables: tables.map { input.tape.parameter($0) })
  }

  public func multiplicationCount(for input: Shape) -> Double { 0 }  // it looks up

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.rank == 2, let last = positions.last, last < input[1] else {
      throw LayerError(
        "needs rows of more than \(positions.last ?? 0) numbers, and the shape of what comes in is \(input).")
    }
    return [input[0], input[1] - positions.count + tables.reduce(0) { $0 + $1.shape[1] }]
  }

  public var summaryName: String {
    "EmbedColumns(\(tables.map { "\($0.shape[0]) → \($0.shape[1])" }.joined(separator: ", ")))"
  }
}
