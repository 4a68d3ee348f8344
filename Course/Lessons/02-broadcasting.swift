// SPDX-License-Identifier: Apache-2.0
//
// 02 · Broadcasting: a row meets a table
//
// You will learn   how tensors of different shapes are combined without a loop, and when they cannot be.
// It prints        Course/Expected/02-broadcasting.txt
// Try changing     the shape of `mean`, by leaving `keepingAxis` out or in.

import SwiftletTensors

let features = Tensor([[150, 3], [170, 5], [190, 7]])  // [N, D]: height in cm, years of school

// To compare columns, bring each to mean 0 and standard deviation 1. The mean has the shape [2]; it is lined up with
// [3, 2] from the right, and repeated along the axis that it lacks.
let mean = features.mean(axis: 0)  // [D]
let centered = features - mean  // [N, D] - [D]
print("\(features.shape) - \(mean.shape) gives \(centered.shape)")
print(centered)
print()

let deviation = sqrt(square(centered).mean(axis: 0))  // [D]
print("standardized")
print((centered / deviation).rounded(decimals: 3))  // [N, D] / [D]
print()

// A column meets a row: both are repeated. This is how a table of all pairs is made.
let tens = Tensor([[10], [20], [30]])  // [3, 1]
let ones = Tensor([[1, 2, 3, 4]])  // [1, 4]
print("\(tens.shape) + \(ones.shape) gives \((tens + ones).shape)")
print(tens + ones)
print()

// The rule: from the right, two sizes must be equal, or one of them must be 1. The sums of rows have the shape [3];
// lined up with [3, 2] from the right, 3 would meet 2. Kept as [3, 1], they fit.
let total = features.sum(axis: 1, keepingAxis: true)  // [N, 1]
print("shares of each row's sum, \(features.shape) / \(total.shape)")
print((features / total).rounded(decimals: 3))

// Exercises
// 1. Scale each column of `features` to 0…1: subtract its least number, divide by its range. (`-(-x).max(axis: 0)`
//    is the least.)
// 2. Make the table of distances |a - b| between the numbers 1, 4, 9 and themselves, with one subtraction.
// Solutions/solutions-02.swift
