// SPDX-License-Identifier: Apache-2.0
//
// Tensors of random numbers: for initial weights, and for dropout.
//
// Before    Generator.swift     After    Printing/Description.swift

extension Tensor {
  /// Numbers spread evenly over a range.
  public static func uniform(_ shape: Shape, in range: Range<Float>, using generator: inout Generator) -> Tensor {
    let width = range.upperBound - range.lowerBound
    return Tensor(uninitialized: shape) { target in
      // 24 bits: the finest even steps of a Float between 0 and 1.
      for i in 0..<target.count { target[i] = range.lowerBound + width * (Float(generator.next() >> 40) * 0x1p-24) }
    }
  }

  /// Numbers from a normal distribution.
  public static func normal(
    _ shape: Shape, mean: Float = 0, standardDeviation: Float = 1, using generator: inout Generator
  ) -> Tensor {
    Tensor(uninitialized: shape) { target in
      for i in 0..<target.count { target[i] = mean + standardDeviation * Float(generator.normal()) }
    }
  }

  /// A mask for dropout: 0 with probability `rate`, and else 1/(1 − rate), so that the expected sum stays.
  ///
  /// - Parameters:
  ///   - shape: The shape of the mask.
  ///   - rate: From 0 up to but not including 1.
  ///   - generator: The source of randomness, which moves on.
  /// - Source: Srivastava et al., "Dropout" (2014), section 10, the inverted form.
  public static func dropoutMask(_ shape: Shape, rate: Float, using generator: inout Generator) -> Tensor {
    guard rate >= 0, rate < 1 else { stop("dropoutMask: the rate must be at least 0 and below 1, but it is \(rate)") }
    let scale = 1 / (1 - rate)
    let threshold = UInt64(Double(rate) * 0x1p32)
    return Tensor(uninitialized: shape) { target in
      for i in 0..<target.count { target[i] = generator.next() >> 32 < threshold ? 0 : scale }
    }
  }
}
