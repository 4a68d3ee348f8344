// SPDX-License-Identifier: Apache-2.0
//
// Quantization: numbers as a few whole ones, with a scale and a zero point.
//
// Before    Control.swift     After    Resizing.swift
// Source    onnx, docs/Operators.md: QuantizeLinear, DequantizeLinear, DynamicQuantizeLinear

extension Operators {
  static let quantization: [Operator] = [
    Operator("QuantizeLinear", since: 10) { context in
      let axis = context.integer("axis", 1)
      let type = try context.integer("output_dtype").flatMap { $0 == 0 ? nil : try ElementType.named(Int64($0)) }
      let block = context.integer("block_size", 0)
      return { x in
        let value = try x[0]
        let target = x.optional(2)?.type ?? type ?? .uint8
        guard target.isInteger, let numbers = value.doubles else {
          throw GraphError("it cannot make \(target) of \(value.type)")
        }
        let scale = try spread(try x[1], over: value.shape, axis: axis, block: block)
        let zero = try x.optional(2).map { try spread($0, over: value.shape, axis: axis, block: block) }
        let range = target.range
        let wholes = numbers.indices.map { place -> Int64 in
          let number = Float(numbers[place]) / Float(scale[place])
          let rounded = Double(number.rounded(.toNearestOrEven)) + (zero?[place] ?? 0)
          guard !rounded.isNaN else { return 0 }
          // Compared before it is converted: a Double cannot hold the largest number of 64 bits.
          if rounded >= Double(range.upperBound) { return range.upperBound }
          return rounded <= Double(range.lowerBound) ? range.lowerBound : Int64(rounded)
        }
        return [GraphValue(value.shape, .integer(wholes), as: target)]
      }
    },
    Operator("DequantizeLinear", since: 10) { context in
      let axis = context.integer("axis", 1)
      let block = context.integer("block_size", 0)
      return { x in
        let value = try x[0]
        let numbers = try value.doubles.orThrow(GraphError("it takes numbers"))
        let scale = try spread(try x[1], over: value.shape, axis: axis, block: block)
        let zero = try x.optional(2).map { try spread($0, over: value.shape, axis: axis, block: block) }
        let results = numbers.indices.map { (numbers[$0] - (zero?[$0] ?? 0)) * scale[$0] }
        return [GraphValue(value.shape, .double(results)).cast(to: try x[1].type)]
      }
    },
    Operator("DynamicQuantizeLinear", since: 11) { _ in
      { x in
        let numbers = try x.floats(0)
        let low = min(numbers.min() ?? 0, 0)
        let high = max(numbers.max() ?? 0, 0)
        let scale = (high - low) / 255
        guard scale.isFinite else { throw GraphError("its numbers are not finite") }
        let zero = scale == 0 ? 0 : min(max((-low / scale).rounded(.toNearestOrEven), 0), 255)
        let wholes = numbers.map { number -> Int64 in
          let place = scale == 0 ? zero : (number / scale).rounded(.toNearestOrEven) + zero
          return place.isNaN ? 0 : Int64(min(max(place, 0), 255))
        }
        return [
          GraphValue(try x[0].shape, .integer(wholes), as: .uint8), GraphValue([], [scale]),
          GraphValue([], .integer([Int64(zero)]), as: .uint8),
        ]
      }
    },
  ]

  /// A setting for each element: there is one, one for each place of an axis, or one for each block along it.
  private static func spread(_ setting: GraphValue, over shape: [Int], axis: Int, block: Int) throws -> [Double] {
    let numbers = try setting.doubles.orThrow(GraphError("its scale and zero point are numbers"))
    let count = shape.reduce(1, *)
    if setting.count == 1 { return Array(repeating: numbers[0], count: count) }
    let axis = try frontAxis(axis, rank: shape.count)
    let own = strides(of: shape)
    if setting.rank == shape.count, block > 0 {
      var blocks = shape
      blocks[axis] = shape[axis] / block + (shape[axis] % block == 0 ? 0 : 1)
      guard setting.shape == blocks else {
        throw GraphError("settings of the shape \(setting.shape) do not fit \(shape)")
      }
      let steps = strides(of: blocks)
      return (0..<count).map { place in
        numbers[
          shape.indices.reduce(0) { sum, at in
            sum + place / own[at] % shape[at] / (at == axis ? block : 1) * steps[at]
          }]
      }
    }
    guard setting.count == shape[axis] else {
      throw GraphError("settings of the shape \(setting.shape) do not fit \(shape)")
    }
    return (0..<count).map { numbers[$0 / own[axis] % shape[axis]] }
  }
}
