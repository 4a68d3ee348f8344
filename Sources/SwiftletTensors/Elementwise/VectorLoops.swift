// SPDX-License-Identifier: Apache-2.0
//
// Vector loops: one operation on all scalars, eight at a time.
//
// Every elementwise operation is one of the loops in this file with a closure inside; the compiler
// merges the two. A vector of eight is two SSE registers or one AVX register, whichever the target has.
// The loops run past the last scalar up to the next multiple of eight, which the padding at the end of
// every storage block allows (StoragePool.paddingInBytes), so none needs a second loop for the rest.
//
// Before    Tensor.swift     After    Broadcasting.swift

import CVectorMath

@usableFromInline package typealias Vector8 = SIMD8<Float>

/// The square roots of eight numbers, exact; NaN below zero. Swift's own `squareRoot()` takes them one by one.
@inlinable @inline(__always) package func squareRoot(_ x: Vector8) -> Vector8 { swiftlet_square_roots(x) }

extension UnsafePointer<Float> {
  /// Eight scalars from position `index` on. The pointer need not be aligned: a row view begins anywhere.
  @inlinable @inline(__always) package func vector(at index: Int) -> Vector8 {
    UnsafeRawPointer(self + index).loadUnaligned(as: Vector8.self)
  }
}

extension UnsafeMutablePointer<Float> {
  @inlinable @inline(__always) package func vector(at index: Int) -> Vector8 {
    UnsafeRawPointer(self + index).loadUnaligned(as: Vector8.self)
  }

  @inlinable @inline(__always) package func store(_ vector: Vector8, at index: Int) {
    UnsafeMutableRawPointer(self + index).storeBytes(of: vector, as: Vector8.self)
  }

  /// Stores the first lanes of a vector, up to eight: at the end of a row, whose neighbors belong to the next.
  @inlinable @inline(__always) package func store(_ vector: Vector8, at index: Int, lanes: Int) {
    if lanes == 8 { return store(vector, at: index) }
    for lane in 0..<lanes { self[index + lane] = vector[lane] }
  }
}

/// Calls `body` for every eight positions of a row, and with fewer lanes for the rest.
@inlinable @inline(__always) package func forEachVector(_ count: Int, _ body: (_ start: Int, _ lanes: Int) -> Void) {
  let whole = count / 8 * 8
  for start in stride(from: 0, to: whole, by: 8) { body(start, 8) }
  if whole < count { body(whole, count - whole) }
}

extension Tensor {
  /// A new tensor whose scalars are `operation` of this tensor's.
  @inlinable @inline(__always) package func mapped(_ operation: (Vector8) -> Vector8) -> Tensor {
    Tensor(uninitialized: shape) { target in
      withUnsafeScalars { source in
        // In bounds: both blocks are padded by a vector's length.
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        for i in stride(from: 0, to: count, by: 8) { target.store(operation(source.vector(at: i)), at: i) }
      }
    }
  }

  /// A new tensor whose scalars are `operation` of this tensor's, one at a time: for functions that only the C library has.
  @inlinable @inline(__always) package func mappedOneByOne(_ operation: (Float) -> Float) -> Tensor {
    Tensor(uninitialized: shape) { target in
      withUnsafeScalars { source in
        for i in 0..<source.count { target[i] = operation(source[i]) }
      }
    }
  }

  /// Changes every scalar in place, together with the scalar at the same position of `other`.
  ///
  /// - Precondition: Both have the same shape.
  @inlinable @inline(__always) package mutating func update(
    with other: Tensor, _ operation: (Vector8, Vector8) -> Vector8
  ) {
    let count = count
    guard shape == other.shape else { stop("update: the shapes \(shape) and \(other.shape) must be the same") }
    withUnsafeMutableScalars { target in
      other.withUnsafeScalars { other in
        // In bounds: both blocks are padded. What is written past the end belongs to no tensor that
        // anyone else holds, because the storage has one owner here.
        guard let target = target.baseAddress, let other = other.baseAddress else { return }
        for i in stride(from: 0, to: count, by: 8) {
          target.store(operation(target.vector(at: i), other.vector(at: i)), at: i)
        }
      }
    }
  }
}
