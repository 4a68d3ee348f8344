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
    ("cnn", CNNTraining.self),
    ("logistic", LogisticFit.self),
    ("iteration", ConvexIteration.self),
    ("inference", Inference.self),
    ("matmul", Products.self),
    ("csv", CSVReading.self),
  ]
}

/// The workload of a name, made ready.
///
/// - Throws: ``UsageError`` where there is none, and whatever the workload lacks.
public func makeWorkload(_ name: String, _ options: Options) throws -> any Workload {
  guard let type = workloads.first(where: { $0.name == name })?.type else {
    throw UsageError("there is no workload \"\(name)\"; there are: \(workloads.map(\.name).joined(separator: " "))")
  }
  return try type.init(options)
}
