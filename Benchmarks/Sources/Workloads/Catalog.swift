// SPDX-License-Identifier: Apache-2.0
//
// The workloads by name.
//
// Before    CSVReading.swift     After    -

/// The workloads that `swiftlet-bench` knows.
public var workloads: [(name: String, type: any Workload.Type)] {
  [
    ("mlp", MLPTraining.self),
    ("small-mlp", SmallMLPTraining.self),
    ("logistic", LogisticFit.self),
    ("inference", Inference.self),
    ("matmul", Products.self),
    ("csv", CSVReading.self),
  ]
}
