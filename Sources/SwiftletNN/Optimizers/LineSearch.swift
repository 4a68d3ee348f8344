// SPDX-License-Identifier: Apache-2.0
//
// Line search: how far to go in a direction.
//
// A step must lower the objective by a fair part of what its slope promised (the first Wolfe condition),
// and go far enough that the slope has flattened (the second); then the curvature that L-BFGS learns from
// the step is sound.
//
// Before    Schedules/Schedule.swift     After    -
// Source    Nocedal, Wright, "Numerical Optimization" (2006), algorithms 3.5 and 3.6, equation 3.59

private let sufficientDecrease = 1e-4
private let curvature = 0.9

/// A point on the line.
struct Trial {
  var step: Double
  var x: [Double]
  var value: Double
  var gradient: [Double]
  var slope: Double
}

/// A step along `direction` that fulfills the strong Wolfe conditions, or `nil` if rounding hides every gain.
func wolfeStep(
  from x: [Double], value: Double, gradient: [Double], direction: [Double], firstStep: Double,
  objective: (_ x: [Double], _ gradient: inout [Double]) -> Double
) -> Trial? {
  let slope = dot(direction, gradient)
  func trial(_ step: Double) -> Trial {
    var point = x
    add(step, direction, to: &point)
    var pointGradient = Array(repeating: 0.0, count: x.count)
    let value = objective(point, &pointGradient)
    return Trial(step: step, x: point, value: value, gradient: pointGradient, slope: dot(direction, pointGradient))
  }
  /// What rounding of the objective, which is computed in 32 bits, can hide.
  let noise = 3e-8 * max(1, value.magnitude)
  func isLowEnough(_ t: Trial) -> Bool { t.value <= value + sufficientDecrease * t.step * slope + noise }
  func isFlatEnough(_ t: Trial) -> Bool { t.slope.magnitude <= curvature * slope.magnitude }

  /// Narrows an interval that holds a good step: algorithm 3.6.
  func zoom(_ first: Trial, _ second: Trial) -> Trial? {
    var (low, high) = (first, second)
    for _ in 0..<30 {
      let middle = trial(cubicMinimum(low, high))
      if !middle.value.isFinite || !middle.slope.isFinite || !isLowEnough(middle) || middle.value >= low.value + noise {
        high = middle
      } else {
        if isFlatEnough(middle) { return middle }
        if middle.slope * (high.step - low.step) >= 0 { high = low }
        low = middle
      }
      if (high.step - low.step).magnitude < 1e-12 * max(1, low.step) { break }
    }
    return low.step > 0 && low.slope.magnitude < slope.magnitude ? low : nil  // flatter, though not as flat as wished
  }

  var previous = Trial(step: 0, x: x, value: value, gradient: gradient, slope: slope)
  var step = firstStep
  for iteration in 0..<30 {
    let current = trial(step)
    if !current.value.isFinite || !current.slope.isFinite || !isLowEnough(current)
      || (iteration > 0 && current.value >= previous.value + noise)
    {
      return zoom(previous, current)
    }
    if isFlatEnough(current) { return current }
    if current.slope >= 0 { return zoom(current, previous) }
    previous = current
    step *= 2
  }
  return previous.step > 0 ? previous : nil
}

/// The minimum of the cubic through two points with their slopes, kept away from both ends: equation 3.59.
private func cubicMinimum(_ a: Trial, _ b: Trial) -> Double {
  let middle = (a.step + b.step) / 2
  guard a.value.isFinite, b.value.isFinite, b.slope.isFinite else { return middle }
  let d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.step - b.step)
  let radicand = d1 * d1 - a.slope * b.slope
  guard radicand >= 0 else { return middle }
  let d2 = radicand.squareRoot() * (b.step > a.step ? 1 : -1)
  let step = b.step - (b.step - a.step) * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2)
  let (from, to) = (min(a.step, b.step), max(a.step, b.step))
  let margin = 0.1 * (to - from)
  return step.isFinite ? min(max(step, from + margin), to - margin) : middle
}
