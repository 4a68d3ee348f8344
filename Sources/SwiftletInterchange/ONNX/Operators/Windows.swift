// SPDX-License-Identifier: Apache-2.0
//
// Windows: where a small window lies as it moves over a picture, of any number of axes.
//
// Convolution and pooling are the same walk. It is done once for a shape: for each place of the window and each element in
// it, the position in a plane of the picture, or that it lies in the margin.
//
// Shapes    P places of the window, K elements in it
// Before    Products.swift     After    Convolutions.swift
// Source    onnx, docs/Operators.md: Conv, MaxPool, the attributes auto_pad, ceil_mode, dilations, pads, strides

/// How a window moves, as a node says it.
struct WindowSetting: Sendable {
  let kernel: [Int]?
  let strides: [Int]?
  let dilations: [Int]?
  let pads: [Int]?
  let automatic: String
  let roundsUp: Bool

  init(_ context: NodeContext) throws {
    kernel = context.integers("kernel_shape")
    strides = context.integers("strides")
    dilations = context.integers("dilations")
    pads = context.integers("pads")
    automatic = context.text("auto_pad", "NOTSET")
    roundsUp = context.flag("ceil_mode")
    let sizes = (kernel ?? []) + (strides ?? []) + (dilations ?? [])
    guard sizes.allSatisfy({ (1...1 << 20).contains($0) }), (pads ?? []).allSatisfy({ (0...1 << 20).contains($0) })
    else {
      throw GraphError("its window's sizes, strides, dilations or margins are out of range")
    }
  }
}

/// The places of a window over a plane.
struct Windows: Sendable {
  /// The sizes of the plane.
  let plane: [Int]
  let kernel: [Int]
  let strides: [Int]
  let dilations: [Int]
  /// The margin before the plane, along each axis.
  let before: [Int]
  /// The margin behind it.
  let after: [Int]
  /// How many places there are along each axis.
  let output: [Int]

  /// P, the number of places.
  var placeCount: Int { output.reduce(1, *) }
  /// K, the number of elements in the window.
  var kernelCount: Int { kernel.reduce(1, *) }

  /// The windows of a node over a plane.
  ///
  /// - Parameter weight: The sizes of the window that the weights have, if the node has some.
  init(_ setting: WindowSetting, plane: [Int], weight: [Int]? = nil) throws {
    let kernel = try (weight ?? setting.kernel).orThrow(GraphError("the attribute kernel_shape is missing"))
    let ones = plane.map { _ in 1 }
    let strides = setting.strides ?? ones
    let dilations = setting.dilations ?? ones
    let pads = setting.pads ?? plane.map { _ in 0 } + plane.map { _ in 0 }
    guard !plane.isEmpty, [kernel.count, strides.count, dilations.count].allSatisfy({ $0 == plane.count }),
      pads.count == 2 * plane.count, kernel.allSatisfy({ (1...1 << 20).contains($0) })
    else { throw GraphError("its window has another number of axes than the picture \(plane)") }
    var before = Array(pads[..<plane.count])
    var after = Array(pads[plane.count...])
    var output: [Int] = []
    for axis in plane.indices {
      let reach = (kernel[axis] - 1) * dilations[axis] + 1
      if setting.automatic.hasPrefix("SAME") {
        let count = (plane[axis] + strides[axis] - 1) / strides[axis]
        let total = max((count - 1) * strides[axis] + reach - plane[axis], 0)
        before[axis] = setting.automatic == "SAME_LOWER" ? (total + 1) / 2 : total / 2
        after[axis] = total - before[axis]
        output.append(count)
        continue
      }
      if setting.automatic == "VALID" {
        before[axis] = 0
        after[axis] = 0
      }
      let room = plane[axis] + before[axis] + after[axis] - reach
      guard room >= 0 else { throw GraphError("its window of \(kernel) is larger than the picture \(plane)") }
      var count = room / strides[axis] + 1
      if setting.roundsUp, room % strides[axis] != 0, count * strides[axis] < plane[axis] + before[axis] { count += 1 }
      output.append(count)
    }
    self.init(
      plane, kernel: kernel, strides: strides, dilations: dilations, before: before, after: after, output: output)
  }

  init(
    _ plane: [Int], kernel: [Int], strides: [Int], dilations: [Int], before: [Int], after: [Int], output: [Int]
  ) {
    self.plane = plane
    self.kernel = kernel
    self.strides = strides
    self.dilations = dilations
    self.before = before
    self.after = after
    self.output = output
  }

  /// An element in the margin.
  static let margin = -1
  /// An element behind the margin, which a rounded-up number of places reaches.
  static let beyond = -2

  /// For each element of the window and each place, the position in the plane: K · P numbers.
  func positions(_ x: Operands) throws -> [Int] {
    try x.count(of: kernel + output)
    var table = [0]
    let own = SwiftletInterchange.strides(of: plane)
    // First all elements of the window, then all places: axis by axis, both are stretched.
    var shape = [1, 1]
    for axis in plane.indices {
      var next = Array(repeating: 0, count: table.count * kernel[axis] * output[axis])
      let columns = shape[1] * output[axis]
      for (position, base) in table.enumerated() {
        let row = position / shape[1] * kernel[axis]
        let column = position % shape[1] * output[axis]
        for element in 0..<kernel[axis] {
          for place in 0..<output[axis] {
            let inside = place * strides[axis] + element * dilations[axis] - before[axis]
            let step =
              (0..<plane[axis]).contains(inside)
              ? (base < 0 ? base : base + inside * own[axis])
              : min(base, inside < plane[axis] + after[axis] ? Self.margin : Self.beyond)
            next[(row + element) * columns + column + place] = step
          }
        }
      }
      table = next
      shape = [shape[0] * kernel[axis], columns]
    }
    return table
  }
}
