// SPDX-License-Identifier: Apache-2.0
//
// Normalization: probabilities of scores, and numbers of a common scale.
//
// Before    Ranking.swift     After    Products.swift
// Source    onnx, docs/Operators.md: Softmax, LogSoftmax, Hardmax, BatchNormalization, LayerNormalization, RMSNormalization,
//           InstanceNormalization, GroupNormalization, LpNormalization, MeanVarianceNormalization

import Foundation

extension Operators {
  static let normalization: [Operator] = [
    alongLines("Softmax") { line in
      let total = logSumExp(line[...])
      return line.map { exp($0 - total) }
    },
    alongLines("LogSoftmax") { line in
      let total = logSumExp(line[...])
      return line.map { $0 - total }
    },
    alongLines("Hardmax") { line in
      let best = line.firstIndex(of: line.max() ?? 0)
      return line.indices.map { $0 == best ? 1 : 0 }
    },
    Operator("LpNormalization") { context in
      let isL1 = context.integer("p", 2) == 1
      let axis = context.integer("axis", -1)
      return { x in
        [
          try rewritten(try x[0], axis: axis) { line in
            let norm = isL1 ? line.reduce(0) { $0 + $1.magnitude } : line.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return norm == 0 ? line : line.map { $0 / norm }
          }
        ]
      }
    },
    Operator("BatchNormalization", since: 7) { context in
      guard !context.flag("training_mode") else { throw GraphError("it is set to train, which a graph here does not") }
      let epsilon = Double(context.float("epsilon", 1e-5))
      return { x in [try batchNormalized(x, epsilon)] }
    },
    Operator("InstanceNormalization", since: 6) { context in
      let epsilon = Double(context.float("epsilon", 1e-5))
      return { x in [try groupNormalized(x, groups: nil, epsilon)] }
    },
    Operator("GroupNormalization", since: 18) { context in
      let epsilon = Double(context.float("epsilon", 1e-5))
      let groups = try context.integer("num_groups").orThrow(context.missing("num_groups"))
      return { x in [try groupNormalized(x, groups: groups, epsilon)] }
    },
    layer("LayerNormalization", since: 17, centers: true), layer("RMSNormalization", since: 23, centers: false),
    Operator("MeanVarianceNormalization", since: 9) { context in
      let axes = context.integers("axes") ?? [0, 2, 3]
      return { x in
        let value = try x[0]
        let chosen = try axes.map { try frontAxis($0, rank: value.rank) }
        let order = value.shape.indices.filter { !chosen.contains($0) } + chosen
        let moved = try transposed(value, order)
        let length = chosen.reduce(1) { $0 * value.shape[$1] }
        let lined = moved.reshaped([value.count / max(length, 1), length])
        let done = try rewritten(lined, axis: 1) { standardized($0, centers: true, epsilon: 1e-9).values }
        let back = order.indices.map { axis in order.firstIndex(of: axis) ?? axis }
        return [try transposed(done.reshaped(moved.shape), back)]
      }
    },
  ]

  /// A function of the numbers along an axis. Before version 13 the axes behind it counted as one.
  private static func alongLines(_ name: String, _ body: @escaping @Sendable ([Double]) -> [Double]) -> Operator {
    Operator(name) { context in
      let flattens = context.version < 13
      let axis = context.integer("axis", flattens ? 1 : -1)
      return { x in
        let value = try x[0]
        guard flattens else { return [try rewritten(value, axis: axis, body)] }
        let cut = axis == value.rank ? axis : try frontAxis(axis, rank: value.rank)
        let flat = value.reshaped([value.shape[..<cut].reduce(1, *), value.shape[cut...].reduce(1, *)])
        return [try rewritten(flat, axis: 1, body).reshaped(value.shape)]
      }
    }
  }

  /// The value with its lines replaced by what becomes of them.
  private static func rewritten(
    _ value: GraphValue, axis: Int, _ body: ([Double]) -> [Double]
  ) throws -> GraphValue {
    guard value.type.isFloating else {
      throw GraphError("it takes numbers with a fraction, and was given \(value.type)")
    }
    let lines = try Lines(value, axis: axis)
    var numbers = lines.numbers
    for start in lines.starts {
      let places = (0..<lines.length).map { start + $0 * lines.step }
      for (place, number) in zip(places, body(places.map { lines.numbers[$0] })) { numbers[place] = number }
    }
    let result = GraphValue(value.shape, .double(numbers))
    return cast(result, to: value.type) ?? result
  }

  /// Numbers with mean 0 and variance 1; without their mean's being taken off, with mean square 1.
  private static func standardized(
    _ line: [Double], centers: Bool, epsilon: Double
  ) -> (values: [Double], mean: Double, inverse: Double) {
    let count = Double(max(line.count, 1))
    let mean = centers ? line.reduce(0, +) / count : 0
    let variance = line.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let inverse = 1 / (variance + epsilon).squareRoot()
    return (line.map { ($0 - mean) * inverse }, mean, inverse)
  }

