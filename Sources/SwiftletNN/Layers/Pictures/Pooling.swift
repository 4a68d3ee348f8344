// SPDX-License-Identifier: Apache-2.0
//
// Pooling as layers.
//
// Shapes    N pictures, H the height, W the width, C channels
// Before    GroupNorm.swift     After    Layers/LayerNorm.swift

import SwiftletAutograd
import SwiftletFormats
import SwiftletTensors

/// The largest number of every square of four pixels: `[N, H, W, C]` becomes `[N, H / 2, W / 2, C]`.
public struct MaxPool2d: Layer {
  public static let kind = "max_pool2d"

  /// A layer without parameters.
  public init() {}

  public init(from plan: LayerPlan) throws {}

  public func callAsFunction(_ input: Tensor) -> Tensor { maxPooled(input) }
  public func callAsFunction(_ input: Variable) -> Variable { maxPooled(input) }

  public func answer(_ input: UnsafeBufferPointer<Float>, shape: Shape, into output: UnsafeMutableBufferPointer<Float>)
  {
    guard let x = input.baseAddress, let y = output.baseAddress else { return }
    maxPool(x, shape: shape, into: y)
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.rank == 4, input[1] >= 2, input[2] >= 2 else {
      throw LayerError("needs pictures of at least 2 by 2 pixels, and the shape of what comes in is \(input).")
    }
    return [input[0], input[1] / 2, input[2] / 2, input[3]]
  }

  public var summaryName: String { "MaxPool2d(2)" }
}

/// The mean of every channel over the whole picture: `[N, H, W, C]` becomes `[N, C]`.
public struct GlobalAveragePool: Layer {
  public static let kind = "global_average_pool"

  /// A layer without parameters.
  public init() {}

  public init(from plan: LayerPlan) throws {}

  public func callAsFunction(_ input: Tensor) -> Tensor { averagePooled(input) }
  public func callAsFunction(_ input: Variable) -> Variable { averagePooled(input) }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.rank == 4 else {
      throw LayerError("needs pictures, and the shape of what comes in is \(input).")
    }
    return [input[0], input[3]]
  }
}
