// SPDX-License-Identifier: Apache-2.0
//
// Columns of codes, replaced by what was learned of each code.
//
// A table of examples has numbers in some columns and codes in others. The numbers stay, in their order; behind them
// comes for each column of codes the row of its own table.
//
// Shapes    N rows, D columns, V codes of a column, K numbers learned of each
// Before    Embedding.swift     After    Pairs.swift

import SwiftletTensors

/// Numbers as they are, and behind them the rows of the tables that the codes name.
///
/// - Parameters:
///   - x: Shape `[N, D]`. A code is a whole number from 0 to V − 1; others count as the nearest.
///   - positions: The columns of codes, in ascending order.
///   - tables: A table of shape `[V, K]` for each of them.
/// - Returns: Shape `[N, D − positions.count + ΣK]`.
public func embedColumns(_ x: Variable, positions: [Int], tables: [Variable]) -> Variable {
  let input = x.value
  let shapes = tables.map(\.shape)
  let layout = EmbeddedColumns(width: input.shape[1], positions: positions, shapes: shapes)
  let output = layout.output(input, tables.map(\.value))
  let needsInput = x.needsGradient
  return x.tape.record(.embedColumns, output, from: [x] + tables) { upstream in
    [needsInput ? layout.inputGradient(upstream) : nil]
      + shapes.indices.map {
        layout.tableGradient(upstream, input, table: $0)
      }
  }
}

/// The same without a tape.
public func embedColumns(_ x: Tensor, positions: [Int], tables: [Tensor]) -> Tensor {
  EmbeddedColumns(width: x.shape[1], positions: positions, shapes: tables.map(\.shape)).output(x, tables)
}

/// Where each column of the input goes.
private struct EmbeddedColumns {
  let width: Int
  let positions: [Int]
  let shapes: [Shape]
  /// The columns of numbers.
  let kept: [Int]
  /// The first column of each table's row in the output.
  let starts: [Int]
  let outputWidth: Int

  init(width: Int, positions: [Int], shapes: [Shape]) {
    guard positions.count == shapes.count, positions.allSatisfy({ (0..<width).contains($0) }),
      zip(positions, positions.dropFirst()).allSatisfy({ $0 < $1 }),
      shapes.allSatisfy({ $0.rank == 2 && $0[0] > 0 })
    else { stop("embedColumns: needs ascending columns below \(width), each with a table [V, K], not \(positions)") }
    self.width = width
    self.positions = positions
    self.shapes = shapes
    kept = (0..<width).filter { !positions.contains($0) }
    var start = kept.count
    starts = shapes.map { shape in
      defer { start += shape[1] }
      return start
    }
    outputWidth = start
  }

  /// The code of a cell, brought into the range of its table.
  private func code(_ value: Float, of table: Int) -> Int {
    value >= 1 ? min(Int(min(value, 0x1p24)), shapes[table][0] - 1) : 0  // a NaN is not at least 1
  }

  func output(_ x: Tensor, _ tables: [Tensor]) -> Tensor {
    let tables = tables.map(\.scalars)
    return Tensor(uninitialized: [x.shape[0], outputWidth]) { output in
      x.withUnsafeScalars { x in
        for row in 0..<(width == 0 ? 0 : x.count / width) {
          for (column, position) in kept.enumerated() { output[row * outputWidth + column] = x[row * width + position] }
          for (table, position) in positions.enumerated() {
            let size = shapes[table][1]
            let from = code(x[row * width + position], of: table) * size
            for i in 0..<size { output[row * outputWidth + starts[table] + i] = tables[table][from + i] }
          }
        }
      }
    }
  }

  /// The gradient goes on to the numbers; a code has none.
  func inputGradient(_ upstream: Tensor) -> Tensor {
    var gradient = Tensor.zeros([upstream.shape[0], width])
    gradient.withUnsafeMutableScalars { gradient in
      upstream.withUnsafeScalars { upstream in
        for row in 0..<(outputWidth == 0 ? 0 : upstream.count / outputWidth) {
          for (column, position) in kept.enumerated() {
            gradient[row * width + position] = upstream[row * outputWidth + column]
          }
        }
      }
    }
    return gradient
  }

  /// A row that was looked up several times receives the sum.
  func tableGradient(_ upstream: Tensor, _ x: Tensor, table: Int) -> Tensor {
    let size = shapes[table][1]
    var gradient = Tensor.zeros(shapes[table])
    gradient.withUnsafeMutableScalars { gradient in
      upstream.withUnsafeScalars { upstream in
        x.withUnsafeScalars { x in
          for row in 0..<x.count / width {
            let to = code(x[row * width + positions[table]], of: table) * size
            for i in 0..<size { gradient[to + i] += upstream[row * outputWidth + starts[table] + i] }
          }
        }
      }
    }
    return gradient
  }
}
