// SPDX-License-Identifier: Apache-2.0
//
// Shape: how many numbers a tensor has along each axis.
//
// [32, 784] is 32 rows of 784 numbers; [] is a single number. The sizes stand inside the value itself,
// so that making, comparing and passing shapes allocates nothing.
//
// Before    Threads/ThreadTeam.swift     After    Tensor.swift

/// The sizes of a tensor's axes, from the slowest to the fastest changing one.
///
///     let shape: Shape = [32, 784]
///     print(shape, shape.rank, shape.elementCount)  // [32, 784] 2 25088
///
/// A size may be zero: an empty tensor is legal and behaves as in NumPy.
public struct Shape: Sendable, Hashable {
  /// The largest number of axes.
  public static let maximumRank = 8

  private var sizes: SIMD8<Int32>
  private var axisCount: Int32

  /// Makes a shape from the sizes of its axes.
  ///
  /// - Parameter sizes: At most eight sizes, each from 0 to 2³¹ − 1.
  /// - Precondition: The product of the sizes fits into an `Int`. Sizes that come from a file are
  ///   checked with ``elementCount(of:)`` first.
  public init(_ sizes: [Int]) {
    guard Shape.elementCount(of: sizes) != nil else {
      stop(
        "Shape: \(sizes) is not a shape: at most \(Shape.maximumRank) axes, no negative size, and a product below 2^63")
    }
    self.sizes = .zero
    axisCount = Int32(sizes.count)
    for (axis, size) in sizes.enumerated() { self.sizes[axis] = Int32(size) }
  }

  /// The shape of a matrix, made without an array.
  package init(_ rows: Int, _ columns: Int) {
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard rows >= 0, columns >= 0, rows <= Int(Int32.max), columns <= Int(Int32.max), !overflow,
      count <= Shape.largestCount
    else { self = Shape([rows, columns]); return }  // which says what is wrong
    sizes = SIMD8(Int32(rows), Int32(columns), 0, 0, 0, 0, 0, 0)
    axisCount = 2
  }

  /// The largest number of elements in a tensor.
  private static let largestCount = Int.max / MemoryLayout<Float>.stride / 2

  /// The number of elements of a tensor with these sizes, or `nil` if there can be no such tensor.
  ///
  /// Readers of files ask this before they believe a header.
  public static func elementCount(of sizes: [Int]) -> Int? {
    guard sizes.count <= maximumRank else { return nil }
    var product = 1
    for size in sizes {
      guard size >= 0, size <= Int(Int32.max) else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      guard !overflow, next <= largestCount else { return nil }
      product = next
    }
    return product
  }

  /// The number of axes: 0 for a single number, 1 for a vector, 2 for a matrix.
  public var rank: Int { Int(axisCount) }

  /// The product of the sizes: how many numbers a tensor of this shape holds. 1 for the empty shape.
  public var elementCount: Int {
    var product = 1
    for axis in 0..<rank { product *= Int(sizes[axis]) }
    return product
  }

  /// The sizes without those of `axis`, as left by a reduction over it.
  public func removing(axis: Int) -> Shape { Shape(enumerated().filter { $0.offset != axis }.map(\.element)) }

  /// The sizes with that of `axis` replaced.
  public func replacing(axis: Int, with size: Int) -> Shape {
    var sizes = Array(self)
    sizes[axis] = size
    return Shape(sizes)
  }

  /// The axis counted from the front, where a negative one counts from the back; a stop if there is none.
  package func normalized(axis: Int, for operation: String) -> Int {
    let fromFront = axis < 0 ? axis + rank : axis
    guard fromFront >= 0, fromFront < rank else {
      stop("\(operation): there is no axis \(axis) in the shape \(self), which has \(rank)")
    }
    return fromFront
  }
}

extension Shape: RandomAccessCollection, ExpressibleByArrayLiteral, CustomStringConvertible {
  public init(arrayLiteral sizes: Int...) { self.init(sizes) }

  public var startIndex: Int { 0 }
  public var endIndex: Int { rank }

  /// The size of one axis.
  public subscript(axis: Int) -> Int {
    guard axis >= 0, axis < rank else { stop("Shape: there is no axis \(axis) in the shape \(self)") }
    return Int(sizes[axis])
  }

  public var description: String { "[" + map { String($0) }.joined(separator: ", ") + "]" }
}
