// SPDX-License-Identifier: Apache-2.0

import SwiftletTensors
import Testing

/// The expected texts are what NumPy 2 prints for the same float32 arrays.
@Suite("Printing")
struct PrintingTests {
  @Test(
    "lines columns up on the point, as NumPy does",
    arguments: [
      (Tensor([1, 2, 3], shape: [3]), "[1. 2. 3.]"),
      (Tensor([1.5, 2, -3], shape: [3]), "[ 1.5  2.  -3. ]"),
      (Tensor([[7, 10], [15, 22]]), "[[ 7. 10.]\n [15. 22.]]"),
      (Tensor([0.1, 0.25, 100], shape: [3]), "[  0.1    0.25 100.  ]"),
      (Tensor([1e-5, 1], shape: [2]), "[1.e-05 1.e+00]"),
      (Tensor([1.2345e-5, 1], shape: [2]), "[1.2345e-05 1.0000e+00]"),
      (Tensor([1e8, 1], shape: [2]), "[1.e+08 1.e+00]"),
      (Tensor([.nan, 1, -.infinity], shape: [3]), "[ nan   1. -inf]"),
      (Tensor([Float(1) / 3, 2], shape: [2]), "[0.33333334 2.        ]"),
      (Tensor([], shape: [0]), "[]"),
      (Tensor(2.5), "2.5"),
      (Tensor((0..<8).map { Float($0) }, shape: [2, 2, 2]), "[[[0. 1.]\n  [2. 3.]]\n\n [[4. 5.]\n  [6. 7.]]]"),
    ] as [(Tensor, String)])
  func likeNumPy(tensor: Tensor, text: String) {
    #expect(tensor.description == text)
  }

  @Test("breaks long rows and elides long tensors")
  func long() {
    let row = Tensor((0..<40).map { Float($0) }, shape: [40])
    #expect(row.description.split(separator: "\n").allSatisfy { $0.count <= 75 })
    #expect(
      Tensor((0..<2000).map { Float($0) }, shape: [2000]).description
        == "[0.000e+00 1.000e+00 2.000e+00 ... 1.997e+03 1.998e+03 1.999e+03]")
    #expect(
      Tensor.zeros([1000, 1000]).description
        == "[[0. 0. 0. ... 0. 0. 0.]\n [0. 0. 0. ... 0. 0. 0.]\n [0. 0. 0. ... 0. 0. 0.]\n ...\n"
        + " [0. 0. 0. ... 0. 0. 0.]\n [0. 0. 0. ... 0. 0. 0.]\n [0. 0. 0. ... 0. 0. 0.]]")
  }
}
