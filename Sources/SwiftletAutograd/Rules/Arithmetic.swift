// SPDX-License-Identifier: Apache-2.0
//
// Arithmetic on variables, with broadcasting.
//
// What was repeated to fit takes part several times, so its gradient is the sum over the repetitions:
// `reduced(to:)`.
//
// Before    Rule.swift     After    Matmul.swift

import SwiftletTensors

extension Variable {
  /// d(a + b) = da + db
  public static func + (a: Variable, b: Variable) -> Variable {
    let (aShape, bShape) = (a.shape, b.shape)
    return a.tape.record(.add, a.value + b.value, from: [a, b]) { upstream in
      [upstream.reduced(to: aShape), upstream.reduced(to: bShape)]
    }
  }

  /// d(a − b) = da − db
  public static func - (a: Variable, b: Variable) -> Variable {
    let (aShape, bShape) = (a.shape, b.shape)
    return a.tape.record(.subtract, a.value - b.value, from: [a, b]) { upstream in
      [upstream.reduced(to: aShape), (-upstream).reduced(to: bShape)]
    }
  }

  /// d(a · b) = da · b + a · db
  public static func * (a: Variable, b: Variable) -> Variable {
    let (x, y) = (a.value, b.value)
    let (needsA, needsB) = (a.needsGradient, b.needsGradient)
    return a.tape.record(.multiply, x * y, from: [a, b]) { upstream in
      [needsA ? (upstream * y).reduced(to: x.shape) : nil, needsB ? (upstream * x).reduced(to: y.shape) : nil]
    }
  }

  /// d(a / b) = da / b − a / b² · db
  public static func / (a: Variable, b: Variable) -> Variable {
    let (x, y) = (a.value, b.value)
    let (needsA, needsB) = (a.needsGradient, b.needsGradient)
    return a.tape.record(.divide, x / y, from: [a, b]) { upstream in
      let scaled = upstream / y
      return [needsA ? scaled.reduced(to: x.shape) : nil, needsB ? (-(scaled * x / y)).reduced(to: y.shape) : nil]
    }
  }

  /// The sum, number by number; the shapes broadcast.
  public static func + (a: Variable, b: Float) -> Variable { a + a.tape.constant(Tensor(b)) }
  /// The difference, number by number; the shapes broadcast.
  public static func - (a: Variable, b: Float) -> Variable { a - a.tape.constant(Tensor(b)) }
  /// The product, number by number; the shapes broadcast.
  public static func * (a: Variable, b: Float) -> Variable { a * a.tape.constant(Tensor(b)) }
  /// The quotient, number by number; the shapes broadcast.
  public static func / (a: Variable, b: Float) -> Variable { a * a.tape.constant(Tensor(1 / b)) }
}
