// SPDX-License-Identifier: Apache-2.0
//
// Reductions: many numbers into one, over everything or along one axis.
//
// A long sum of 32-bit numbers loses digits, because each addition rounds. So sums run in blocks of
// short chains, eight side by side, and the blocks are added up in 64 bits.
//
// Before    Elementwise/Rounding.swift     After    Softmax.swift
// Source    Higham, "Accuracy and Stability of Numerical Algorithms" (2002), section 4.2

extension Tensor {
  /// The sum of all scalars, as a tensor of rank 0. Zero for an empty tensor.
  public func sum() -> Tensor { Tensor(Float(withUnsafeScalars { blockwiseSum($0) })) }

  /// The mean of all scalars, as a tensor of rank 0. NaN for an empty tensor, as in NumPy.
  public func mean() -> Tensor { Tensor(Float(withUnsafeScalars { blockwiseSum($0) } / Double(count))) }

  /// The largest scalar, as a tensor of rank 0. NaN if one is NaN.
  ///
  /// - Precondition: There is at least one scalar.
  public func max() -> Tensor {
    guard count > 0 else { stop("max: a tensor of shape \(shape) has no largest scalar") }
    return Tensor(withUnsafeScalars { largest($0) })
  }

  /// The sums along one axis.
  ///
  /// - Parameters:
  ///   - axis: From 0; negative ones count from the last, which is −1.
  ///   - keepingAxis: Whether the axis stays, with size 1, so that the result broadcasts against this tensor.
  /// - Returns: The shape without the axis, or with 1 in its place.
  public func sum(axis: Int, keepingAxis: Bool = false) -> Tensor {
    reduced(axis: axis, keepingAxis: keepingAxis, "sum") {
      Float(blockwiseSum($0))
    } accumulate: {
      $0 + $1
    }
  }

  /// The means along one axis.
  public func mean(axis: Int, keepingAxis: Bool = false) -> Tensor {
    let size = shape[shape.normalized(axis: axis, for: "mean")]
    return sum(axis: axis, keepingAxis: keepingAxis) / Float(size)
  }

  /// The largest scalars along one axis.
  ///
  /// - Precondition: The axis is not empty.
  public func max(axis: Int, keepingAxis: Bool = false) -> Tensor {
    guard shape[shape.normalized(axis: axis, for: "max")] > 0 else {
      stop("max: the axis \(axis) of the shape \(shape) is empty")
    }
    return reduced(axis: axis, keepingAxis: keepingAxis, "max") {
      largest($0)
    } accumulate: { a, b in
      a.replacing(with: b, where: (b .> a) .| (b .!= b))
    }
  }

  /// The positions of the largest scalars along one axis, the first where several are equal.
  ///
  /// - Returns: One position for each element of the shape without the axis, in row-major order.
  public func argmax(axis: Int) -> [Int32] {
    let axis = shape.normalized(axis: axis, for: "argmax")
    guard shape[axis] > 0 else { stop("argmax: the axis \(axis) of the shape \(shape) is empty") }
    let inner = shape[(axis + 1)...].reduce(1, *)
    return withUnsafeScalars { x in
      (0..<count / shape[axis]).map { position in
        let start = position / inner * inner * shape[axis] + position % inner
        return Int32(
          (1..<shape[axis]).reduce(0) { best, i in x[start + i * inner] > x[start + best * inner] ? i : best })
      }
    }
  }

  /// Reduces along an axis: contiguous runs by `run`, others by adding whole rows up with `accumulate`.
  @inline(__always)
  private func reduced(
    axis: Int, keepingAxis: Bool, _ name: String, run: (UnsafeBufferPointer<Float>) -> Float,
    accumulate: (Vector8, Vector8) -> Vector8
  ) -> Tensor {
    let axis = shape.normalized(axis: axis, for: name)
    let size = shape[axis]
    let inner = shape[(axis + 1)...].reduce(1, *)
    let outer = shape[..<axis].reduce(1, *)
    let result = Tensor(uninitialized: shape.replacing(axis: axis, with: 1)) { target in
      withUnsafeScalars { source in
        guard target.count > 0, let x = source.baseAddress, let y = target.baseAddress else { return }
        guard size > 0 else { return target.update(repeating: 0) }  // only sums get here: the sum of nothing is 0
        if inner == 1 {
          for row in 0..<outer { y[row] = run(UnsafeBufferPointer(start: x + row * size, count: size)) }
          return
        }
        for block in 0..<outer {
          let from = x + block * size * inner
          let to = y + block * inner
          // In bounds: writing up to seven too far meets the next block, written later, or the padding.
          for i in stride(from: 0, to: inner, by: 8) {
            var total = from.vector(at: i)
            for row in 1..<Swift.max(size, 1) { total = accumulate(total, from.vector(at: row * inner + i)) }
            to.store(total, at: i)
          }
        }
      }
    }
    return keepingAxis ? result : result.reshaped(to: shape.removing(axis: axis))
  }
}

/// The sum of a run of scalars in blocks of 128.
package func blockwiseSum(_ x: UnsafeBufferPointer<Float>) -> Double {
  guard let base = x.baseAddress else { return 0 }
  var total = 0.0
  var start = 0
  while start < x.count {
    let end = min(start + 128, x.count)
    var chains = Vector8.zero
    var i = start
    while i + 8 <= end {
      chains += base.vector(at: i)
      i += 8
    }
    total += Double(chains.sum())
    while i < end {
      total += Double(x[i])
      i += 1
    }
    start = end
  }
  return total
}

/// The largest of at least one scalar; NaN if one is NaN.
package func largest(_ x: UnsafeBufferPointer<Float>) -> Float {
  var largest = x[0]
  for scalar in x where scalar > largest || scalar.isNaN { largest = scalar }
  return largest
}
