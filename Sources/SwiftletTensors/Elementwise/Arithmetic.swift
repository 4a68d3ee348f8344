// SPDX-License-Identifier: Apache-2.0
//
// Arithmetic: + − · ÷ on tensors and numbers, and the larger or smaller of two.
//
// Before    Broadcasting.swift     After    Comparison.swift

extension Tensor {
  /// The sum, scalar by scalar, with broadcasting.
  public static func + (a: Tensor, b: Tensor) -> Tensor { combined(a, b, "+") { $0 + $1 } }
  /// The difference, scalar by scalar, with broadcasting.
  public static func - (a: Tensor, b: Tensor) -> Tensor { combined(a, b, "-") { $0 - $1 } }
  /// The product, scalar by scalar, with broadcasting. The matrix product is ``matmul(_:_:transposingLeft:transposingRight:)``.
  public static func * (a: Tensor, b: Tensor) -> Tensor { combined(a, b, "*") { $0 * $1 } }
  /// The quotient, scalar by scalar, with broadcasting. Division by zero gives infinity or NaN, as in IEEE 754.
  public static func / (a: Tensor, b: Tensor) -> Tensor { combined(a, b, "/") { $0 / $1 } }

  /// The sum, number by number; the shapes broadcast.
  public static func + (a: Tensor, b: Float) -> Tensor { a.mapped { $0 + b } }
  /// The difference, number by number; the shapes broadcast.
  public static func - (a: Tensor, b: Float) -> Tensor { a.mapped { $0 - b } }
  /// The product, number by number; the shapes broadcast. For the matrix product see
  /// ``matmul(_:_:transposingLeft:transposingRight:)``.
  public static func * (a: Tensor, b: Float) -> Tensor { a.mapped { $0 * b } }
  /// The quotient, number by number; the shapes broadcast.
  public static func / (a: Tensor, b: Float) -> Tensor { a.mapped { $0 / b } }

  /// Adds a number to every scalar.
  public static func + (a: Float, b: Tensor) -> Tensor { b.mapped { a + $0 } }
  /// Subtracts a number from every scalar.
  public static func - (a: Float, b: Tensor) -> Tensor { b.mapped { a - $0 } }
  /// Multiplies every scalar by a number.
  public static func * (a: Float, b: Tensor) -> Tensor { b.mapped { a * $0 } }
  /// Divides every scalar by a number.
  public static func / (a: Float, b: Tensor) -> Tensor { b.mapped { a / $0 } }

  /// The scalars with their signs flipped.
  public static prefix func - (a: Tensor) -> Tensor { a.mapped { -$0 } }

  // In place where the shapes agree; a right side that broadcasts needs a new tensor.
  /// Adds in place; the right shape broadcasts to the left one.
  public static func += (a: inout Tensor, b: Tensor) { a.combine(with: b, "+=") { $0 + $1 } }
  /// Subtracts in place; the right shape broadcasts to the left one.
  public static func -= (a: inout Tensor, b: Tensor) { a.combine(with: b, "-=") { $0 - $1 } }
  /// Multiplies in place; the right shape broadcasts to the left one.
  public static func *= (a: inout Tensor, b: Tensor) { a.combine(with: b, "*=") { $0 * $1 } }
  /// Divides in place; the right shape broadcasts to the left one.
  public static func /= (a: inout Tensor, b: Tensor) { a.combine(with: b, "/=") { $0 / $1 } }

  /// Adds a number to every scalar, in place.
  public static func += (a: inout Tensor, b: Float) { a.update { $0 + b } }
  /// Subtracts a number from every scalar, in place.
  public static func -= (a: inout Tensor, b: Float) { a.update { $0 - b } }
  /// Multiplies every scalar by a number, in place.
  public static func *= (a: inout Tensor, b: Float) { a.update { $0 * b } }
  /// Divides every scalar by a number, in place.
  public static func /= (a: inout Tensor, b: Float) { a.update { $0 / b } }

  @inline(__always)
  private mutating func combine(with other: Tensor, _ name: String, _ operation: (Vector8, Vector8) -> Vector8) {
    guard shape != other.shape else { return update(with: other, operation) }
    let result = Tensor.combined(self, other, name, operation)
    guard result.shape == shape else {
      stop("\(name): the right side of shape \(other.shape) would change the shape \(shape) of the left")
    }
    self = result
  }

  @inline(__always) private mutating func update(_ operation: (Vector8) -> Vector8) {
    withUnsafeMutableScalars { target in
      guard let base = target.baseAddress else { return }
      for i in stride(from: 0, to: target.count, by: 8) { base.store(operation(base.vector(at: i)), at: i) }
    }
  }
}

extension Tensor {
  /// Adds another tensor of the same shape in place, a large one by several threads.
  package mutating func add(_ other: Tensor, over team: ThreadTeam) {
    guard shape == other.shape else { stop("add: the shapes \(shape) and \(other.shape) must be the same") }
    withUnsafeMutableScalars { target in
      other.withUnsafeScalars { source in
        guard let target = target.baseAddress, let source = source.baseAddress else { return }
        // In bounds: both are padded to a multiple of eight. Each range has one thread, and both outlive the loop.
        nonisolated(unsafe) let sum = target
        nonisolated(unsafe) let addend = source
        team.forEachRange(of: other.count) { range in
          for i in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
            sum.store(sum.vector(at: i) + addend.vector(at: i), at: i)
          }
        }
      }
    }
  }
}

/// The larger of two, scalar by scalar, with broadcasting.
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
  Tensor.combined(a, b, "maximum") { $0.replacing(with: $1, where: $1 .> $0) }
}

/// The smaller of two, scalar by scalar, with broadcasting.
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
  Tensor.combined(a, b, "minimum") { $0.replacing(with: $1, where: $1 .< $0) }
}
