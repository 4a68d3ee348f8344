// SPDX-License-Identifier: Apache-2.0
//
// The exponential function and its inverse on variables.
//
// Before    Activations.swift     After    Softmax.swift

import SwiftletTensors

/// exp′ = exp
public func exp(_ x: Variable) -> Variable {
  let output = exp(x.value)
  return x.tape.record(.exp, output, from: [x]) { upstream in [upstream * output] }
}

/// log′(x) = 1 / x
public func log(_ x: Variable) -> Variable {
  let input = x.value
  return x.tape.record(.log, log(input), from: [x]) { upstream in [upstream / input] }
}
