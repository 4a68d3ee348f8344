// SPDX-License-Identifier: Apache-2.0
//
// Pooling: one number for each window of a picture, or for the whole of it.
//
// Before    Convolutions.swift     After    Recurrent.swift
// Source    onnx, docs/Operators.md: MaxPool, AveragePool, LpPool, GlobalMaxPool, GlobalAveragePool, GlobalLpPool

import Foundation

extension Operators {
  static let pooling: [Operator] = [
    Operator("MaxPool") { context in
      let setting = try WindowSetting(context)
      let isColumnMajor = context.flag("storage_order")
      return { x in try largest(x, setting, isColumnMajor: isColumnMajor) }
    },
    Operator("AveragePool") { context in
      let setting = try WindowSetting(context)
      let includesMargin = context.flag("count_include_pad")
      return { x in
        [
          try pooled(x, setting) { numbers, places in
            let count = includesMargin ? places.filter { $0 != Windows.beyond }.count : numbers.count
            return numbers.reduce(0, +) / Double(max(count, 1))
          }
        ]
      }
    },
    Operator("LpPool") { context in
      let setting = try WindowSetting(context)
      let power = Double(context.integer("p", 2))
      return { x in
        [try pooled(x, setting) { numbers, _ in pow(numbers.reduce(0) { $0 + pow($1.magnitude, power) }, 1 / power) }]
      }
    },
    overall("GlobalMaxPool") { _ in { $0.max() ?? 0 } },
    overall("GlobalAveragePool") { _ in { $0.reduce(0, +) / Double(max($0.count, 1)) } },
    overall("GlobalLpPool") { context in
      let power = Double(context.integer("p", 2))
      return { numbers in pow(numbers.reduce(0) { $0 + pow($1.magnitude, power) }, 1 / power) }
    },
  ]

  private static func overall(
    _ name: String, _ body: @escaping @Sendable (NodeContext) -> @Sendable (ArraySlice<Double>) -> Double
  ) -> Operator {
    Operator(name) { context in
      let body = body(context)
      return { x in
        let value = try x[0]
        guard value.rank >= 2, let numbers = value.doubles else {
          throw GraphError("it takes pictures, and was given \(value.shape)")
        }
        let area = value.shape[2...].reduce(1, *)
        let shape = value.shape[..<2] + value.shape[2...].map { _ in 1 }
        let results = (0..<value.shape[0] * value.shape[1]).map { body(numbers[$0 * area..<($0 + 1) * area]) }
        return [GraphValue(Array(shape), .double(results)).cast(to: value.type)]
      }
    }
  }

  /// The result for the numbers of each window, with their places.
  private static func pooled(
    _ x: Operands, _ setting: WindowSetting, _ body: ([Double], [Int]) -> Double
  ) throws -> GraphValue {
    let value = try x[0]
    guard value.rank >= 3, let numbers = value.doubles else {
      throw GraphError("it takes pictures, and was given \(value.shape)")
    }
    let windows = try Windows(setting, plane: Array(value.shape[2...]))
    let places = try windows.places(x)
    let area = windows.plane.reduce(1, *)
    let shape = value.shape[..<2] + windows.output
    try x.count(of: Array(shape))
    let results = (0..<value.shape[0] * value.shape[1]).flatMap { plane in
      places.map { window in body(window.filter { $0 >= 0 }.map { numbers[plane * area + $0] }, window) }
    }
    return GraphValue(Array(shape), .double(results)).cast(to: value.type)
  }

  private static func largest(_ x: Operands, _ setting: WindowSetting, isColumnMajor: Bool) throws -> [GraphValue] {
    let value = try x[0]
    guard value.rank >= 3, let numbers = value.doubles else {
      throw GraphError("it takes pictures, and was given \(value.shape)")
    }
    let windows = try Windows(setting, plane: Array(value.shape[2...]))
    let places = try windows.places(x)
    let area = windows.plane.reduce(1, *)
    let shape = Array(value.shape[..<2] + windows.output)
    try x.count(of: shape)
    var picked: [Int] = []
    for plane in 0..<value.shape[0] * value.shape[1] {
      for window in places {
        let inside = window.filter { $0 >= 0 }
        guard let first = inside.first else { throw GraphError("a window lies in the margin altogether") }
        let base = plane * area
        picked.append(base + inside.reduce(first) { numbers[base + $1] > numbers[base + $0] ? $1 : $0 })
      }
    }
    let own = strides(of: windows.plane)
    let columns = strides(of: windows.plane.reversed()).reversed()
    let indices = picked.map { position -> Int64 in
      guard isColumnMajor else { return Int64(position) }
      let inside = position % area
      let turned = zip(own, zip(windows.plane, columns)).reduce(0) { $0 + inside / $1.0 % $1.1.0 * $1.1.1 }
      return Int64(position - inside + turned)
    }
    return [value.picking(picked, shape: shape), GraphValue(shape, indices)]
  }
}

extension Windows {
  /// The positions in each window, place by place.
  fileprivate func places(_ x: Operands) throws -> [[Int]] {
    let table = try positions(x)
    let p = placeCount
    return (0..<p).map { place in (0..<kernelCount).map { table[$0 * p + place] } }
  }
}
