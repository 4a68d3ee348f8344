// SPDX-License-Identifier: Apache-2.0
//
// Packed convolutions: the weights of a convolution that answers, laid out once for all its products.
//
// The answer for a picture is the same to the last bit whichever pictures stand beside it. Where pooling follows, only
// the largest of every four results is written: bias and activation, which keep the order of numbers, come afterwards
// and have a quarter of the work.
//
// Shapes    N pictures, H the height, W the width, C channels in, K channels out
// Before    Winograd.swift     After    ConvolutionGradients.swift

/// A weight [K, C, 3, 3] or [K, C, 1, 1], laid out for answers.
package struct PackedConvolution: Sendable {
  private let inputCount: Int
  private let outputCount: Int
  private let way: Way

  private enum Way {
    /// Every pixel is a row of one product.
    case pixels(PackedMatrix)
    /// The shifted copies of a picture of few channels are the columns of one product.
    case columns(PackedMatrix)
    /// Tiles of sixteen pixels.
    case tiles(WinogradWeights)
  }

  /// Lays a weight out; `nil` where the result is more than a tensor holds.
  package init?(_ weight: Tensor, instructions: VectorInstructions = .best) {
    outputCount = weight.shape[0]
    inputCount = weight.shape[1]
    let way: Way?
    if weight.shape[2] == 1 {
      way = PackedMatrix(weight.reshaped(to: [outputCount, inputCount]), instructions: instructions).map(Way.pixels)
    } else if inputCount <= ConvolutionKernel.fewChannels {
      way = PackedMatrix(weight.reshaped(to: [outputCount, 9 * inputCount]), instructions: instructions)
        .map(Way.columns)
    } else {
      way = WinogradWeights(weight, instructions: instructions).map(Way.tiles)
    }
    guard let way else { return nil }
    self.way = way
  }

  /// y ← activation(x ∗ w + b), and of every square of four the largest where pooling follows.
  ///
  /// - Parameters:
  ///   - x: N · H · W · C numbers.
  ///   - size: H and W.
  ///   - bias: K numbers, readable to the next multiple of eight.
  ///   - activation: A function that keeps the order of numbers, where only the largest are kept.
  ///   - keepsLargest: Whether to write `[N, H / 2, W / 2, K]` in the place of `[N, H, W, K]`.
  ///   - y: Room for the results, readable to seven beyond the end.
  package func answer(
    _ x: UnsafeBufferPointer<Float>, _ size: PictureSize, bias: UnsafePointer<Float>, _ activation: Activation,
    keepsLargest: Bool, into y: UnsafeMutableBufferPointer<Float>
  ) {
    guard let x0 = x.baseAddress, let y0 = y.baseAddress, y.count > 0 else { return }
    let pictures = x.count / (size.pixelCount * inputCount)
    switch way {
    case .tiles(let weights):
      weights.multiply(x0, pictures: pictures, size, keepsLargest: keepsLargest, into: y0)
    case .columns(let matrix):
      let columns = TensorStorage(count: 9 * inputCount * size.pixelCount)
      eachPicture(of: x0, pictures, size, keepsLargest: keepsLargest, into: y0) { x, y in
        size.writeColumns(of: x, channels: inputCount, into: columns.base)
        matrix.multiply(columns: columns.base, count: size.pixelCount, into: y)
      }
    case .pixels(let matrix):
      eachPicture(of: x0, pictures, size, keepsLargest: keepsLargest, into: y0) { x, y in
        matrix.multiply(x, rows: size.pixelCount, into: y)
      }
    }
    addBias(bias, activation, to: y0, rows: y.count / outputCount, width: outputCount)
  }

  /// Calls `multiply` for every picture, with room for its results, and keeps the largest of them where only these are
  /// wanted.
  private func eachPicture(
    of x: UnsafePointer<Float>, _ count: Int, _ size: PictureSize, keepsLargest: Bool,
    into y: UnsafeMutablePointer<Float>, _ multiply: (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) {
    let (inputs, outputs) = (size.pixelCount * inputCount, size.pixelCount * outputCount)
    guard keepsLargest else {
      for n in 0..<count { multiply(x + n * inputs, y + n * outputs) }
      return
    }
    let shape: Shape = [1, size.height, size.width, outputCount]
    let squares = Squares(of: shape)
    let results = TensorStorage(count: outputs)
    for n in 0..<count {
      multiply(x + n * inputs, results.base)
      squares.writeLargest(of: results.base, into: y + n * squares.pooledShape.elementCount)
    }
  }
}
