// SPDX-License-Identifier: Apache-2.0
//
// 01 · Tensors: numbers in rows, with a shape
//
// You will learn   what a tensor is, how to read its shape, and how a sum makes an axis disappear.
// It prints        Course/Expected/01-tensors.txt
// Try changing     a number, the axis of a sum, the indices of the last line.

import SwiftletTensors

// Three flowers, two measurements of each in centimeters: 3 rows, 2 columns.
let flowers = Tensor([[1.5, 0.2], [4.5, 1.5], [6.0, 2.5]])  // [N, D], here [3, 2]
print(flowers)
print("shape \(flowers.shape): rank \(flowers.rank), \(flowers.count) numbers")
print()

// Arithmetic goes number by number, and makes a new tensor: `flowers` stays as it is.
print("in millimeters")
print(flowers * 10)
print()

// Summing over an axis makes that axis disappear. Axis 0 runs down the rows, axis 1 along them.
print("mean of each column \(flowers.mean(axis: 0)), of shape \(flowers.mean(axis: 0).shape)")
print("sum of each row \(flowers.sum(axis: 1)), of shape \(flowers.sum(axis: 1).shape)")
print("sum of all \(flowers.sum()), of shape \(flowers.sum().shape)")
print()

// The same numbers in the same order, seen with another shape.
print("reshaped to [2, 3]")
print(flowers.reshaped(to: [2, 3]))
print("the number in row 2, column 0: \(flowers[2, 0])")

// Exercises
// 1. Print the largest number of each column, and the row in which it stands. (`max(axis:)`, `argmax(axis:)`)
// 2. `flowers.transposed()` has the shape [2, 3] too. How does it differ from the reshaped tensor, and why?
// Solutions/solutions-01.swift
