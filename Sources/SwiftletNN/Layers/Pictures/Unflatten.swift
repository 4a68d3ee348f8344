// SPDX-License-Identifier: Apache-2.0
//
// From a row of numbers to a picture, and back.
//
// Features are rows, in which the pixels of one channel follow those of another. Between these two layers the channels
// of a pixel lie together, because products run along them. `Flatten` gives the order of the row again, so that the
// layer behind it has the weights that PyTorch would have.
//
// Shapes    N pictures, H the height, W the width, C channels
// Before    Layers/Dropout.swift     After    Conv2d.swift

import SwiftletAutograd
import SwiftletFormats
import SwiftletTensors

/// Makes rows of C · H · W numbers into pictures.
public struct Unflatten: Layer {
  public static let kind = "unflatten"

  /// C, H and W.
  private let channels: Int
  private let height: Int
  private let width: Int

  /// Makes rows into pictures of this size.
  public init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// Reads `channels`, `height` and `width`.
  public init(from plan: LayerPlan) throws {
    channels = try plan.size("channels")
    height = try plan.size("height")
    width = try plan.size("width")
  }

  public var settings: JSONValue {
    ["channels": JSONValue(channels), "height": JSONValue(height), "width": JSONValue(width)]
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    let picture = pictureShape(input.shape[0])
    guard channels > 1 else { return input.reshaped(to: picture) }
    return input.reshaped(to: [input.shape[0], channels, height * width]).transposed().reshaped(to: picture)
  }

  public func callAsFunction(_ input: Variable) -> Variable {
    let picture = pictureShape(input.shape[0])
    guard channels > 1 else { return input.reshaped(to: picture) }
    return input.reshaped(to: [input.shape[0], channels, height * width]).transposed([0, 2, 1]).reshaped(to: picture)
  }

  public func answer(_ input: UnsafeBufferPointer<Float>, shape: Shape, into output: UnsafeMutableBufferPointer<Float>)
  {
    transposePictures(input, rows: channels, columns: height * width, into: output)
  }

  private func pictureShape(_ count: Int) -> Shape { [count, height, width, channels] }

  public func outputShape(for input: Shape) throws -> Shape {
    // Each size is at most 2²⁴, but their product may be anything.
    guard Shape.elementCount(of: [channels, height, width]) == input.last, input.rank == 2 else {
      throw LayerError(
        "needs \(channels) · \(height) · \(width) numbers in a row, and the shape of what comes in is \(input).")
    }
    return pictureShape(input[0])
  }

  public var summaryName: String { "Unflatten(\(channels), \(height), \(width))" }
}

/// Makes pictures into rows of C · H · W numbers.
public struct Flatten: Layer {
  public static let kind = "flatten"

  /// A layer without parameters.
  public init() {}

  public init(from plan: LayerPlan) throws {}

  public func callAsFunction(_ input: Tensor) -> Tensor {
    planes(of: input.shape).map { input.reshaped(to: $0).transposed().reshaped(to: rowShape(input.shape)) } ?? input
  }

  public func callAsFunction(_ input: Variable) -> Variable {
    planes(of: input.shape).map {
      input.reshaped(to: $0).transposed([0, 2, 1]).reshaped(to: rowShape(input.shape))
    } ?? input
  }

  public func answer(_ input: UnsafeBufferPointer<Float>, shape: Shape, into output: UnsafeMutableBufferPointer<Float>)
  {
    let channels = shape.rank == 4 ? shape[3] : 1
    transposePictures(input, rows: shape.dropFirst().reduce(1, *) / max(channels, 1), columns: channels, into: output)
  }

  /// The pictures with all their pixels in one axis; `nil` for what has no pixels.
  private func planes(of shape: Shape) -> Shape? {
    shape.rank == 4 ? [shape[0], shape[1] * shape[2], shape[3]] : nil
  }

  private func rowShape(_ shape: Shape) -> Shape { [shape[0], shape.dropFirst().reduce(1, *)] }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.rank == 4 || input.rank == 2 else {
      throw LayerError("needs pictures, and the shape of what comes in is \(input).")
    }
    return rowShape(input)
  }
}

/// Exchanges rows and columns of one picture after another.
private func transposePictures(
  _ input: UnsafeBufferPointer<Float>, rows: Int, columns: Int, into output: UnsafeMutableBufferPointer<Float>
) {
  guard let x = input.baseAddress, let y = output.baseAddress else { return }
  // A single row or column stays as it is.
  guard rows > 1, columns > 1 else { return y.update(from: x, count: input.count) }
  for start in stride(from: 0, to: input.count, by: rows * columns) {
    transpose(x + start, rows: rows, columns: columns, into: y + start)
  }
}
