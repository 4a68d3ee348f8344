// SPDX-License-Identifier: Apache-2.0
//
// Comparison: asking a question of every scalar, and choosing by the answer.
//
// An answer is 1 for yes and 0 for no, so answers can be counted with `sum()` and averaged with
// `mean()`: the accuracy of a classifier is the mean of such a tensor.
//
// Before    Arithmetic.swift     After    Exponential.swift

extension Tensor {
  /// 1 where the left number is less, else 0; the shapes broadcast.
  public static func .< (a: Tensor, b: Tensor) -> Tensor { combined(a, b, ".<") { answers($0 .< $1) } }
  /// 1 where the left number is less or equal, else 0; the shapes broadcast.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor { combined(a, b, ".<=") { answers($0 .<= $1) } }
  /// 1 where the left number is greater, else 0; the shapes broadcast.
  public static func .> (a: Tensor, b: Tensor) -> Tensor { combined(a, b, ".>") { answers($0 .> $1) } }
  /// 1 where the left number is greater or equal, else 0; the shapes broadcast.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor { combined(a, b, ".>=") { answers($0 .>= $1) } }
  /// 1 where both numbers are equal, else 0; the shapes broadcast.
  public static func .== (a: Tensor, b: Tensor) -> Tensor { combined(a, b, ".==") { answers($0 .== $1) } }

  /// 1 where the number is less, else 0.
  public static func .< (a: Tensor, b: Float) -> Tensor { a.mapped { answers($0 .< b) } }
  /// 1 where the number is less or equal, else 0.
  public static func .<= (a: Tensor, b: Float) -> Tensor { a.mapped { answers($0 .<= b) } }
  /// 1 where the number is greater, else 0.
  public static func .> (a: Tensor, b: Float) -> Tensor { a.mapped { answers($0 .> b) } }
  /// 1 where the number is greater or equal, else 0.
  public static func .>= (a: Tensor, b: Float) -> Tensor { a.mapped { answers($0 .>= b) } }
  /// 1 where the number is equal, else 0.
  public static func .== (a: Tensor, b: Float) -> Tensor { a.mapped { answers($0 .== b) } }

  @inline(__always) private static func answers(_ mask: SIMDMask<Vector8.MaskStorage>) -> Vector8 {
    Vector8.zero.replacing(with: 1, where: mask)
  }
}

/// Takes each scalar from `a` where the mask is not zero, and from `b` where it is.
///
///     let x = Tensor([-1, 2], shape: [2])
///     print(selected(where: x .> 0, x, -x))  // [1. 2.]
///
/// - Precondition: All three have one shape.
public func selected(where mask: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
  guard mask.shape == a.shape, a.shape == b.shape else {
    stop(
      "selected: the mask and both choices must have one shape, but they have \(mask.shape), \(a.shape) and \(b.shape)")
  }
  return Tensor(uninitialized: a.shape) { target in
    mask.withUnsafeScalars { mask in
      a.withUnsafeScalars { a in
        b.withUnsafeScalars { b in
          for i in 0..<target.count { target[i] = mask[i] != 0 ? a[i] : b[i] }
        }
      }
    }
  }
}
