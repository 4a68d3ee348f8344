// SPDX-License-Identifier: Apache-2.0
//
// Vectors: support vector machines.
//
// Of C classes, every pair has a machine of its own, and the class that most of them choose is answered. Its probabilities
// are those that agree best with the pairs' own.
//
// Shapes    C classes, V support vectors, D features
// Before    Trees.swift     After    ONNX/Answering/GraphFile.swift
// Source    onnx, docs/Operators-ml.md: SVMClassifier, SVMRegressor; Chang, Lin, "LIBSVM" (2011), sections 4 and 8;
//           Wu, Lin, Weng, "Probability Estimates for Multi-class Classification by Pairwise Coupling" (2004), section 4.2

import Foundation

extension Operators {
  static let vectors: [Operator] = [
    learning("SVMClassifier") { context in
      let machine = try PairMachine(context)
      return { x in try machine(x) }
    },
    learning("SVMRegressor") { context in
      let vectors = try SupportVectors(context)
      let weights = try context.floats("coefficients").orThrow(context.missing("coefficients"))
      let isOneClass = context.flag("one_class")
      guard let offset = context.floats("rho")?.first, weights.count == vectors.count else {
        throw GraphError("it needs rho, and a coefficient for each support vector")
      }
      return { x in
        let rows = try Rows(x)
        let sums = try rows.map { row in
          zip(weights, try vectors.kernels(row)).reduce(Double(offset)) { $0 + Double($1.0) * $1.1 }
        }
        return [GraphValue([rows.count, 1], sums.map { isOneClass ? ($0 > 0 ? 1 : -1) : Float($0) })]
      }
    },
  ]
}

/// Support vectors, and how alike a row is to each.
private struct SupportVectors: Sendable {
  enum Kernel: String {
    case linear = "LINEAR"
    case polynomial = "POLY"
    case radial = "RBF"
    case sigmoid = "SIGMOID"
  }

  private let kernel: Kernel
  private let gamma: Double
  private let offset: Double
  private let degree: Double
  private let vectors: [Float]
  private let width: Int
  /// V, the number of vectors.
  let count: Int

  init(_ context: NodeContext) throws {
    vectors = try context.floats("support_vectors").orThrow(
      GraphError("a machine without support vectors is not supported; write it as a linear model"))
    let perClass = context.integers("vectors_per_class") ?? []
    let most = vectors.count
    guard perClass.allSatisfy({ (0...most).contains($0) }) else {
      throw GraphError("it has no valid vectors_per_class")
    }
    let count = perClass.isEmpty ? context.integer("n_supports", 0) : perClass.reduce(0, &+)
    guard count > 0, vectors.count % count == 0 else {
      throw GraphError("\(vectors.count) numbers are not \(count) support vectors")
    }
    self.count = count
    width = vectors.count / count
    let name = context.text("kernel_type", "LINEAR")
    guard let kernel = Kernel(rawValue: name) else { throw GraphError("the kernel_type \(name) is not supported") }
    self.kernel = kernel
    let settings = (context.floats("kernel_params") ?? []).map { Double($0) } + [0, 0, 0]
    gamma = settings[0]
    offset = settings[1]
    degree = settings[2]
  }

  /// How alike a row is to each vector.
  func kernels(_ row: ArraySlice<Float>) throws -> [Double] {
    guard row.count == width else { throw GraphError("it takes rows of \(width) numbers, and was given \(row.count)") }
    return (0..<count).map { vector in
      let pairs = zip(row, vectors[vector * width..<(vector + 1) * width])
      if kernel == .radial {
        return exp(-gamma * pairs.reduce(0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) })
      }
      let product = pairs.reduce(0) { $0 + Double($1.0) * Double($1.1) }
      switch kernel {
      case .polynomial: return pow(gamma * product + offset, degree)
      case .sigmoid: return tanh(gamma * product + offset)
      default: return product
      }
    }
  }
}

/// A machine for each pair of classes.
private struct PairMachine: Sendable {
  private let vectors: SupportVectors
  private let classes: ClassScores
  /// Where the vectors of each class begin; the last is V.
  private let starts: [Int]
  private let weights: [Float]  // [C − 1, V]
  private let offsets: [Float]
  private let slopes: [Float]
  private let shifts: [Float]

