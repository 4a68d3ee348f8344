// SPDX-License-Identifier: Apache-2.0
//
// How a tensor prints: as NumPy prints an array.
//
// Columns line up on the decimal point, a tensor of more than 1,000 scalars shows its corners only, and
// lines break at 75 characters.
//
// Before    Random/RandomTensors.swift     After    NumberFormat.swift
// Source    NumPy reference, numpy.array2string and numpy.set_printoptions, the default settings

extension Tensor: CustomStringConvertible {
  public var description: String {
    let isElided = count > TensorPrinter.threshold
    let shown = withUnsafeScalars { scalars in
      TensorPrinter.shownPositions(shape, isElided: isElided).map { scalars[$0] }
    }
    guard count > 0 else { return rank == 1 ? "[]" : "[], shape \(shape)" }
    let printer = TensorPrinter(shape: shape, isElided: isElided, format: NumberFormat(for: shown))
    return withUnsafeScalars { printer.text(of: $0) }
  }
}

struct TensorPrinter {
  /// More scalars than this are elided.
  static let threshold = 1000
  /// How many are shown at each end of an elided axis.
  static let edgeCount = 3
  static let lineWidth = 75

  let shape: Shape
  let isElided: Bool
  let format: NumberFormat

  /// The positions on an axis that are shown; `nil` stands for the dots.
  private static func indices(_ size: Int, isElided: Bool) -> [Int?] {
    guard isElided, size > 2 * edgeCount else { return (0..<size).map { $0 } }
    return (0..<edgeCount).map { $0 } + [nil] + (size - edgeCount..<size).map { $0 }
  }

  /// Where the scalars that are shown stand in the storage: they decide the number format.
  static func shownPositions(_ shape: Shape, isElided: Bool) -> [Int] {
    shape.reduce([0]) { positions, size in
      positions.flatMap { start in indices(size, isElided: isElided).compactMap { $0 }.map { start * size + $0 } }
    }
  }

  func text(of scalars: UnsafeBufferPointer<Float>) -> String {
    text(of: scalars, axis: 0, start: 0)
  }

  /// The part that begins at `start` and has the axes from `axis` on.
  private func text(of scalars: UnsafeBufferPointer<Float>, axis: Int, start: Int) -> String {
    guard axis < shape.rank else {
      return shape.rank == 0 ? format.trimmed(scalars[start]) : format.text(scalars[start])
    }
    let size = shape[axis]
    let indices = TensorPrinter.indices(size, isElided: isElided)
    let parts = indices.map { index in
      index.map { text(of: scalars, axis: axis + 1, start: start * size + $0) } ?? "..."
    }
    guard axis == shape.rank - 1 else {
      // Rows stand below each other, indented by the open brackets; matrices are set off by empty lines.
      let separator = String(repeating: "\n", count: shape.rank - 1 - axis) + String(repeating: " ", count: axis + 1)
      return "[" + parts.joined(separator: separator) + "]"
    }
    return row(of: parts)
  }

  /// One row, broken where a line would become too long.
  private func row(of parts: [String]) -> String {
    let indent = String(repeating: " ", count: shape.rank)
    var lines: [String] = []
    var line = String(repeating: " ", count: shape.rank - 1) + "["
    var isFirst = true
    for part in parts {
      let needed = part.count + (isFirst ? 0 : 1)
      if line.count + needed + 1 > TensorPrinter.lineWidth, !isFirst {
        lines.append(line)
        line = indent + part
      } else {
        line += (isFirst ? "" : " ") + part
      }
      isFirst = false
    }
    lines.append(line + "]")
    lines[0].removeFirst(shape.rank - 1)  // what is left of the bracket stands there already
    return lines.joined(separator: "\n")
  }
}
