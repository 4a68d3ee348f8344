// SPDX-License-Identifier: Apache-2.0
//
// Pooling: a picture made smaller.
//
// Of each square of four pixels the largest number of every channel is kept: whether something was found, and no
// longer exactly where. A last row or column without a partner is left out, as PyTorch does.
//
// Shapes    N pictures, H the height, W the width, C channels
// Before    Softmax.swift     After    GroupNormalization.swift
// Source    Goodfellow, Bengio, Courville (2016), section 9.3

/// The largest number of every square of four pixels, channel by channel.
///
/// - Parameter x: Pictures, shape `[N, H, W, C]`, of at least two pixels each way.
/// - Returns: Shape `[N, H / 2, W / 2, C]`, rounded down.
public func maxPooled(_ x: Tensor) -> Tensor {
  let squares = Squares(of: x.shape)
  return Tensor(uninitialized: squares.pooledShape) { y in
    x.withUnsafeScalars { x in
      guard let x = x.baseAddress, let y = y.baseAddress else { return }
      squares.writeLargest(of: x, into: y)
    }
  }
}

/// The same on bare memory, for callers that own their buffers.
///
/// - Parameters:
///   - x: Pictures of the shape `[N, H, W, C]`, readable to seven beyond the end.
///   - y: Room for `[N, H / 2, W / 2, C]`.
package func maxPool(_ x: UnsafePointer<Float>, shape: Shape, into y: UnsafeMutablePointer<Float>) {
  Squares(of: shape).writeLargest(of: x, into: y)
}

/// The gradient of ``maxPooled(_:)``: each number goes to the pixel that was the largest, the first of equal ones.
///
/// - Parameters:
///   - upstream: Shape `[N, H / 2, W / 2, C]`.
///   - x: The input, shape `[N, H, W, C]`.
///   - y: The output.
package func maxPoolingGradient(_ upstream: Tensor, input x: Tensor, output y: Tensor) -> Tensor {
  let squares = Squares(of: x.shape)
  var gradient = Tensor.zeros(x.shape)
  gradient.withUnsafeMutableScalars { gradient in
    upstream.withUnsafeScalars { upstream in
      x.withUnsafeScalars { x in
        y.withUnsafeScalars { y in
          guard let gradient = gradient.baseAddress, let d = upstream.baseAddress, let x = x.baseAddress,
            let y = y.baseAddress
          else { return }
          squares.forEach { first, target in
            forEachVector(squares.channels) { channel, lanes in
              let largest = y.vector(at: target + channel)
              var left = d.vector(at: target + channel)
              for corner in [0, squares.right, squares.below, squares.below + squares.right] {
                let place = first + corner + channel
                let isLargest = x.vector(at: place) .== largest
                gradient.store(left.replacing(with: 0, where: .!isLargest), at: place, lanes: lanes)
                left.replace(with: 0, where: isLargest)
              }
            }
          }
        }
      }
    }
  }
  return gradient
}

/// The squares of four pixels of pictures that lie in one block of memory.
struct Squares {
  private let shape: Shape
  let channels: Int
  /// From a pixel to the one on its right.
  let right: Int
  /// From a pixel to the one below it.
  let below: Int

  init(of shape: Shape) {
    guard shape.rank == 4, shape[1] >= 2, shape[2] >= 2 else {
      stop("maxPooled: needs pictures [N, H, W, C] of at least 2 by 2 pixels, but the shape is \(shape)")
    }
    self.shape = shape
    channels = shape[3]
    right = shape[3]
    below = shape[2] * shape[3]
  }

  var pooledShape: Shape { [shape[0], shape[1] / 2, shape[2] / 2, channels] }

  /// Of each square the largest number of every channel.
  func writeLargest(of x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>) {
    forEach { first, target in
      forEachVector(channels) { channel, lanes in
        let start = first + channel
        let upper = larger(x.vector(at: start), x.vector(at: start + right))
        let lower = larger(x.vector(at: start + below), x.vector(at: start + below + right))
        y.store(larger(upper, lower), at: target + channel, lanes: lanes)
      }
    }
  }

  /// Calls `body` with the place of each square's first pixel, and the place of its result.
  @inline(__always)
  func forEach(_ body: (_ first: Int, _ target: Int) -> Void) {
    var target = 0
    for picture in 0..<shape[0] {
      for row in 0..<shape[1] / 2 {
        let start = (picture * shape[1] + 2 * row) * below
        for column in 0..<shape[2] / 2 {
          body(start + 2 * column * right, target)
          target += channels
        }
      }
    }
  }
}

/// The larger of two numbers, lane by lane; a NaN of the first stays.
@inline(__always) private func larger(_ a: Vector8, _ b: Vector8) -> Vector8 { a.replacing(with: b, where: b .> a) }