  init(_ context: NodeContext) throws {
    vectors = try SupportVectors(context)
    classes = try ClassScores(context, integers: "classlabels_ints")
    let perClass = context.integers("vectors_per_class") ?? []
    starts = perClass.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    weights = context.floats("coefficients") ?? []
    offsets = context.floats("rho") ?? []
    slopes = context.floats("prob_a") ?? []
    shifts = context.floats("prob_b") ?? []
    let c = classes.count
    let pairs = c * (c - 1) / 2
    guard c >= 2, c < 1 << 12, perClass.count == c, weights.count == (c - 1) * vectors.count, offsets.count == pairs,
      slopes.count == shifts.count, slopes.isEmpty || slopes.count == pairs
    else { throw GraphError("its vectors, coefficients and offsets do not fit \(c) classes") }
  }

  func callAsFunction(_ x: Operands) throws -> [GraphValue] {
    let rows = try Rows(x)
    var chosen: [Int] = []
    var numbers: [[Double]] = []
    for row in 0..<rows.count {
      let scores = decisions(try vectors.kernels(rows.numbers[row * rows.width..<(row + 1) * rows.width]))
      chosen.append(vote(scores))
      if !slopes.isEmpty {
        numbers.append(probabilities(scores))
      } else if classes.count == 2 {
        numbers.append(classes.transform == .none ? [scores[0], -scores[0]] : classes.pair(-scores[0]))
      } else {
        numbers.append(classes.transform(scores))
      }
    }
    return try classes.outputs(chosen, numbers)
  }

  /// For each pair of classes, a number above 0 if the first of the two is chosen.
  private func decisions(_ kernels: [Double]) -> [Double] {
    var decisions: [Double] = []
    for first in 0..<classes.count {
      for second in first + 1..<classes.count {
        // In bounds: the initializer has compared the lengths.
        let ofFirst = (starts[first]..<starts[first + 1]).reduce(0.0) {
          $0 + Double(weights[(second - 1) * vectors.count + $1]) * kernels[$1]
        }
        let ofSecond = (starts[second]..<starts[second + 1]).reduce(0.0) {
          $0 + Double(weights[first * vectors.count + $1]) * kernels[$1]
        }
        decisions.append(ofFirst + ofSecond + Double(offsets[decisions.count]))
      }
    }
    return decisions
  }

  private func vote(_ decisions: [Double]) -> Int {
    var votes = Array(repeating: 0.0, count: classes.count)
    var pair = 0
    for first in 0..<classes.count {
      for second in first + 1..<classes.count {
        votes[decisions[pair] > 0 ? first : second] += 1
        pair += 1
      }
    }
    return firstLargest(votes)
  }

  /// The probabilities p with the least Σ (r_ji p_i − r_ij p_j)² over the pairs, by Wu, Lin and Weng's iteration.
  private func probabilities(_ decisions: [Double]) -> [Double] {
    let c = classes.count
    var r = Array(repeating: 0.0, count: c * c)
    var pair = 0
    for first in 0..<c {
      for second in first + 1..<c {
        let p = Operators.sigmoid(-(decisions[pair] * Double(slopes[pair]) + Double(shifts[pair])))
        r[first * c + second] = min(max(p, 1e-7), 1 - 1e-7)
        r[second * c + first] = 1 - r[first * c + second]
        pair += 1
      }
    }
    var q = Array(repeating: 0.0, count: c * c)
    for i in 0..<c {
      for j in 0..<c where j != i {
        q[i * c + i] += r[j * c + i] * r[j * c + i]
        q[i * c + j] = -r[j * c + i] * r[i * c + j]
      }
    }
    var p = Array(repeating: 1 / Double(c), count: c)
    for _ in 0..<max(100, c) {
      let products = (0..<c).map { i in (0..<c).reduce(0) { $0 + q[i * c + $1] * p[$1] } }
      let whole = zip(p, products).reduce(0) { $0 + $1.0 * $1.1 }
      guard products.contains(where: { ($0 - whole).magnitude >= 0.005 / Double(c) }) else { break }
      for i in 0..<c {
        let product = (0..<c).reduce(0) { $0 + q[i * c + $1] * p[$1] }
        let total = (0..<c).reduce(0) { sum, j in sum + p[j] * (0..<c).reduce(0) { $0 + q[j * c + $1] * p[$1] } }
        let step = (total - product) / q[i * c + i]
        p[i] += step
        for j in 0..<c { p[j] /= 1 + step }
      }
    }
    return p
  }
}
