// SPDX-License-Identifier: Apache-2.0
//
// Tensor: numbers in rows, with a shape.
//
// A tensor is a value, as an array is: copies are independent, and cost nothing until one of them is
// changed. Its numbers are 32-bit floating point and lie row after row in one block of memory, which
// is the order that OpenBLAS, NumPy and PyTorch use. This file holds making, reading and changing a
// tensor; what can be computed with one stands in the folders beside it.
//
// Before    Shape.swift     After    Elementwise/VectorLoops.swift

/// A rectangular arrangement of 32-bit floating-point numbers with zero to eight axes.
///
///     let scores = Tensor([[1, 2, 3], [4, 5, 6]])
///     print(scores.shape)        // [2, 3]
///     print(scores[1, 2])        // 6.0
///     print(scores.sum(axis: 0)) // [5. 7. 9.]
public struct Tensor: Sendable {
  /// The sizes of the axes.
  public private(set) var shape: Shape
  private var storage: TensorStorage
  /// Where this tensor begins in its storage: row views share the storage of their tensor.
  private var offset: Int

  /// The number of axes.
  public var rank: Int { shape.rank }
  /// The number of scalars.
  public var count: Int { shape.elementCount }

  private init(shape: Shape, storage: TensorStorage, offset: Int) {
    self.shape = shape
    self.storage = storage
    self.offset = offset
  }

  /// A tensor whose scalars `body` writes, every one of them.
  @usableFromInline package init(
    uninitialized shape: Shape, initializingWith body: (UnsafeMutableBufferPointer<Float>) throws -> Void
  )
    rethrows
  {
    let count = shape.elementCount
    self.init(shape: shape, storage: TensorStorage(count: count), offset: 0)
    try body(UnsafeMutableBufferPointer(start: storage.base, count: count))
  }

  /// A tensor of the given scalars, in row-major order.
  ///
  /// - Precondition: There are as many scalars as the shape has elements.
  public init(_ scalars: [Float], shape: Shape) {
    guard scalars.count == shape.elementCount else {
      stop("Tensor: \(scalars.count) scalars cannot fill the shape \(shape), which has \(shape.elementCount) elements")
    }
    self.init(uninitialized: shape) { target in _ = target.update(from: scalars) }
  }

  /// A tensor of rank 0: one number.
  public init(_ scalar: Float) { self.init(repeating: scalar, shape: []) }

  /// A matrix from its rows.
  ///
  /// - Precondition: All rows are equally long.
  public init(_ rows: [[Float]]) {
    let width = rows.first?.count ?? 0
    guard rows.allSatisfy({ $0.count == width }) else {
      stop("Tensor: the rows of a matrix must be equally long, but they have \(rows.map(\.count)) scalars")
    }
    self.init(rows.flatMap { $0 }, shape: [rows.count, width])
  }

  /// A tensor whose scalars are all the same.
  public init(repeating scalar: Float, shape: Shape) {
    self.init(uninitialized: shape) { $0.update(repeating: scalar) }
  }

  /// A tensor of zeros.
  public static func zeros(_ shape: Shape) -> Tensor { Tensor(repeating: 0, shape: shape) }

  /// A tensor of ones.
  public static func ones(_ shape: Shape) -> Tensor { Tensor(repeating: 1, shape: shape) }
}

// MARK: - Reading and changing

extension Tensor {
  /// Calls `body` with the scalars in row-major order. The pointer must not leave the closure.
  public func withUnsafeScalars<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    // In bounds: offset + count never passes the end of the storage, see `rows(_:)`.
    try withExtendedLifetime(storage) {
      try body(UnsafeBufferPointer(start: storage.base + offset, count: count))
    }
  }

  /// Calls `body` with the scalars to change in place; other tensors that shared them keep the old ones.
  public mutating func withUnsafeMutableScalars<R>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    makeUnique()
    return try withExtendedLifetime(storage) {
      try body(UnsafeMutableBufferPointer(start: storage.base + offset, count: count))
    }
  }

  private mutating func makeUnique() {
    guard !isKnownUniquelyReferenced(&storage) else { return }
    let copy = TensorStorage(count: count)
    copy.base.update(from: storage.base + offset, count: count)
    storage = copy
    offset = 0
  }

  /// The scalars in row-major order, copied. Setting them needs as many as there are.
  public var scalars: [Float] {
    get { withUnsafeScalars { Array($0) } }
    set { self = Tensor(newValue, shape: shape) }
  }

  /// The one scalar of a tensor that has only one.
  public var scalar: Float {
    guard count == 1 else { stop("scalar: the tensor must hold one number, but its shape is \(shape)") }
    return withUnsafeScalars { $0[0] }
  }

  /// One scalar, by its position along every axis.
  public subscript(_ indices: Int...) -> Float {
    get { withUnsafeScalars { $0[position(of: indices)] } }
    set {
      let position = position(of: indices)
      withUnsafeMutableScalars { $0[position] = newValue }
    }
  }

  private func position(of indices: [Int]) -> Int {
    guard indices.count == rank, zip(indices, shape).allSatisfy({ $0 >= 0 && $0 < $1 }) else {
      stop("Tensor: there is no element \(indices) in the shape \(shape)")
    }
    return zip(indices, shape).reduce(0) { $0 * $1.1 + $1.0 }
  }

  /// Some consecutive rows, without copying them.
  ///
  /// - Parameter range: Positions on the first axis.
  /// - Returns: A tensor with `range.count` on the first axis and the other axes as they are.
  /// - Complexity: O(1). The view shares the storage until either is changed.
  public func rows(_ range: Range<Int>) -> Tensor {
    guard rank >= 1, range.lowerBound >= 0, range.upperBound <= shape[0] else {
      stop("rows: there are no rows \(range) in the shape \(shape)")
    }
    let rowLength = shape[0] == 0 ? 0 : count / shape[0]
    return Tensor(
      shape: shape.replacing(axis: 0, with: range.count), storage: storage,
      offset: offset + range.lowerBound * rowLength)
  }

  /// The same scalars under another shape, without copying them.
  ///
  /// - Precondition: The new shape has as many elements.
  public func reshaped(to newShape: Shape) -> Tensor {
    guard newShape.elementCount == count else {
      stop(
        "reshaped: \(shape) has \(count) elements and cannot take the shape \(newShape), which has \(newShape.elementCount)"
      )
    }
    return Tensor(shape: newShape, storage: storage, offset: offset)
  }
}

extension Tensor: Equatable {
  /// Whether both have the same shape and the same scalars. A NaN equals nothing, as in IEEE 754.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    a.shape == b.shape && a.withUnsafeScalars { a in b.withUnsafeScalars { b in a.elementsEqual(b) } }
  }
}
