// SPDX-License-Identifier: Apache-2.0
//
// Activations: the functions between the layers of a network.
//
// Before    Functions.swift     After    Casting.swift
// Source    onnx, docs/Operators.md; Hendrycks, Gimpel (2016) for Gelu; Ramachandran et al. (2017) for Swish

import Foundation

extension Operators {
  static let activations: [Operator] = [
    Operator("Relu") { _ in
      { x in
        let value = try x[0]
        if case .single(let values) = value.elements { return [value.replacing(values.map { $0 < 0 ? 0 : $0 })] }
        guard case .integer(let values) = value.elements else { return [try mapped(value) { $0 < 0 ? 0 : $0 }] }
        return [GraphValue(value.shape, .integer(values.map { max($0, 0) }), as: value.type)]
      }
    },
    function("Sigmoid", sigmoid), function("Tanh", tanh), function("Softplus", softplus),
    function("Softsign") { $0 / (1 + $0.magnitude) }, function("Mish") { $0 * tanh(softplus($0)) },
    function("HardSwish") { $0 * min(max($0 / 6 + 0.5, 0), 1) },
    activation("LeakyRelu", alpha: 0.01) { x, alpha, _ in x < 0 ? alpha * x : x },
    activation("Elu", alpha: 1) { x, alpha, _ in x < 0 ? alpha * (exp(x) - 1) : x },
    activation("Celu", alpha: 1) { x, alpha, _ in max(0, x) + min(0, alpha * (exp(x / alpha) - 1)) },
    activation("ThresholdedRelu", alpha: 1) { x, alpha, _ in x > alpha ? x : 0 },
    activation("Swish", alpha: 1) { x, alpha, _ in x * sigmoid(alpha * x) },
    activation("HardSigmoid", alpha: 0.2, ("beta", 0.5)) { x, alpha, beta in min(max(alpha * x + beta, 0), 1) },
    activation("Selu", alpha: 1.67326319217681884765625, ("gamma", 1.05070102214813232421875)) { x, alpha, gamma in
      gamma * (x > 0 ? x : alpha * (exp(x) - 1))
    },
    activation("Shrink", alpha: 0.5, named: "lambd", ("bias", 0)) { x, lambda, bias in
      x < -lambda ? x + bias : x > lambda ? x - bias : 0
    },
    Operator("Gelu", since: 20) { context in
      let isApproximate = context.text("approximate", "none") == "tanh"
      return { x in
        [try mapped(try x[0]) { isApproximate ? approximateGelu($0) : $0 / 2 * (1 + erf($0 * 0.5.squareRoot())) }]
      }
    },
  ]

  @Sendable static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
  @Sendable private static func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-x.magnitude)) }
  private static func approximateGelu(_ x: Double) -> Double {
    x / 2 * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
  }

  /// An activation with one setting, or two.
  private static func activation(
    _ name: String, alpha: Float, named alphaName: String = "alpha", _ second: (name: String, value: Float) = ("", 0),
    _ body: @escaping @Sendable (Double, Double, Double) -> Double
  ) -> Operator {
    Operator(name) { context in
      let first = Double(context.float(alphaName, alpha))
      let other = Double(context.float(second.name, second.value))
      return { x in [try mapped(try x[0]) { body($0, first, other) }] }
    }
  }
}
