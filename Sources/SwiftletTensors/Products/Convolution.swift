// SPDX-License-Identifier: Apache-2.0
//
// Convolution: the same small window of weights at every place of a picture.
//
// A convolution of 3 × 3 is nine matrix products. A picture with a border of zeros lies row after row in memory; for
// each of the nine places of the window, the pixels under that place are the same memory read from another start, so
// all of them times that place's weights is one product, and the nine products add up. Nothing is copied but the
// border. The views run on over the border at the end of each row, so two of W + 2 results in a row mean nothing and
// are left out.
//
// A picture of few channels, such as gray or color, makes products too thin to be fast. Its nine shifted copies are
// written out instead, as the columns of one product.
//
// Shapes    N pictures, H the height, W the width, C channels in, K channels out
// Before    RowProducts.swift     After    Winograd.swift
// Source    Goodfellow, Bengio, Courville (2016), section 9.1, equation 9.6; Anderson et al., "Low-memory GEMM-based
//           convolution algorithms for deep neural networks" (2017), arXiv:1709.03395, for products without columns

/// activation(x ∗ w + b), with a border of zeros, so that the picture keeps its size.
///
///     y[n, i, j, k] = b[k] + Σ over u, v, c of x[n, i + u − 1, j + v − 1, c] · w[k, c, u, v]
///
/// - Parameters:
///   - x: Pictures, shape `[N, H, W, C]`.
///   - weight: Shape `[K, C, 3, 3]`, or `[K, C, 1, 1]` for a window of one pixel, as PyTorch stores it.
///   - bias: One number for each channel that comes out, shape `[K]`.
///   - activation: What is applied to every output.
/// - Returns: Shape `[N, H, W, K]`.
public func convolution(_ x: Tensor, weight: Tensor, bias: Tensor, activation: Activation = .identity) -> Tensor {
  let kernel = ConvolutionKernel(weight)
  let k = kernel.outputCount
  guard x.rank == 4, x.shape[3] == kernel.inputCount, bias.shape == [k] else {
    stop(
      "convolution: needs pictures [N, H, W, \(kernel.inputCount)] and a bias [\(k)] for its weight, but the shapes are "
        + "\(x.shape) and \(bias.shape)")
  }
  let picture = PictureSize(height: x.shape[1], width: x.shape[2])
  return Tensor(uninitialized: [x.shape[0], picture.height, picture.width, k]) { y in
    x.withUnsafeScalars { x in
      kernel.answer(x, picture, bias: bias, activation, into: y)
    }
  }
}

/// Height and width of a picture, and where things lie in one that has a border of a pixel.
package struct PictureSize: Sendable, Equatable {
  package let height: Int
  package let width: Int

  package init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// H · W.
  var pixelCount: Int { height * width }
  /// (H + 2) · (W + 2), the pixels with the border.
  var paddedCount: Int { (height + 2) * (width + 2) }
  /// Number of pixels of a shifted view: all from the first to the last of the picture, with the border between rows.
  var viewCount: Int { height * (width + 2) - 2 }
  /// The first pixel of the view under a place of the window, from 0 to 8.
  func start(ofPlace place: Int) -> Int { place / 3 * (width + 2) + place % 3 }

  /// Writes a picture of C channels into the middle of a bordered one.
  func pad(_ x: UnsafePointer<Float>, channels c: Int, into padded: UnsafeMutablePointer<Float>) {
    for row in 0..<height {
      (padded + ((row + 1) * (width + 2) + 1) * c).update(from: x + row * width * c, count: width * c)
    }
  }

  /// Takes a picture of C channels out of a view's results.
  func unpad(_ view: UnsafePointer<Float>, channels c: Int, into x: UnsafeMutablePointer<Float>) {
    for row in 0..<height {
      (x + row * width * c).update(from: view + row * (width + 2) * c, count: width * c)
    }
  }

  /// Writes the 9 · C shifted copies of a picture, shape `[9 · C, H · W]`, in the order of a kernel's row.
  func writeColumns(of x: UnsafePointer<Float>, channels c: Int, into columns: UnsafeMutablePointer<Float>) {
    for channel in 0..<c {
      for place in 0..<9 {
        let plane = columns + (channel * 9 + place) * pixelCount
        for row in 0..<height {
          let source = row + place / 3 - 1
          let target = plane + row * width
          guard source >= 0, source < height else {
            target.update(repeating: 0, count: width)
            continue
          }
          copy(x + source * width * c + channel, step: c, shift: place % 3 - 1, into: target)
        }
      }
    }
  }

  /// One row of a channel, moved by a pixel to either side or not at all.
  private func copy(_ row: UnsafePointer<Float>, step: Int, shift: Int, into target: UnsafeMutablePointer<Float>) {
    let first = max(0, -shift)
    let end = min(width, width - shift)
    if first > 0 { target[0] = 0 }
    if end < width { target[width - 1] = 0 }
    guard first < end else { return }
    if step == 1 {
      (target + first).update(from: row + first + shift, count: end - first)
    } else {
      for i in first..<end { target[i] = row[(i + shift) * step] }
    }
  }
}

/// The weights of a convolution, arranged for its products.
struct ConvolutionKernel {
  /// C.
  let inputCount: Int
  /// K.
  let outputCount: Int
  /// Whether the window is a single pixel, so that every pixel is a row of one product.
  private let isPointwise: Bool
  /// `[K, C]`, `[K, 9 · C]`, or a matrix `[C, K]` for each of the nine places.
  private let matrices: Tensor

