// SPDX-License-Identifier: Apache-2.0
//
// Softmax and its logarithm on variables.
//
// Shapes    N rows, C classes; any leading axes
// Before    Exponential.swift     After    LayerNorm.swift
// Source    Goodfellow, Bengio, Courville (2016), section 6.2.2.3

import SwiftletTensors

/// With p = softmax(x), the Jacobian of one row is ∂pⱼ/∂xᵢ = pⱼ (δᵢⱼ − pᵢ), so dxᵢ = pᵢ (dpᵢ − Σⱼ pⱼ dpⱼ).
public func softmax(_ logits: Variable) -> Variable {
  let p = softmax(logits.value)
  return logits.tape.record(.softmax, p, from: [logits]) { upstream in
    let weighted = (upstream * p).sum(axis: -1, keepingAxis: true)
    return [p * (upstream - weighted)]
  }
}

/// With y = log softmax(x): dxᵢ = dyᵢ − pᵢ Σⱼ dyⱼ.
public func logSoftmax(_ logits: Variable) -> Variable {
  let y = logSoftmax(logits.value)
  return logits.tape.record(.logSoftmax, y, from: [logits]) { upstream in
    [upstream - exp(y) * upstream.sum(axis: -1, keepingAxis: true)]
  }
}
