// SPDX-License-Identifier: Apache-2.0
//
// L-BFGS: the optimizer for convex problems that fit into memory.
//
// Logistic and linear regression have one minimum, and all the data can be looked at in each step. Then
// curvature pays: from the last few steps and the changes of the gradient along them, L-BFGS estimates
// what Newton's method would need a matrix for, and gets in tens of steps where gradient descent needs
// thousands. The state is in 64 bits, so that the tolerance means something.
//
// Before    Adam.swift     After    Clipping.swift
// Source    Nocedal, Wright, "Numerical Optimization" (2006), algorithms 7.4 and 7.5

/// Minimizes a smooth function of many numbers.
public struct LBFGS: Sendable {
  /// Number of past steps that are remembered.
  public let historySize: Int
  /// Where the gradient's length is this small, three points in a row, the search ends.
  ///
  /// The length is never less than the largest component, and a better sign: along a direction of little curvature, such
  /// as the biases of a confident classifier, every component can be small far from the minimum.
  public let tolerance: Double
  /// The most iterations the search makes.
  public let maximumIterations: Int

  /// A search that has not begun.
  public init(historySize: Int = 10, tolerance: Double = 1e-5, maximumIterations: Int = 100) {
    self.historySize = historySize
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
  }

  /// Why a search ended.
  public enum Ending: Sendable, Equatable {
    /// The gradient is within the tolerance.
    case converged
    /// The iterations were used up before the gradient was within the tolerance.
    case reachedMaximumIterations
    /// No step lowers the objective any further: rounding is larger than what is left to gain.
    case stalled
    /// The objective is NaN or infinite where the search stands.
    case diverged
    /// `progress` asked it to stop.
    case interrupted
  }

  /// How a search ended, and where.
  public struct Result: Sendable {
    /// Why it ended.
    public let ending: Ending
    /// Number of steps that were taken.
    public let iterations: Int
    /// The value at the best point.
    public let objective: Double
    /// The length of the gradient there, which is what the tolerance is compared with.
    public let gradientLength: Double
  }

  /// Changes `x` until the objective is at its minimum.
  ///
  /// - Parameters:
  ///   - x: Where to begin; afterwards the best point found.
  ///   - preconditioner: Replaces a gradient by an estimate of the inverse second derivatives times it. From it the
  ///     search begins, where nothing was learned yet; without one, from the gradient itself.
  ///   - progress: Called after every iteration; answers whether to go on.
  ///   - objective: The value at a point; writes the gradient.
  public func minimize(
    _ x: inout [Double],
    preconditioner: ((_ gradient: inout [Double]) -> Void)? = nil,
    progress: (_ iteration: Int, _ objective: Double) -> Bool = { _, _ in true },
    objective: (_ x: [Double], _ gradient: inout [Double]) -> Double
  ) -> Result {
    var gradient = Array(repeating: 0.0, count: x.count)
    var value = objective(x, &gradient)
    var pairs: [Pair] = []
    var iteration = 0
    func result(_ ending: Ending) -> Result {
      Result(ending: ending, iterations: iteration, objective: value, gradientLength: length(gradient))
    }
    guard value.isFinite else { return result(.diverged) }

    var pointsWithinTolerance = 0
    while true {
      guard maximumSize(gradient).isFinite else { return result(.diverged) }
      pointsWithinTolerance = length(gradient) <= tolerance ? pointsWithinTolerance + 1 : 0
      if pointsWithinTolerance >= LBFGS.pointsNeeded || maximumSize(gradient) == 0 { return result(.converged) }
      guard iteration < maximumIterations else { return result(.reachedMaximumIterations) }
      var direction = searchDirection(gradient, pairs, preconditioner)
      if dot(direction, gradient) >= 0 {  // rounding has spoiled the history: begin again, straight downhill
        pairs = []
        direction = gradient.map { -$0 }
      }
      let firstStep = pairs.isEmpty && preconditioner == nil ? min(1, 1 / sumOfSizes(gradient)) : 1
      guard
        let found = wolfeStep(
          from: x, value: value, gradient: gradient, direction: direction, firstStep: firstStep, objective: objective)
      else {
        if pairs.isEmpty { return result(pointsWithinTolerance > 0 ? .converged : .stalled) }
        pairs = []  // one more try, without the history
        continue
      }
      let s = subtract(found.x, x)
      let y = subtract(found.gradient, gradient)
      let curvature = dot(s, y)
      if curvature > 1e-10 * dot(y, y) {
        pairs.append(Pair(s: s, y: y, rho: 1 / curvature))
        if pairs.count > historySize { pairs.removeFirst() }
      }
      x = found.x
      value = found.value
      gradient = found.gradient
      iteration += 1
      guard progress(iteration, value) else { return result(.interrupted) }
    }
  }

  private static let pointsNeeded = 3

  /// A step, and the change of the gradient along it.
  private struct Pair {
    let s: [Double]
    let y: [Double]
    /// 1 / (s · y)
    let rho: Double
  }

  /// The two-loop recursion, algorithm 7.4: the direction that Newton's method would take, estimated.
  private func searchDirection(
    _ gradient: [Double], _ pairs: [Pair], _ preconditioner: ((inout [Double]) -> Void)?
  ) -> [Double] {
    var q = gradient
    var alphas: [Double] = []
    for pair in pairs.reversed() {
      let alpha = pair.rho * dot(pair.s, q)
      alphas.append(alpha)
      add(-alpha, pair.y, to: &q)
    }
    preconditioner?(&q)
    if let last = pairs.last {
      // Equation 7.20: as long as the last step was, for the change of the gradient that it brought.
      var expected = last.y
      preconditioner?(&expected)
      let scale = 1 / (last.rho * dot(last.y, expected))
      for i in q.indices { q[i] *= scale }
    }
    for (pair, alpha) in zip(pairs, alphas.reversed()) {
      add(alpha - pair.rho * dot(pair.y, q), pair.s, to: &q)
    }
    for i in q.indices { q[i] = -q[i] }
    return q
  }
}

func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for i in a.indices { sum += a[i] * b[i] }
  return sum
}

func add(_ factor: Double, _ a: [Double], to b: inout [Double]) {
  for i in b.indices { b[i] += factor * a[i] }
}

private func length(_ a: [Double]) -> Double { dot(a, a).squareRoot() }

private func subtract(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 - $1 } }

/// The largest size; NaN if one is NaN, which `max` would hide.
private func maximumSize(_ a: [Double]) -> Double { a.reduce(0) { $1.magnitude > $0 || $1.isNaN ? $1.magnitude : $0 } }

private func sumOfSizes(_ a: [Double]) -> Double { a.reduce(0) { $0 + $1.magnitude } }