  /// Pictures of at most this many channels are written out as columns: their products would be too thin.
  static let fewChannels = 4

  /// Arranges a weight of shape `[K, C, 3, 3]` or `[K, C, 1, 1]`.
  init(_ weight: Tensor) {
    guard weight.rank == 4, weight.shape[2] == weight.shape[3], [1, 3].contains(weight.shape[2]) else {
      stop("convolution: a weight has the shape [K, C, 3, 3] or [K, C, 1, 1], but this one has \(weight.shape)")
    }
    outputCount = weight.shape[0]
    inputCount = weight.shape[1]
    isPointwise = weight.shape[2] == 1
    if isPointwise {
      matrices = weight.reshaped(to: [outputCount, inputCount])
    } else if inputCount <= ConvolutionKernel.fewChannels {
      matrices = weight.reshaped(to: [outputCount, 9 * inputCount])
    } else {
      matrices = weight.reshaped(to: [outputCount, inputCount, 9]).transposed([2, 1, 0])
    }
  }

  /// Writes the outputs for pictures in bare memory.
  ///
  /// - Parameters:
  ///   - x: N · H · W · C numbers.
  ///   - y: Room for N · H · W · K numbers, readable to seven beyond the end.
  func answer(
    _ x: UnsafeBufferPointer<Float>, _ picture: PictureSize, bias: Tensor, _ activation: Activation,
    into y: UnsafeMutableBufferPointer<Float>
  ) {
    guard let x0 = x.baseAddress, let y0 = y.baseAddress, y.count > 0 else { return }
    let pictureCount = y.count / (picture.pixelCount * outputCount)
    let inputStep = picture.pixelCount * inputCount
    let outputStep = picture.pixelCount * outputCount
    bias.withUnsafeScalars { bias in
      matrices.withUnsafeScalars { matrices in
        guard let bias = bias.baseAddress, let matrices = matrices.baseAddress else { return }
        if isPointwise {
          return affine(
            x0, rows: pictureCount * picture.pixelCount, weight: matrices, bias: bias, inputSize: inputCount,
            outputSize: outputCount, activation, into: y0)
        }
        let scratch = ConvolutionScratch(picture, channels: inputCount, resultChannels: outputCount)
        for n in 0..<pictureCount {
          let (x, y) = (x0 + n * inputStep, y0 + n * outputStep)
          if inputCount <= ConvolutionKernel.fewChannels {
            multiplyColumns(of: x, picture, by: matrices, scratch, into: y)
          } else {
            addNineProducts(of: x, picture, with: matrices, scratch, into: y)
          }
          addBias(bias, activation, to: y, rows: picture.pixelCount, width: outputCount)
        }
      }
    }
  }

  /// One picture by one product.
  private func multiplyColumns(
    of x: UnsafePointer<Float>, _ picture: PictureSize, by weight: UnsafePointer<Float>, _ scratch: ConvolutionScratch,
    into y: UnsafeMutablePointer<Float>
  ) {
    picture.writeColumns(of: x, channels: inputCount, into: scratch.picture)
    multiply(
      MatrixView(base: scratch.picture, rows: 9 * inputCount, columns: picture.pixelCount, isTransposed: true),
      MatrixView(base: weight, rows: outputCount, columns: 9 * inputCount, isTransposed: true), into: y, beta: 0)
  }

  /// One picture by nine products.
  private func addNineProducts(
    of x: UnsafePointer<Float>, _ picture: PictureSize, with matrices: UnsafePointer<Float>,
    _ scratch: ConvolutionScratch, into y: UnsafeMutablePointer<Float>
  ) {
    picture.pad(x, channels: inputCount, into: scratch.picture)
    for place in 0..<9 {
      // In bounds: the last view ends with the last pixel of the border.
      multiply(
        MatrixView(
          base: scratch.picture + picture.start(ofPlace: place) * inputCount, rows: picture.viewCount,
          columns: inputCount, isTransposed: false),
        MatrixView(
          base: matrices + place * inputCount * outputCount, rows: inputCount, columns: outputCount,
          isTransposed: false),
        into: scratch.results, beta: place == 0 ? 0 : 1)
    }
    picture.unpad(scratch.results, channels: outputCount, into: y)
  }
}

/// The memory in which one picture after another is convolved.
final class ConvolutionScratch {
  /// A picture with a border of zeros, or its columns.
  let picture: UnsafeMutablePointer<Float>
  /// The results of a view.
  let results: UnsafeMutablePointer<Float>

  /// Room for a picture of some channels, and for results of some channels. The border is zero and stays so.
  init(_ size: PictureSize, channels: Int, resultChannels: Int) {
    let columns = channels <= ConvolutionKernel.fewChannels ? 9 * channels * size.pixelCount : 0
    let pictureCount = max(size.paddedCount * channels, columns)
    picture = .allocate(capacity: pictureCount)
    picture.initialize(repeating: 0, count: pictureCount)
    let resultCount = max(size.viewCount, 1) * resultChannels
    results = .allocate(capacity: resultCount)
    results.initialize(repeating: 0, count: resultCount)
  }

  deinit {
    picture.deallocate()
    results.deallocate()
  }
}
