// SPDX-License-Identifier: Apache-2.0
//
// The gradients of a convolution: nine products each, on the same views.
//
// A pixel of the input is under every place of the window once, so its gradient is a convolution too, of the gradient
// that arrives with the window turned by half a turn. The gradient of a place's weights is the view under that place,
// transposed, times the gradient that arrives.
//
// Shapes    N pictures, H the height, W the width, C channels in, K channels out
// Before    PackedConvolution.swift     After    Rearranging/Transpose.swift
// Source    Goodfellow, Bengio, Courville (2016), section 9.5

/// The gradient of a convolution's input.
///
/// - Parameters:
///   - upstream: The gradient of the output before its activation, shape `[N, H, W, K]`.
///   - weight: Shape `[K, C, 3, 3]` or `[K, C, 1, 1]`.
/// - Returns: Shape `[N, H, W, C]`.
package func convolutionInputGradient(_ upstream: Tensor, weight: Tensor) -> Tensor {
  let (k, c) = (weight.shape[0], weight.shape[1])
  let size = weight.shape[2]
  // Turned by half a turn, place 0 is place 8; input and output exchange their roles.
  let turned = Tensor(uninitialized: [c, k, size, size]) { target in
    weight.withUnsafeScalars { weight in
      let places = size * size
      for output in 0..<k {
        for input in 0..<c {
          for place in 0..<places {
            target[(input * k + output) * places + places - 1 - place] = weight[(output * c + input) * places + place]
          }
        }
      }
    }
  }
  return convolution(upstream, weight: turned, bias: .zeros([c]))
}

/// The gradient of a convolution's weight.
///
/// - Parameters:
///   - upstream: The gradient of the output before its activation, shape `[N, H, W, K]`.
///   - x: The input, shape `[N, H, W, C]`.
///   - size: Height and width of the window, 3 or 1.
/// - Returns: Shape `[K, C, size, size]`.
package func convolutionWeightGradient(_ upstream: Tensor, input x: Tensor, size: Int) -> Tensor {
  let (k, c) = (upstream.shape[3], x.shape[3])
  guard size == 3 else {
    return matmul(upstream.rowsOfLastAxis, x.rowsOfLastAxis, transposingLeft: true).reshaped(to: [k, c, 1, 1])
  }
  let picture = PictureSize(height: x.shape[1], width: x.shape[2])
  return c <= ConvolutionKernel.fewChannels
    ? weightGradientByColumns(upstream, input: x, picture) : weightGradientByNineProducts(upstream, input: x, picture)
}

/// Columns of few channels: one product for each picture, `[K, 9 · C]` in all.
private func weightGradientByColumns(_ upstream: Tensor, input x: Tensor, _ picture: PictureSize) -> Tensor {
  let (k, c) = (upstream.shape[3], x.shape[3])
  let scratch = ConvolutionScratch(picture, channels: c, resultChannels: 0)
  return Tensor(uninitialized: [k, c, 3, 3]) { gradient in
    gradient.update(repeating: 0)
    forEachPicture(upstream, x) { d, x in
      guard let gradient = gradient.baseAddress else { return }
      picture.writeColumns(of: x, channels: c, into: scratch.picture)
      multiply(
        MatrixView(base: d, rows: picture.pixelCount, columns: k, isTransposed: true),
        MatrixView(base: scratch.picture, rows: 9 * c, columns: picture.pixelCount, isTransposed: true),
        into: gradient, beta: 1)
    }
  }
}

/// A product for each place and picture, `[9, C, K]` in all, which is then put in PyTorch's order.
private func weightGradientByNineProducts(_ upstream: Tensor, input x: Tensor, _ picture: PictureSize) -> Tensor {
  let (k, c) = (upstream.shape[3], x.shape[3])
  let inputs = ConvolutionScratch(picture, channels: c, resultChannels: 0)
  let gradients = ConvolutionScratch(picture, channels: k, resultChannels: 0)
  let byPlace = Tensor(uninitialized: [9, c, k]) { sums in
    sums.update(repeating: 0)
    forEachPicture(upstream, x) { d, x in
      guard let sums = sums.baseAddress else { return }
      picture.pad(x, channels: c, into: inputs.picture)
      picture.pad(d, channels: k, into: gradients.picture)
      for place in 0..<9 {
        // The gradient's own view is the one in the middle. Its border is zero, so what the views run over adds nothing.
        multiply(
          MatrixView(
            base: inputs.picture + picture.start(ofPlace: place) * c, rows: picture.viewCount, columns: c,
            isTransposed: true),
          MatrixView(
            base: gradients.picture + picture.start(ofPlace: 4) * k, rows: picture.viewCount, columns: k,
            isTransposed: false),
          into: sums + place * c * k, beta: 1)
      }
    }
  }
  return byPlace.transposed([2, 1, 0]).reshaped(to: [k, c, 3, 3])
}

/// Calls `body` with the memory of each picture of two tensors that have as many.
private func forEachPicture(
  _ a: Tensor, _ b: Tensor, _ body: (UnsafePointer<Float>, UnsafePointer<Float>) -> Void
) {
  let count = a.shape[0]
  guard count > 0 else { return }
  a.withUnsafeScalars { aScalars in
    b.withUnsafeScalars { bScalars in
      guard let a = aScalars.baseAddress, let b = bScalars.baseAddress else { return }
      for n in 0..<count { body(a + n * (aScalars.count / count), b + n * (bScalars.count / count)) }
    }
  }
}
