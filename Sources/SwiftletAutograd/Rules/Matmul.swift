// SPDX-License-Identifier: Apache-2.0
//
// The matrix product on variables.
//
// With C = A · B, the gradients are products again: dA = dC · Bᵀ and dB = Aᵀ · dC. None of the
// transposes is ever made: each is a flag of GEMM.
//
// Shapes    A [M, K], B [K, N], C [M, N]; leading axes are a batch
// Before    Arithmetic.swift     After    Affine.swift
// Source    Goodfellow, Bengio, Courville (2016), section 6.5.6

import SwiftletTensors

/// The matrix product, as that of tensors, of two matrices or two batches.
public func matmul(
  _ a: Variable, _ b: Variable, transposingLeft: Bool = false, transposingRight: Bool = false
) -> Variable {
  let (x, y) = (a.value, b.value)
  guard x.rank >= 2, y.rank >= 2 else {
    stop("matmul: variables must be matrices, but the shapes are \(x.shape) and \(y.shape)")
  }
  let (needsA, needsB) = (a.needsGradient, b.needsGradient)
  let product = matmul(x, y, transposingLeft: transposingLeft, transposingRight: transposingRight)
  return a.tape.record(.matmul, product, from: [a, b]) { upstream in
    // For op(A) · op(B) = C: d op(A) = dC · op(B)ᵀ, and the whole is transposed where A was.
    var da: Tensor?
    if needsA {
      da =
        transposingLeft
        ? matmul(y, upstream, transposingLeft: transposingRight, transposingRight: true)
        : matmul(upstream, y, transposingRight: !transposingRight)
    }
    var db: Tensor?
    if needsB {
      db =
        transposingRight
        ? matmul(upstream, x, transposingLeft: true, transposingRight: transposingLeft)
        : matmul(x, upstream, transposingLeft: !transposingLeft)
    }
    return [da?.reduced(to: x.shape), db?.reduced(to: y.shape)]
  }
}
