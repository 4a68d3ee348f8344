// SPDX-License-Identifier: Apache-2.0
//
// Functions of one number, applied to every scalar.
//
// Before    Activations.swift     After    Rounding.swift

import Foundation

/// The natural logarithm of every scalar: −∞ at 0, NaN below.
public func log(_ x: Tensor) -> Tensor { x.mappedOneByOne { logf($0) } }

/// The square root of every scalar: NaN below 0.
public func sqrt(_ x: Tensor) -> Tensor { x.mapped { squareRoot($0) } }

/// Every scalar without its sign.
public func abs(_ x: Tensor) -> Tensor { x.mapped { $0.replacing(with: -$0, where: $0 .< 0) } }

/// Every scalar times itself.
public func square(_ x: Tensor) -> Tensor { x.mapped { $0 * $0 } }

/// Every scalar to the power of `exponent`, as C's `powf`.
public func pow(_ x: Tensor, _ exponent: Float) -> Tensor { x.mappedOneByOne { powf($0, exponent) } }