  /// One number of the operand's for each channel, the axis 1.
  private static func perChannel(_ x: Operands, _ position: Int, channels: Int) throws -> [Double] {
    let numbers = try x[position].doubles.orThrow(GraphError("it takes numbers"))
    guard numbers.count == channels else {
      throw GraphError("input \(position) has \(numbers.count) numbers for \(channels) channels")
    }
    return numbers
  }

  private static func batchNormalized(_ x: Operands, _ epsilon: Double) throws -> GraphValue {
    let value = try x[0]
    guard value.rank >= 1 else { throw GraphError("it takes rows of channels") }
    let channels = value.rank == 1 ? 1 : value.shape[1]
    let numbers = try (1...4).map { try perChannel(x, $0, channels: channels) }
    let factors = (0..<channels).map { numbers[0][$0] / (numbers[3][$0] + epsilon).squareRoot() }
    let area = value.shape.dropFirst(2).reduce(1, *)
    let inputs = try value.doubles.orThrow(GraphError("it takes numbers"))
    let outputs = inputs.indices.map { position -> Double in
      let channel = position / max(area, 1) % channels
      return (inputs[position] - numbers[2][channel]) * factors[channel] + numbers[1][channel]
    }
    let result = GraphValue(value.shape, .double(outputs))
    return cast(result, to: value.type) ?? result
  }

  /// Each group of channels of a row on its own; without a number of groups, each channel.
  private static func groupNormalized(_ x: Operands, groups: Int?, _ epsilon: Double) throws -> GraphValue {
    let value = try x[0]
    guard value.rank >= 2, case let channels = value.shape[1], case let groups = groups ?? channels, groups > 0,
      channels % groups == 0
    else { throw GraphError("the channels of \(value.shape) cannot be put into groups") }
    // Scale and bias were one for a group in the operator's first version.
    let given = try x[1].count
    let scale = try perChannel(x, 1, channels: given == groups ? groups : channels)
    let bias = try perChannel(x, 2, channels: given == groups ? groups : channels)
    let area = value.shape[2...].reduce(1, *)
    let lined = value.reshaped([value.shape[0] * groups, value.count / max(value.shape[0] * groups, 1)])
    let done = try rewritten(lined, axis: 1) { standardized($0, centers: true, epsilon: epsilon).values }
    let numbers = try done.doubles.orThrow(GraphError("it takes numbers"))
    let outputs = numbers.indices.map { position -> Double in
      let channel = position / max(area, 1) % channels
      let own = scale.count == channels ? channel : channel / (channels / groups)
      return numbers[position] * scale[own] + bias[own]
    }
    let result = GraphValue(value.shape, .double(outputs))
    return cast(result, to: value.type) ?? result
  }

  private static func layer(_ name: String, since: Int, centers: Bool) -> Operator {
    Operator(name, since: since) { context in
      let axis = context.integer("axis", -1)
      let epsilon = Double(context.float("epsilon", 1e-5))
      return { x in
        let value = try x[0]
        let cut = try frontAxis(axis, rank: value.rank)
        let outer = Array(value.shape[..<cut])
        let length = value.shape[cut...].reduce(1, *)
        let inputs = try value.doubles.orThrow(GraphError("it takes numbers"))
        let tail = Array(value.shape[cut...])
        let scale = try stretched(try x[1], to: tail)
        let bias = try x.optional(2).map { try stretched($0, to: tail) }
        var outputs: [Double] = []
        var means: [Float] = []
        var inverses: [Float] = []
        for start in stride(from: 0, to: inputs.count, by: max(length, 1)) {
          let (line, mean, inverse) = standardized(
            Array(inputs[start..<start + length]), centers: centers, epsilon: epsilon)
          outputs += line.indices.map { line[$0] * scale[$0] + (bias?[$0] ?? 0) }
          means.append(Float(mean))
          inverses.append(Float(inverse))
        }
        let result = GraphValue(value.shape, .double(outputs))
        let rows = outer + tail.map { _ in 1 }
        let shape = means.count == rows.reduce(1, *) ? rows : [means.count]
        return [cast(result, to: value.type) ?? result, GraphValue(shape, means), GraphValue(shape, inverses)]
      }
    }
  }

  private static func stretched(_ value: GraphValue, to shape: [Int]) throws -> [Double] {
    guard try broadcastShape(value.shape, shape) == shape, let numbers = value.doubles else {
      throw GraphError("the shape \(value.shape) cannot be stretched to \(shape)")
    }
    return broadcastPositions(of: value.shape, to: shape).map { numbers[$0] }
  }
}
