// SPDX-License-Identifier: Apache-2.0
//
// Ratios: how long our workloads take in thousandths of their bare matrix products.
//
// Seconds change with the machine and with the hour; a ratio of two things that were measured together changes
// with the code. One thread is used: how well two go together is the machine's affair too. In the folder Benchmarks,
//
//     swift package benchmark                                                            shows them
//     swift package benchmark thresholds check                                           compares with Thresholds/
//     swift package --allow-writing-to-package-directory benchmark thresholds update     writes Thresholds/
//
// Before    ../../Sources/Workloads/Catalog.swift     After    -

import Benchmark
import Workloads

private let ratio = BenchmarkMetric.custom("bare GEMMs = 1000", polarity: .prefersSmaller, useScalingFactor: false)

/// What is held to a ratio: a name, and the workload with its options.
private let guarded: [(name: String, workload: String, options: [String])] = [
  ("mlp", "mlp", ["rows=12800", "epochs=1"]),
  ("small-mlp", "small-mlp", ["epochs=1", "data=../Datasets/digits"]),
  ("answers-1", "inference", ["batch=1"]),
  ("answers-64", "inference", ["batch=64"]),
  ("answers-1000", "inference", ["batch=1000"]),
  ("matmul-1024", "matmul", ["blocks=10"]),
  ("matmul-forward-1", "matmul", ["m=128", "n=256", "k=784", "right=transposed", "blocks=10"]),
]

let benchmarks: @Sendable () -> Void = {
  // A quarter is more than a quiet machine changes by itself, and less than a careless pass over the data.
  let tolerance = BenchmarkThresholds(relative: [.p50: 25, .p90: 25])
  for (name, workload, options) in guarded {
    Benchmark(
      name,
      configuration: .init(
        metrics: [ratio], warmupIterations: 1, maxDuration: .seconds(10), maxIterations: 5,
        thresholds: [ratio: tolerance])
    ) { (benchmark: Benchmark, workload: any Workload) in
      var workload = workload
      var ratios: [Double] = []
      for _ in 0..<5 {
        let measurement = try workload.measure()
        if let bareSeconds = measurement.bareSeconds { ratios.append(measurement.seconds / bareSeconds) }
      }
      // The one in the middle: what disturbs two of five leaves no trace.
      let middle = ratios.sorted().dropFirst(ratios.count / 2).first ?? .infinity
      benchmark.measurement(ratio, Int(exactly: (1000 * middle).rounded()) ?? .max)
    } setup: {
      try makeWorkload(workload, try Options(options + ["threads=1"]))
    }
  }
}
