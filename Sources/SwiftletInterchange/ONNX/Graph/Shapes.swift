// SPDX-License-Identifier: Apache-2.0
//
// Shapes: how many elements there are, and where they lie.
//
// Before    GraphValue.swift     After    ConstantReading.swift
// Source    onnx, "Multidirectional Broadcasting"

/// How far apart neighbors along each axis lie in memory, row-major.
func strides(of shape: [Int]) -> [Int] {
  var strides = Array(repeating: 1, count: shape.count)
  for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
  return strides
}

/// The shape that two others are stretched to.
func broadcastShape(_ a: [Int], _ b: [Int]) throws -> [Int] {
  let rank = max(a.count, b.count)
  return try (0..<rank).map { axis in
    let sizeA = axis < rank - a.count ? 1 : a[axis - (rank - a.count)]
    let sizeB = axis < rank - b.count ? 1 : b[axis - (rank - b.count)]
    guard sizeA == sizeB || sizeA == 1 || sizeB == 1 else {
      throw GraphError("the shapes \(a) and \(b) do not fit: an axis of size \(sizeA) meets one of size \(sizeB)")
    }
    return sizeA == 1 ? sizeB : sizeA
  }
}

/// The positions in memory of the elements that a walk along some axes meets, the last axis the fastest.
func positions(sizes: [Int], strides: [Int], from start: Int = 0) -> [Int] {
  var positions = [start]
  for (size, stride) in zip(sizes, strides) {
    guard size != 1 else { continue }
    var next: [Int] = []
    next.reserveCapacity(positions.count * size)
    for base in positions { for step in 0..<size { next.append(base + step * stride) } }
    positions = next
  }
  return positions
}

/// For each element of `target`, the position of the element of `shape` that is stretched to it.
func broadcastPositions(of shape: [Int], to target: [Int]) -> [Int] {
  let lead = target.count - shape.count
  let own = strides(of: shape)
  let steps = target.indices.map { $0 < lead || shape[$0 - lead] == 1 ? 0 : own[$0 - lead] }
  return positions(sizes: target, strides: steps)
}

/// An axis counted from the front, where a negative one counts from the back.
///
/// - Parameter limit: The number of axes that there are to choose from.
func frontAxis(_ axis: Int, rank limit: Int) throws -> Int {
  // Compared before it is added to: an axis is a number of the file.
  guard axis >= -limit, axis < limit else { throw GraphError("there is no axis \(axis) among \(limit)") }
  return axis < 0 ? axis + limit : axis
}
