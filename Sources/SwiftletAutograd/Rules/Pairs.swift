// SPDX-License-Identifier: Apache-2.0
//
// Pairs of codes: how well an item suits a user.
//
//     score = b_user + b_item + p_user · q_item
//
// A user has a row in one table and an item a row in the other: a bias first, and then K factors. Two factors of one
// sign add to the score. This is matrix factorization: the table of all scores is a product of two narrow ones.
//
// Shapes    N pairs, V rows of a table, K factors
// Before    EmbedColumns.swift     After    Dropout.swift
// Source    Koren, Bell, Volinsky, "Matrix Factorization Techniques for Recommender Systems" (2009), equations 4 and 5

import SwiftletTensors

/// The scores of pairs: the sum of two biases, and the product of two rows of factors.
///
/// - Parameters:
///   - codes: Shape `[N, 2]`: the rows of each pair in the two tables. A code is a whole number from 0 to V − 1; others
///     count as the nearest.
///   - users: Shape `[V, 1 + K]`: a bias, and K factors.
///   - items: The same for the second code, with as many factors.
/// - Returns: Shape `[N, 1]`.
public func pairScores(_ codes: Tensor, users: Variable, items: Variable) -> Variable {
  let pairs = Pairs(codes, users: users.value, items: items.value)
  return users.tape.record(.pairScores, pairs.scores, from: [users, items]) { upstream in
    // The other row's factors, and 1 for a bias.
    pairs.gradients(upstream) { _, other, position in position == 0 ? 1 : other[position] }
  }
}

/// The same without a tape.
public func pairScores(_ codes: Tensor, users: Tensor, items: Tensor) -> Tensor {
  Pairs(codes, users: users, items: items).scores
}

/// The mean over N pairs of the squares of both rows: what a penalty on the rows of a batch is made of.
///
/// A row that ten pairs look up counts ten times, so users and items of many ratings are held back as much for each
/// rating as others.
///
/// - Parameters:
///   - codes: Shape `[N, 2]`, as for ``pairScores(_:users:items:)-(_,Variable,_)``.
///   - users: Shape `[V, 1 + K]`.
///   - items: The same for the second code.
/// - Returns: One number.
public func pairSquares(_ codes: Tensor, users: Variable, items: Variable) -> Variable {
  let pairs = Pairs(codes, users: users.value, items: items.value)
  return users.tape.record(.pairSquares, Tensor(pairs.meanSquare), from: [users, items]) { upstream in
    let factor = Tensor(repeating: 2 * upstream.scalar / Float(max(pairs.count, 1)), shape: [pairs.count, 1])
    return pairs.gradients(factor) { own, _, position in own[position] }
  }
}

/// Writes the scores of pairs in bare memory.
///
/// - Parameters:
///   - codes: 2 · N codes.
///   - scores: Room for N scores.
package func pairScores(
  _ codes: UnsafeBufferPointer<Float>, users: Tensor, items: Tensor, into scores: UnsafeMutableBufferPointer<Float>
) {
  let width = users.shape[1]
  users.withUnsafeScalars { users in
    items.withUnsafeScalars { items in
      for pair in 0..<min(codes.count / 2, scores.count) {
        // In bounds: a code is brought into the range of its table.
        let user = code(codes[2 * pair], users.count / width) * width
        let item = code(codes[2 * pair + 1], items.count / width) * width
        var score = users[user] + items[item]
        for k in 1..<max(width, 1) { score += users[user + k] * items[item + k] }
        scores[pair] = score
      }
    }
  }
}

/// A code, brought into the range of its table.
private func code(_ value: Float, _ count: Int) -> Int {
  value >= 1 ? min(Int(min(value, 0x1p24)), count - 1) : 0  // a NaN is not at least 1
}

/// Pairs of codes and their tables.
private struct Pairs {
  let codes: Tensor
  let tables: [Tensor]
  let width: Int
  var count: Int { codes.shape[0] }

  init(_ codes: Tensor, users: Tensor, items: Tensor) {
    guard codes.rank == 2, codes.shape[1] == 2, users.rank == 2, items.rank == 2, users.shape[1] == items.shape[1],
      users.shape.elementCount > 0, items.shape.elementCount > 0
    else {
      stop(
        "pairs: need codes [N, 2] and two tables [V, 1 + K], not \(codes.shape), \(users.shape) and \(items.shape)")
    }
    self.codes = codes
    tables = [users, items]
    width = users.shape[1]
  }

  var scores: Tensor {
    Tensor(uninitialized: [count, 1]) { scores in
      codes.withUnsafeScalars { pairScores($0, users: tables[0], items: tables[1], into: scores) }
    }
  }

  var meanSquare: Float {
    var sum = 0.0
    codes.withUnsafeScalars { codes in
      for (side, table) in tables.enumerated() {
        table.withUnsafeScalars { table in
          for pair in 0..<count {
            let row = code(codes[2 * pair + side], table.count / width) * width
            for position in 0..<width { sum += Double(table[row + position] * table[row + position]) }
          }
        }
      }
    }
    return Float(sum / Double(max(count, 1)))
  }

  /// A row of a table, whose numbers are read by their position.
  struct Row {
    let table: UnsafeBufferPointer<Float>
    let start: Int
    subscript(position: Int) -> Float { table[start + position] }
  }

  /// The gradients of both tables: each pair adds to the two rows that it looked up.
  ///
  /// - Parameters:
  ///   - upstream: Shape `[N, 1]`.
  ///   - slope: What a number of a pair's own row adds for an upstream of 1, from its row and that of the other table.
  func gradients(_ upstream: Tensor, slope: (_ own: Row, _ other: Row, _ position: Int) -> Float) -> [Tensor] {
    [0, 1].map { side in
      let (own, other) = (tables[side], tables[1 - side])
      var gradient = Tensor.zeros(own.shape)
      gradient.withUnsafeMutableScalars { gradient in
        upstream.withUnsafeScalars { upstream in
          codes.withUnsafeScalars { codes in
            own.withUnsafeScalars { own in
              other.withUnsafeScalars { other in
                for pair in 0..<count {
                  let row = Row(table: own, start: code(codes[2 * pair + side], own.count / width) * width)
                  let second = code(codes[2 * pair + 1 - side], other.count / width) * width
                  let otherRow = Row(table: other, start: second)
                  for position in 0..<width {
                    gradient[row.start + position] += upstream[pair] * slope(row, otherRow, position)
                  }
                }
              }
            }
          }
        }
      }
      return gradient
    }
  }
}
