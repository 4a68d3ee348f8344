// SPDX-License-Identifier: Apache-2.0
//
// Packed matrices: the weights of a layer that answers, laid out once for all its products.
//
// GEMM copies both of its matrices into an order of its own, every time. For a layer that answers for 64 rows this copy
// takes as long as the product. Here the weights are copied once, and the answer for a row is the same to the last bit
// whichever rows stand beside it: every number is summed up in the order of the inputs.
//
// Shapes    N rows, D inputs, H outputs
// Before    Affine.swift     After    RowProducts.swift
// Source    Van Zee, van de Geijn, "BLIS: A Framework for Rapidly Instantiating BLAS Functionality" (2015)

import CVectorMath

/// What a processor can do with vectors.
package enum VectorInstructions: Int32, Sendable, CaseIterable {
  /// What every processor of its family can do: four numbers at a time.
  case plain
  /// Eight numbers at a time, multiplied and added in one.
  case avx2
  /// Sixteen numbers at a time.
  case avx512

  /// The most that this processor can do.
  package static let best = VectorInstructions(rawValue: swiftlet_best_instructions()) ?? .plain
}

/// A weight [H, D] whose outputs lie in panels of sixteen.
package struct PackedMatrix: Sendable {
  /// D, the numbers that come in.
  package let inputSize: Int
  /// H, the numbers that go out.
  package let outputSize: Int
  /// ⌈H / 16⌉ panels of D rows of 16 numbers; the last is filled up with zeros.
  private let panels: Tensor
  private let instructions: VectorInstructions

  private static let panelWidth = Int(SWIFTLET_PANEL_WIDTH)

  /// Lays a weight out; `nil` where the panels are more than a tensor holds.
  ///
  /// - Parameter weight: One row for each output, shape `[H, D]`.
  package init?(_ weight: Tensor, instructions: VectorInstructions = .best) {
    let (h, d) = weight.rowsAndColumns(for: "PackedMatrix")
    let panelCount = (h + Self.panelWidth - 1) / Self.panelWidth
    guard Shape.elementCount(of: [panelCount, d, Self.panelWidth]) != nil else { return nil }
    inputSize = d
    outputSize = h
    self.instructions = instructions
    panels = Tensor(uninitialized: [panelCount, d, Self.panelWidth]) { panels in
      weight.withUnsafeScalars { weight in
        guard let panels = panels.baseAddress, let weight = weight.baseAddress else { return }
        swiftlet_pack(weight, h, d, panels)
      }
    }
  }

  /// y ← x · Wᵀ
  ///
  /// - Parameters:
  ///   - x: N · D numbers, row by row.
  ///   - y: Room for N · H numbers.
  package func multiply(_ x: UnsafePointer<Float>, rows n: Int, into y: UnsafeMutablePointer<Float>) {
    multiply(swiftlet_scalars(numbers: x, row_step: inputSize, step: 1), count: n, into: y)
  }

  /// y ← xᵀ · Wᵀ
  ///
  /// - Parameters:
  ///   - x: D · N numbers, of which each row of D holds one input of all.
  ///   - y: Room for N · H numbers.
  func multiply(columns x: UnsafePointer<Float>, count n: Int, into y: UnsafeMutablePointer<Float>) {
    multiply(swiftlet_scalars(numbers: x, row_step: 1, step: n), count: n, into: y)
  }

  private func multiply(_ x: swiftlet_scalars, count n: Int, into y: UnsafeMutablePointer<Float>) {
    panels.withUnsafeScalars { panels in
      guard let base = panels.baseAddress else { return }
      // In bounds: whole panels, and of the last one only the H outputs that there are are written.
      swiftlet_multiply(
        instructions.rawValue, x,
        swiftlet_panels(numbers: base, panel_step: inputSize * Self.panelWidth, step: Self.panelWidth),
        n, inputSize, outputSize, y, 0)
    }
  }
}

extension PackedMatrix {
  /// y ← activation(x · Wᵀ + b), as ``affine(_:rows:weight:bias:inputSize:outputSize:_:into:)`` computes it from a
  /// weight that is not packed.
  ///
  /// - Parameters:
  ///   - x: N · D numbers, row by row.
  ///   - bias: H numbers, readable to the next multiple of eight.
  ///   - y: N · H numbers, writable to seven beyond the end.
  package func affine(
    _ x: UnsafePointer<Float>, rows n: Int, bias: UnsafePointer<Float>, _ activation: Activation,
    into y: UnsafeMutablePointer<Float>
  ) {
    multiply(x, rows: n, into: y)
    addBias(bias, activation, to: y, rows: n, width: outputSize)
  }
}
