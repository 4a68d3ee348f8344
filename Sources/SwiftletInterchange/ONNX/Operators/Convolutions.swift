// SPDX-License-Identifier: Apache-2.0
//
// Convolution: a product of weights and the windows of a picture, written as columns.
//
// Shapes    N pictures, C channels in, M channels out, G groups, P places of the window, K elements in it
// Before    Windows.swift     After    Pooling.swift
// Source    onnx, docs/Operators.md: Conv, ConvTranspose; Chellapilla, Puri, Simard (2006) for the columns

import SwiftletTensors

extension Operators {
  static let convolutions: [Operator] = [
    Operator("Conv") { context in
      let setting = try WindowSetting(context)
      let groups = context.integer("group", 1)
      return { x in [try convolved(x, setting, groups: groups)] }
    },
    Operator("ConvTranspose") { context in
      let setting = try WindowSetting(context)
      let groups = context.integer("group", 1)
      let extra = context.integers("output_padding")
      let wanted = context.integers("output_shape")
      return { x in [try transposedConvolution(x, setting, groups: groups, extra: extra, wanted: wanted)] }
    },
  ]

  private static func convolved(_ x: Operands, _ setting: WindowSetting, groups: Int) throws -> GraphValue {
    let value = try x[0]
    let weight = try x[1]
    guard value.rank >= 3, weight.rank == value.rank, groups > 0, weight.shape[0] % groups == 0,
      case let (share, overflow) = weight.shape[1].multipliedReportingOverflow(by: groups), !overflow,
      share == value.shape[1]
    else {
      throw GraphError("weights of the shape \(weight.shape) do not fit pictures of \(value.shape) in \(groups) groups")
    }
    let windows = try Windows(setting, plane: Array(value.shape[2...]), weight: Array(weight.shape[2...]))
    let table = try windows.positions(x)
    let inputs = try x.floats(0)
    let weights = try x.floats(1)
    let bias = try x.optional(2) == nil ? nil : x.floats(2)
    let n = value.shape[0]
    let c = weight.shape[1]
    let m = weight.shape[0] / groups
    let p = windows.placeCount
    let k = windows.kernelCount
    guard bias.map({ $0.count == m * groups }) ?? true else { throw GraphError("it needs one bias for each channel") }
    try x.count(of: [n, m * groups, p])
    try x.count(of: [c, k, p])
    let area = windows.plane.reduce(1, *)
    let parts = (0..<groups).map { group in
      Tensor(Array(weights[group * m * c * k..<(group + 1) * m * c * k]), shape: [m, c * k])
    }
    var outputs: [Float] = []
    outputs.reserveCapacity(n * m * groups * p)
    for picture in 0..<n {
      for group in 0..<groups {
        let first = (picture * groups + group) * c
        let columns = (0..<c).flatMap { channel in
          let base = (first + channel) * area
          return table.map { $0 < 0 ? 0 : inputs[base + $0] }
        }
        let product = matmul(parts[group], Tensor(columns, shape: [c * k, p]))  // [M / G, P]
        product.withUnsafeScalars { product in
          for (position, number) in product.enumerated() {
            outputs.append(number + (bias?[group * m + position / p] ?? 0))
          }
        }
      }
    }
    return GraphValue([n, m * groups] + windows.output, outputs).cast(to: value.type)
  }

  /// The walk of a convolution backwards: each number is spread over the window, and what meets is added.
  private static func transposedConvolution(
    _ x: Operands, _ setting: WindowSetting, groups: Int, extra: [Int]?, wanted: [Int]?
  ) throws -> GraphValue {
    let value = try x[0]
    let weight = try x[1]
    guard value.rank >= 3, weight.rank == value.rank, groups > 0, value.shape[1] % groups == 0,
      weight.shape[0] == value.shape[1]
    else { throw GraphError("weights of the shape \(weight.shape) do not fit pictures of \(value.shape)") }
    let windows = try spread(
      Array(value.shape[2...]), Array(weight.shape[2...]), setting, extra: extra, wanted: wanted)
    let table = try windows.positions(x)
    let n = value.shape[0]
    let c = value.shape[1] / groups
    let m = weight.shape[1]
    let p = windows.placeCount
    let k = windows.kernelCount
    let area = try x.count(of: windows.plane)
    let inputs = try x.floats(0)
    let weights = try x.floats(1)
    let bias = try x.optional(2) == nil ? nil : x.floats(2)
    guard bias.map({ $0.count == m * groups }) ?? true else { throw GraphError("it needs one bias for each channel") }
    try x.count(of: [m, k, p])
    var outputs = Array(repeating: Float(0), count: try x.count(of: [n, m * groups, area]))
    for picture in 0..<n {
      for group in 0..<groups {
        let first = (picture * groups + group) * c
        let rows = Tensor(Array(inputs[first * p..<(first + c) * p]), shape: [c, p])
        let part = Tensor(Array(weights[group * c * m * k..<(group + 1) * c * m * k]), shape: [c, m * k])
        let columns = matmul(part, rows, transposingLeft: true).scalars  // [M · K, P]
        for (position, number) in columns.enumerated() {
          let place = table[position % (k * p)]
          guard place >= 0 else { continue }
          let channel = (picture * groups + group) * m + position / (k * p)
          outputs[channel * area + place] += number
        }
      }
    }
    if let bias { for i in outputs.indices { outputs[i] += bias[i / max(area, 1) % (m * groups)] } }
    return GraphValue([n, m * groups] + windows.plane, outputs).cast(to: value.type)
  }

  /// The windows over what a transposed convolution makes of a plane.
  private static func spread(
    _ plane: [Int], _ kernel: [Int], _ setting: WindowSetting, extra: [Int]?, wanted: [Int]?
  ) throws -> Windows {
    let strides = setting.strides ?? plane.map { _ in 1 }
    let dilations = setting.dilations ?? plane.map { _ in 1 }
    let extra = extra ?? plane.map { _ in 0 }
    let pads = setting.pads ?? plane.map { _ in 0 } + plane.map { _ in 0 }
    let counts = [strides.count, dilations.count, extra.count, pads.count / 2, wanted?.count ?? plane.count]
    guard counts.allSatisfy({ $0 == plane.count }), pads.count == 2 * plane.count,
      (extra + (wanted ?? [])).allSatisfy({ (0...1 << 28).contains($0) }),
      kernel.allSatisfy({ (1...1 << 20).contains($0) })
    else { throw GraphError("its window has another number of axes than the picture \(plane)") }
    var before = Array(pads[..<plane.count])
    var after = Array(pads[plane.count...])
    var sizes: [Int] = []
    for axis in plane.indices {
      let reach = (kernel[axis] - 1) * dilations[axis] + 1
      let whole = strides[axis] * (plane[axis] - 1) + extra[axis] + reach
      if wanted != nil || setting.automatic.hasPrefix("SAME") {
        let size = wanted?[axis] ?? plane[axis] * strides[axis]
        let total = max(whole - size, 0)
        before[axis] = setting.automatic == "SAME_UPPER" ? total / 2 : total - total / 2
        after[axis] = total - before[axis]
        sizes.append(size)
      } else {
        sizes.append(whole - before[axis] - after[axis])
      }
      guard sizes[axis] > 0, plane[axis] > 0 else { throw GraphError("nothing is left of the picture \(plane)") }
    }
    return Windows(
      sizes, kernel: kernel, strides: strides, dilations: dilations, before: before, after: after, output: plane)
  }
}
