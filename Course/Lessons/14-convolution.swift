// SPDX-License-Identifier: Apache-2.0
//
// 14 · Convolution: one small window at every place of a picture
//
// You will learn   how a network looks at pictures, and that a convolution is nine matrix products.
// It prints        Course/Expected/14-convolution.txt
// Try changing     the window: its nine numbers decide what it finds.

import SwiftletTensors

// A picture of 4 by 6 pixels: dark on the left, bright on the right.
let height = 4
let width = 6
let row: [Float] = [0, 0, 0, 9, 9, 9]
let picture = Tensor((0..<height).flatMap { _ in row }, shape: [1, height, width, 1])  // [N, H, W, C]

// The window asks, at every pixel: is it brighter to the right than to the left? An edge answers, and nothing else.
let window = Tensor([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])
print("the window")
print(window)
print()

// At the border it looks beyond the picture, so the picture gets a frame of zeros.
var framed = Tensor.zeros([height + 2, width + 2])
for i in 0..<height { for j in 0..<width { framed[i + 1, j + 1] = picture[0, i, j, 0] } }

// In memory the frame's rows follow each other. Whichever of its nine numbers the window applies, the pixels under it are
// the same memory, read from another start. So each number of the window is one product, and the nine are added up.
let pixels = framed.reshaped(to: [(height + 2) * (width + 2), 1])  // a row for each pixel, a column for each channel
let count = height * (width + 2) - 2  // from the first pixel of the picture to the last, with the frame between rows
var sum = Tensor.zeros([count, 1])
for u in 0..<3 {
  for v in 0..<3 {
    let start = u * (width + 2) + v
    let shifted = pixels.rows(start..<start + count)  // [count, C], nothing is copied
    sum += matmul(shifted, Tensor([[window[u, v]]]))  // [count, C] · [C, K]
  }
}
// Between two rows lie the frame's two pixels, whose results mean nothing.
let results = concatenated([sum, .zeros([2, 1])], axis: 0).reshaped(to: [height, width + 2])
let byHand = results.transposed().rows(0..<width).transposed()
print("found by nine products")
print(byHand)
print()

let found = convolution(picture, weight: window.reshaped(to: [1, 1, 3, 3]), bias: Tensor.zeros([1]))
print("the library finds the same: \(found.reshaped(to: [height, width]) == byHand)")
print("and keeps the largest of every four pixels, in \(maxPooled(found).shape)")
print(maxPooled(found).reshaped(to: [2, 3]))

// Exercises
// 1. Find a window that answers to horizontal edges. What does it find in this picture, and why at its border?
// 2. Blur the picture: a window whose nine numbers are each a ninth. Where does a pixel change?
// Solutions/solutions-14.swift
