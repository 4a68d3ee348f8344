// SPDX-License-Identifier: Apache-2.0
//
// The GEMM floor: the matrix products of a network and nothing else.
//
// A step of training a fully connected network is, for each layer, one product forward and one for the gradient of
// the weight, and for each layer but the first one more for the gradient of its input. Here they are called bare, on
// buffers that exist already, over and over on the same ones, so that they are as warm as they can be. What a
// toolkit takes beyond this time is its overhead; no toolkit on the same BLAS can take less.
//
// Shapes    B examples in a batch, D inputs of a layer, H outputs of it
// Before    Workload.swift     After    MLPTraining.swift

import CBareBLAS

/// How many threads OpenBLAS shares a product between, in this process.
public func setThreadCount(_ count: Int) { openblas_set_num_threads(Int32(clamping: count)) }

/// One product C ← op(A) · op(B), with memory of its own.
public final class BareProduct {
  let m: Int
  let n: Int
  let k: Int
  let transposesA: Bool
  let transposesB: Bool
  private let a: UnsafeMutablePointer<Float>
  private let b: UnsafeMutablePointer<Float>
  private let c: UnsafeMutablePointer<Float>

  /// A product of [m, k] and [k, n], of which `A` and `B` may be stored transposed.
  public init(m: Int, n: Int, k: Int, transposesA: Bool = false, transposesB: Bool = false) {
    (self.m, self.n, self.k) = (m, n, k)
    (self.transposesA, self.transposesB) = (transposesA, transposesB)
    func buffer(_ count: Int) -> UnsafeMutablePointer<Float> {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
      let numbers = memory.bindMemory(to: Float.self, capacity: count)
      // Ordinary numbers: zeros could be fast, and denormal numbers slow.
      for i in 0..<count { numbers[i] = Float(i % 127) / 127 - 0.5 }
      return numbers
    }
    (a, b, c) = (buffer(m * k), buffer(k * n), buffer(m * n))
  }

  deinit { [a, b, c].forEach { UnsafeMutableRawPointer($0).deallocate() } }

  /// Multiplies once: by GEMV where A is one row, as it should be, else by GEMM.
  public func run() {
    if m == 1 {
      cblas_sgemv(
        CblasRowMajor, transposesB ? CblasNoTrans : CblasTrans, Int32(transposesB ? n : k), Int32(transposesB ? k : n),
        1, b, Int32(transposesB ? k : n), a, 1, 0, c, 1)
    } else {
      cblas_sgemm(
        CblasRowMajor, transposesA ? CblasTrans : CblasNoTrans, transposesB ? CblasTrans : CblasNoTrans, Int32(m),
        Int32(n), Int32(k), 1, a, Int32(transposesA ? m : k), b, Int32(transposesB ? k : n), 0, c, Int32(n))
    }
  }
}

/// The products of a network whose layers have the given sizes.
public struct GEMMFloor {
  public let products: [BareProduct]

  /// The products that answer for a batch: Y[B, H] = X[B, D] · W[H, D]ᵀ.
  public static func answering(sizes: [Int], batchSize: Int) -> GEMMFloor {
    GEMMFloor(
      products: zip(sizes, sizes.dropFirst()).map { d, h in
        BareProduct(m: batchSize, n: h, k: d, transposesB: true)
      })
  }

  /// The products of a step of training.
  public static func training(sizes: [Int], batchSize: Int) -> GEMMFloor {
    var products = answering(sizes: sizes, batchSize: batchSize).products
    for (position, (d, h)) in zip(sizes, sizes.dropFirst()).enumerated().reversed() {
      products.append(BareProduct(m: h, n: d, k: batchSize, transposesA: true))  // ∂W[H, D] = ∂Y[B, H]ᵀ · X[B, D]
      if position > 0 { products.append(BareProduct(m: batchSize, n: d, k: h)) }  // ∂X[B, D] = ∂Y[B, H] · W[H, D]
    }
    return GEMMFloor(products: products)
  }

  public func run(times: Int) {
    for _ in 0..<times { products.forEach { $0.run() } }
  }
}

/// The products of whole epochs over so many examples: full batches, and the rest as a smaller one.
struct EpochFloor {
  private let full: GEMMFloor
  private let rest: GEMMFloor?
  private let fullCount: Int

  init(sizes: [Int], batchSize: Int, exampleCount: Int) {
    full = .training(sizes: sizes, batchSize: min(batchSize, exampleCount))
    fullCount = exampleCount / batchSize
    let left = exampleCount % batchSize
    rest = left == 0 ? nil : .training(sizes: sizes, batchSize: left)
    full.run(times: 20)
  }

  func seconds(epochs: Int) -> Double {
    Workloads.seconds {
      for _ in 0..<epochs {
        full.run(times: fullCount)
        rest?.run(times: 1)
      }
    }
  }
}
