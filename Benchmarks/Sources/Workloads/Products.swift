// SPDX-License-Identifier: Apache-2.0
//
// Products: `matmul` beside the same product by cblas_sgemm, called bare.
//
// The two take turns in blocks of a few milliseconds, inside one process. What `matmul` does more is checking
// shapes, taking memory for the result, and giving it back.
//
// Options   m=1024, n=1024, k=1024, left=plain, right=plain (or transposed), blocks=40, calls=as many
//           as take 4 ms, threads=2
// Before    Inference.swift     After    CSVReading.swift

import SwiftletTensors

public struct Products: Workload {
  private let a: Tensor
  private let b: Tensor
  private let bare: BareProduct
  private let blocks: Int
  private let callsInBlock: Int

  public init(_ options: Options) throws {
    setThreadCount(try options.count("threads", default: 2))
    let m = try options.count("m", default: 1024)
    let n = try options.count("n", default: 1024)
    let k = try options.count("k", default: 1024)
    blocks = try options.count("blocks", default: 40)
    let left = options.text("left", default: "plain") == "transposed"
    let right = options.text("right", default: "plain") == "transposed"
    let bare = BareProduct(m: m, n: n, k: k, transposesA: left, transposesB: right)
    bare.run()  // the first product starts the library's threads
    self.bare = bare
    let once = seconds { bare.run() }
    callsInBlock = try options.count("calls", default: max(1, Int(0.004 / max(once, 1e-7))))
    var generator = Generator(seed: 1)
    a = .uniform(left ? [k, m] : [m, k], in: -0.5..<0.5, using: &generator)
    b = .uniform(right ? [n, k] : [k, n], in: -0.5..<0.5, using: &generator)
  }

  public func measure() throws -> Measurement {
    var (ours, theirs): ([Double], [Double]) = ([], [])
    for _ in 0..<blocks {
      ours.append(
        seconds {
          for _ in 0..<callsInBlock {
            withExtendedLifetime(
              matmul(a, b, transposingLeft: bare.transposesA, transposingRight: bare.transposesB)
            ) {}
          }
        })
      theirs.append(seconds { for _ in 0..<callsInBlock { bare.run() } })
    }
    return Measurement(
      seconds: median(ours) / Double(callsInBlock), bareSeconds: median(theirs) / Double(callsInBlock),
      count: 2 * Double(bare.m * bare.n * bare.k) / 1e9, unit: "GFLOP")
  }
}
