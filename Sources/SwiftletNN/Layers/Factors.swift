// SPDX-License-Identifier: Apache-2.0
//
// Factors: what was learned of users and of items, and how well they go together.
//
// It takes the place of a whole network: a pair of codes comes in, and a score comes out.
//
// Shapes    N pairs, V codes of a column, K factors
// Before    EmbedColumns.swift     After    Sequential.swift
// Source    Koren, Bell, Volinsky, "Matrix Factorization Techniques for Recommender Systems" (2009), equation 5

import SwiftletAutograd
import SwiftletFormats
import SwiftletTensors

/// Scores of pairs: `[N, 2]` codes of a user and of an item become `[N, 1]`.
///
/// Code 0 is the stranger, who has zeros: what remains of a score is the other side's bias.
public struct Factors: Layer {
  public static let kind = "factors"

  /// Shape `[V, 1 + K]`: a bias, and K factors, for each code.
  private(set) var users: Tensor
  private(set) var items: Tensor
  /// What the mean square of the rows of a batch counts in the loss.
  private let l2: Float

  /// Reads the numbers of codes, `users` and `items`, the number of `dimensions`, and `l2`.
  public init(from plan: LayerPlan) throws {
    guard plan.inputShape.rank == 2, plan.inputShape[1] == 2 else {
      throw plan.error("takes the codes of a user and an item, and the shape of what comes in is \(plan.inputShape).")
    }
    let dimensions = try plan.size("dimensions")
    guard dimensions <= Self.largestSize else {
      throw plan.error("\"dimensions\" must be a whole number from 1 to \(Self.largestSize).")
    }
    l2 = Float(try plan.number("l2", in: 0..<1e6, default: 0))
    users = try plan.parameter("users.weight", [try plan.size("users"), 1 + dimensions], Self.rows)
    items = try plan.parameter("items.weight", [try plan.size("items"), 1 + dimensions], Self.rows)
  }

  /// The largest number of factors.
  private static let largestSize = 4096

  /// Normal around 0, but for the biases and the stranger: what nothing is known of adds nothing.
  private static let rows = Initializer { shape, generator in
    var table = Tensor.normal(shape, standardDeviation: 0.1, using: &generator)
    table.withUnsafeMutableScalars { scalars in
      for bias in stride(from: 0, to: scalars.count, by: shape[1]) { scalars[bias] = 0 }
      for position in 0..<shape[1] { scalars[position] = 0 }
    }
    return table
  }

  public var settings: JSONValue {
    [
      "users": JSONValue(users.shape[0]), "items": JSONValue(items.shape[0]),
      "dimensions": JSONValue(users.shape[1] - 1), "l2": .number(shortest(l2)),
    ]
  }

  public var parameters: [NamedParameter] {
    [NamedParameter(name: "users.weight", value: users), NamedParameter(name: "items.weight", value: items)]
  }

  public mutating func updateParameters(_ body: (String, inout Tensor) throws -> Void) rethrows {
    try body("users.weight", &users)
    try body("items.weight", &items)
  }

  public func callAsFunction(_ input: Tensor) -> Tensor { pairScores(input, users: users, items: items) }

  public func callAsFunction(_ input: Variable) -> Variable {
    let tape = input.tape
    let users = tape.parameter(users)
    let items = tape.parameter(items)
    if tape.isTraining, l2 > 0 { tape.add(penalty: pairSquares(input.value, users: users, items: items) * l2) }
    return pairScores(input.value, users: users, items: items)
  }

  public func answer(_ input: UnsafeBufferPointer<Float>, shape: Shape, into output: UnsafeMutableBufferPointer<Float>)
  {
    pairScores(input, users: users, items: items, into: UnsafeMutableBufferPointer(rebasing: output[..<shape[0]]))
  }

  public func multiplicationCount(for input: Shape) -> Double { Double(input[0]) * Double(users.shape[1]) }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.rank == 2, input[1] == 2 else {
      throw LayerError("takes the codes of a user and an item, and the shape of what comes in is \(input).")
    }
    return [input[0], 1]
  }

  public var summaryName: String {
    "Factors(\(users.shape[0]) users × \(items.shape[0]) items, \(users.shape[1] - 1) dimensions)"
  }
}
