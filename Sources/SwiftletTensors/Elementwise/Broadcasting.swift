// SPDX-License-Identifier: Apache-2.0
//
// Broadcasting: combining tensors of different shapes.
//
// Adding a bias of shape [H] to features of shape [N, H] means adding it to every row. The rule is
// NumPy's: write the shapes below each other, flush right; axes must agree or be 1, and an axis of 1
// (or one that is missing) is repeated. Nothing is repeated in memory: a repeated axis is read with a
// step of zero.
//
// Before    VectorLoops.swift     After    Arithmetic.swift
// Source    NumPy User Guide, "Broadcasting", General Broadcasting Rules

extension Shape {
  /// The shape that both broadcast to, or `nil` if they do not fit.
  package func broadcast(with other: Shape) -> Shape? {
    let rank = Swift.max(self.rank, other.rank)
    let mine = Array(repeating: 1, count: rank - self.rank) + self
    let theirs = Array(repeating: 1, count: rank - other.rank) + other
    guard zip(mine, theirs).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) else { return nil }
    let sizes = zip(mine, theirs).map { $0 == 1 ? $1 : $0 }
    return Shape.elementCount(of: sizes) == nil ? nil : Shape(sizes)
  }

  /// How far to step in a tensor of this shape for one step along each axis of `target`: 0 if it repeats.
  func steps(broadcastTo target: Shape) -> [Int] {
    var steps = Array(repeating: 0, count: target.rank)
    var step = 1
    for (axis, size) in enumerated().reversed() {
      steps[axis + target.rank - rank] = size == 1 ? 0 : step
      step *= size
    }
    return steps
  }
}

/// Walks over the rows of a shape (all axes but the last) and says where each begins in several
/// tensors, each with steps of its own.
package struct RowWalk {
  private let sizes: [Int]
  private let steps: [[Int]]
  private var position: [Int]
  /// Where the current row begins in each tensor.
  package private(set) var offsets: [Int]
  package let rowCount: Int

  package init(shape: Shape, steps: [[Int]]) {
    sizes = Array(shape.dropLast())
    self.steps = steps
    position = Array(repeating: 0, count: sizes.count)
    offsets = Array(repeating: 0, count: steps.count)
    rowCount = sizes.reduce(1, *)
  }

  /// Goes to the next row, as an odometer does: the last axis turns fastest.
  package mutating func advance() {
    for axis in sizes.indices.reversed() {
      position[axis] += 1
      for tensor in steps.indices { offsets[tensor] += steps[tensor][axis] }
      guard position[axis] == sizes[axis] else { return }
      for tensor in steps.indices { offsets[tensor] -= steps[tensor][axis] * sizes[axis] }
      position[axis] = 0
    }
  }
}

extension Tensor {
  /// Combines two tensors, scalar by scalar, after broadcasting them to one shape.
  ///
  /// - Parameters:
  ///   - name: The name of the operation, for the message when the shapes do not fit.
  ///   - operation: What to do with eight pairs at a time.
  @inline(__always)
  static func combined(
    _ a: Tensor, _ b: Tensor, _ name: String, _ operation: (Vector8, Vector8) -> Vector8
  ) -> Tensor {
    guard let shape = a.shape == b.shape ? a.shape : a.shape.broadcast(with: b.shape) else {
      stop(
        "\(name): the shapes \(a.shape) and \(b.shape) do not broadcast: "
          + "axes, counted from the right, must agree or one of them must be 1")
    }
    // Equal shapes are one long row; otherwise each tensor moves through a row by one scalar or by none.
    let isOneRow = a.shape == b.shape
    let rowShape: Shape = isOneRow ? [shape.elementCount] : shape
    let aSteps = isOneRow ? [1] : a.shape.steps(broadcastTo: shape)
    let bSteps = isOneRow ? [1] : b.shape.steps(broadcastTo: shape)
    let width = rowShape.last ?? 1
    return Tensor(uninitialized: shape) { target in
      a.withUnsafeScalars { a in
        b.withUnsafeScalars { b in
          guard target.count > 0, let a = a.baseAddress, let b = b.baseAddress, var y = target.baseAddress else {
            return
          }
          var walk = RowWalk(shape: rowShape, steps: [aSteps, bSteps])
          let aMoves = aSteps.last == 1
          let bMoves = bSteps.last == 1
          for _ in 0..<walk.rowCount {
            // In bounds: a row may be written up to seven scalars too far, into the next row, which is
            // written after it, or into the padding behind the last.
            let rowA = a + walk.offsets[0]
            let rowB = b + walk.offsets[1]
            switch (aMoves, bMoves) {
            case (true, true):
              for i in stride(from: 0, to: width, by: 8) {
                y.store(operation(rowA.vector(at: i), rowB.vector(at: i)), at: i)
              }
            case (true, false):
              let constant = Vector8(repeating: rowB[0])
              for i in stride(from: 0, to: width, by: 8) { y.store(operation(rowA.vector(at: i), constant), at: i) }
            case (false, true):
              let constant = Vector8(repeating: rowA[0])
              for i in stride(from: 0, to: width, by: 8) { y.store(operation(constant, rowB.vector(at: i)), at: i) }
            case (false, false):
              let result = operation(Vector8(repeating: rowA[0]), Vector8(repeating: rowB[0]))
              for i in stride(from: 0, to: width, by: 8) { y.store(result, at: i) }
            }
            y += width
            walk.advance()
          }
        }
      }
    }
  }

  /// This tensor repeated along axes of size 1 until it has the shape.
  public func broadcasted(to target: Shape) -> Tensor {
    guard shape.broadcast(with: target) == target else {
      stop("broadcasted: the shape \(shape) does not broadcast to \(target)")
    }
    return shape == target ? self : Tensor.combined(self, Tensor.zeros(target), "broadcasted") { a, _ in a }
  }

  /// Sums over the axes along which a tensor of shape `target` was repeated to get this one's shape.
  ///
  /// This is the gradient of broadcasting: what was used many times receives the sum of what each
  /// use sends back.
  package func reduced(to target: Shape) -> Tensor {
    var result = self
    while result.rank > target.rank { result = result.sum(axis: 0) }
    for axis in 0..<target.rank where target[axis] == 1 && result.shape[axis] != 1 {
      result = result.sum(axis: axis, keepingAxis: true)
    }
    return result.reshaped(to: target)
  }
}
