// SPDX-License-Identifier: Apache-2.0
//
// The two questions most numeric tests ask: are these tensors close, and is this gradient right? And the product that
// every fast one is compared with.

import SwiftletTensors
import Testing

/// Expects equal shapes, and scalars that differ by at most `tolerance`, absolute plus relative.
public func expectClose(
  _ actual: Tensor, _ expected: Tensor, tolerance: Float = 1e-5,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.shape == expected.shape, sourceLocation: sourceLocation)
  guard actual.shape == expected.shape else { return }
  for (index, (a, e)) in zip(actual.scalars, expected.scalars).enumerated()
  where !(abs(a - e) <= tolerance * (1 + abs(e))) {
    Issue.record("scalar \(index): \(a) is not \(e)", sourceLocation: sourceLocation)
    return
  }
}

/// Expects `gradients` to equal what central differences measure, for every element of every input.
///
/// The output is folded into one number with *random* weights, not with a plain sum. A plain sum
/// cannot see a broken softmax or layer norm: their outputs always add up to the same value, so even a
/// gradient of zeros would pass. The fold happens in `Double`, so that the only rounding left is the
/// operation's own. A step of 0.01 is where `Float` rounding and truncation balance.
///
/// - Parameters:
///   - forward: The operation.
///   - gradients: For the inputs and the gradient of the output, the gradient of each input.
public func expectGradients(
  of forward: ([Tensor]) -> Tensor, equal gradients: (_ inputs: [Tensor], _ upstream: Tensor) -> [Tensor],
  at inputs: [Tensor], seed: UInt64, step: Float = 1e-2, tolerance: Double = 2e-3,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  var generator = Generator(seed: seed)
  let upstream = Tensor.uniform(forward(inputs).shape, in: -2..<2, using: &generator)
  let claimed = gradients(inputs, upstream)
  #expect(claimed.map(\.shape) == inputs.map(\.shape), sourceLocation: sourceLocation)
  guard claimed.map(\.shape) == inputs.map(\.shape) else { return }

  func fold(_ y: Tensor) -> Double {
    zip(y.scalars, upstream.scalars).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
  for input in inputs.indices {
    let x = inputs[input].scalars
    let claim = claimed[input].scalars
    for i in x.indices {
      func moved(by distance: Float) -> (inputs: [Tensor], position: Double) {
        var (changed, scalars) = (inputs, x)
        scalars[i] += distance
        changed[input] = Tensor(scalars, shape: inputs[input].shape)
        return (changed, Double(scalars[i]))
      }
      let (above, below) = (moved(by: step), moved(by: -step))
      let measured = (fold(forward(above.inputs)) - fold(forward(below.inputs))) / (above.position - below.position)
      if !(abs(measured - Double(claim[i])) <= tolerance * (1 + abs(measured))) {
        Issue.record(
          "input \(input), element \(i): the gradient says \(claim[i]), finite differences say \(measured)",
          sourceLocation: sourceLocation)
        return
      }
    }
  }
}

/// The product of two matrices as its definition says, added up in 64 bits.
public func threeLoops(_ a: Tensor, _ b: Tensor) -> Tensor {
  var c = [Float]()
  for i in 0..<a.shape[0] {
    for j in 0..<b.shape[1] {
      c.append(Float((0..<a.shape[1]).reduce(0.0) { $0 + Double(a[i, $1]) * Double(b[$1, j]) }))
    }
  }
  return Tensor(c, shape: [a.shape[0], b.shape[1]])
}
