// SPDX-License-Identifier: Apache-2.0
//
// The table of rules: every operation that can be differentiated.
//
// Each has a file of its own in `Rules/`, with its value and its gradient side by side. The tests switch
// over this table to check every gradient against finite differences, so that a rule without a check
// does not compile.
//
// Before    Tape.swift     After    Rules/Arithmetic.swift

/// The operations that a tape can record.
public enum Rule: String, Sendable, CaseIterable {
  case add, subtract, multiply, divide
  case matmul, affine
  case relu, tanh, sigmoid, gelu
  case exp, log
  case softmax, logSoftmax, layerNorm
  case embedding, dropout
  case reshape, transpose, concatenation
  case sum, mean
  case crossEntropy, binaryCrossEntropy, meanSquaredError
}
