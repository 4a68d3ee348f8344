// SPDX-License-Identifier: Apache-2.0
//
// Square roots, eight at a time: an operation on vectors that Swift does not hand to the processor.
//
// `squareRoot()` of a SIMD type goes number by number, and asks of each whether it is negative. This is one instruction
// for four or eight numbers, exact as IEEE 754 demands.

#ifndef SWIFTLET_VECTOR_MATH_H
#define SWIFTLET_VECTOR_MATH_H

typedef float swiftlet_float8 __attribute__((ext_vector_type(8)));

/// The square roots of eight numbers, each correctly rounded; NaN for those below zero.
static inline __attribute__((always_inline)) swiftlet_float8 swiftlet_square_roots(swiftlet_float8 x) {
  return __builtin_elementwise_sqrt(x);
}

#endif
