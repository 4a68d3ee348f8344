// SPDX-License-Identifier: Apache-2.0
//
// Group normalization: each picture's channels, some together, with mean 0 and variance 1.
//
// It looks at one picture and nothing else, so the answer for a picture does not depend on its batch, and training and
// answering are the same. What mean and variance make of the learned scale and shift is one factor and one term for
// each channel of a picture, so the pixels are multiplied and added to once.
//
// Shapes    N pictures, H the height, W the width, C channels, G groups
// Before    Pooling.swift     After    Products/OpenBLAS.swift
// Source    Wu, He, "Group Normalization" (2018), arXiv:1803.08494, equations 1 to 3 and 7

/// What group normalization measures of pictures: for every channel the mean of its group, and 1/√(variance + ε).
package struct GroupStatistics: Sendable {
  /// Shape `[N, C]`.
  package let means: Tensor
  /// Shape `[N, C]`.
  package let inverses: Tensor
}

/// (x − mean) / √(variance + ε) · scale + shift, with mean and variance of a group of channels of one picture.
///
/// - Parameters:
///   - x: Pictures, shape `[N, H, W, C]`.
///   - groups: G, of which C is a multiple.
///   - scale: Shape `[C]`.
///   - shift: Shape `[C]`.
///   - epsilon: Keeps a group of equal numbers from a division by zero.
/// - Returns: The shape of `x`, and the statistics that its gradient needs.
package func groupNormalized(
  _ x: Tensor, groups: Int, scale: Tensor, shift: Tensor, epsilon: Float
) -> (output: Tensor, statistics: GroupStatistics) {
  guard x.rank == 4, groups >= 1, x.shape[3] % groups == 0, scale.shape == [x.shape[3]], shift.shape == scale.shape
  else {
    stop(
      "groupNorm: needs pictures [N, H, W, C] whose C is a multiple of \(groups), and a scale and a shift [C], but the "
        + "shapes are \(x.shape), \(scale.shape) and \(shift.shape)")
  }
  let zeros = Tensor.zeros([x.shape[0], x.shape[3]])
  let means = groupMeans(channelSums(of: x, and: x, with: zeros) { x, _, _ in x }, of: x.shape, groups: groups)
  let squares = channelSums(of: x, and: x, with: means) { x, _, mean in (x - mean) * (x - mean) }
  let inverses = 1 / sqrt(groupMeans(squares, of: x.shape, groups: groups) + epsilon)
  let factors = inverses * scale
  let output = combined(x, times: factors, plus: x, times: zeros, plus: shift - means * factors)
  return (output, GroupStatistics(means: means, inverses: inverses))
}

/// The gradients of ``groupNormalized(_:groups:scale:shift:epsilon:)``: of its input, its scale and its shift.
package func groupNormalizationGradients(
  _ upstream: Tensor, input x: Tensor, groups: Int, scale: Tensor, _ statistics: GroupStatistics
) -> (input: Tensor, scale: Tensor, shift: Tensor) {
  let (means, inverses) = (statistics.means, statistics.inverses)
  let sums = channelSums(of: upstream, and: x, with: means) { d, _, _ in d }  // [N, C]
  let products = channelSums(of: upstream, and: x, with: means) { d, x, mean in d * (x - mean) } * inverses  // [N, C]
  // Mean and variance depend on every number of the group, hence the two means that are taken away.
  let meanOfUpstream = groupMeans(sums * scale, of: x.shape, groups: groups)
  let meanOfProducts = groupMeans(products * scale, of: x.shape, groups: groups)
  let inputFactors = -(meanOfProducts * inverses * inverses)
  let terms = -(meanOfUpstream * inverses) - inputFactors * means
  let input = combined(upstream, times: inverses * scale, plus: x, times: inputFactors, plus: terms)
  return (input, products.sum(axis: 0), sums.sum(axis: 0))
}

/// Sums over groups of channels, divided by the numbers in a group; each channel has its group's mean.
///
/// - Parameters:
///   - sums: A sum over the pixels of every channel, shape `[N, C]`.
///   - shape: The shape of the pictures, `[N, H, W, C]`.
private func groupMeans(_ sums: Tensor, of shape: Shape, groups: Int) -> Tensor {
  let channelCount = shape[3] / groups
  let count = Float(max(shape[1] * shape[2] * channelCount, 1))
  let means = sums.reshaped(to: [shape[0], groups, channelCount]).sum(axis: 2, keepingAxis: true) / count
  return (means + .zeros([shape[0], groups, channelCount])).reshaped(to: sums.shape)
}

/// Adds up a function of two pictures' pixels, channel by channel: shape `[N, C]`.
///
/// - Parameters:
///   - a: Shape `[N, H, W, C]`.
///   - b: The same shape.
///   - own: A number for each channel of a picture, shape `[N, C]`.
@inline(__always)
private func channelSums(
  of a: Tensor, and b: Tensor, with own: Tensor, _ body: (_ a: Vector8, _ b: Vector8, _ own: Vector8) -> Vector8
) -> Tensor {
  let channels = a.shape[3]
  let pixels = a.shape[1] * a.shape[2]
  let pictureCount = a.shape[0]
  return Tensor(uninitialized: [pictureCount, channels]) { sums in
    withPixels(a, b) { a, b in
      own.withUnsafeScalars { own in
        guard let own = own.baseAddress, let sums = sums.baseAddress else { return }
        for picture in 0..<pictureCount {
          forEachVector(channels) { channel, lanes in
            let number = own.vector(at: picture * channels + channel)
            var sum = Vector8(repeating: 0)
            for pixel in picture * pixels..<(picture + 1) * pixels {
              let place = pixel * channels + channel
              sum += body(a.vector(at: place), b.vector(at: place), number)
            }
            sums.store(sum, at: picture * channels + channel, lanes: lanes)
          }
        }
      }
    }
  }
}

/// a · p + b · q + r, with three numbers for each channel of a picture.
///
/// - Parameters:
///   - a: Shape `[N, H, W, C]`; so is `b`.
///   - p: Shape `[N, C]`; so are `q` and `r`.
private func combined(_ a: Tensor, times p: Tensor, plus b: Tensor, times q: Tensor, plus r: Tensor) -> Tensor {
  let channels = a.shape[3]
  let pixels = a.shape[1] * a.shape[2]
  let pictureCount = a.shape[0]
  return Tensor(uninitialized: a.shape) { y in
    withPixels(a, b) { a, b in
      withPixels(p, q) { p, q in
        r.withUnsafeScalars { r in
          guard let r = r.baseAddress, let y = y.baseAddress else { return }
          for picture in 0..<pictureCount {
            for pixel in picture * pixels..<(picture + 1) * pixels {
              forEachVector(channels) { channel, lanes in
                let place = pixel * channels + channel
                let own = picture * channels + channel
                let value = a.vector(at: place) * p.vector(at: own) + b.vector(at: place) * q.vector(at: own)
                y.store(value + r.vector(at: own), at: place, lanes: lanes)
              }
            }
          }
        }
      }
    }
  }
}

/// Calls `body` with the memory of two tensors that are not empty.
@inline(__always)
private func withPixels(_ a: Tensor, _ b: Tensor, _ body: (UnsafePointer<Float>, UnsafePointer<Float>) -> Void) {
  a.withUnsafeScalars { a in
    b.withUnsafeScalars { b in
      guard let a = a.baseAddress, let b = b.baseAddress else { return }
      body(a, b)
    }
  }
}
