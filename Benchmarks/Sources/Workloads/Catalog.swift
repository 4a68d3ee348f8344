// SPDX-License-Identifier: Apache-2.0
//
// The workloads by name.
//
// Before    -     After    -

/// The workloads that `swiftlet-bench` knows.
public let workloads: [(name: String, type: any Workload.Type)] = [
  ("mlp", MLPTraining.self)
]
