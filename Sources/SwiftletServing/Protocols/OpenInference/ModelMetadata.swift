// SPDX-License-Identifier: Apache-2.0
//
// A model described: metadata, configuration and statistics.
//
// Before    Infer.swift     After    RepositoryRoutes.swift
// Source    triton-inference-server/server, docs/protocol/extension_statistics.md and extension_model_configuration.md

import SwiftletFormats

extension TensorDescription {
  var json: JSONValue {
    ["name": .string(name), "datatype": .string(datatype.rawValue), "shape": .array(shape.map { JSONValue($0) })]
  }
}

extension ServedModel {
  /// What the model takes and gives.
  func metadata(versions: [String]) -> JSONValue {
    [
      "name": .string(name), "versions": JSONValue(versions), "platform": .string(signature.facts.platform),
      "inputs": .array(inputs.map(\.json)), "outputs": .array(outputs.map(\.json)), "properties": .object(properties),
    ]
  }

  /// Texts by name, which the protocol allows: the task, the labels, the columns.
  var properties: [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("task", .string(signature.task)), .init("target", .string(signature.target)),
      .init("columns", .string(JSONValue(signature.columnNames).encoded())),
    ]
    if isClassification { members.append(.init("labels", .string(JSONValue(signature.labels).encoded()))) }
    return members
  }

  func configuration(_ options: ServerOptions) -> JSONValue {
    func tensors(_ descriptions: [TensorDescription]) -> JSONValue {
      .array(
        descriptions.map { tensor in
          let type = tensor.datatype == .bytes ? "TYPE_STRING" : "TYPE_" + tensor.datatype.rawValue
          return [
            "name": .string(tensor.name), "data_type": .string(type),
            "dims": .array(tensor.shape.dropFirst().map { JSONValue($0) }),
          ]
        })
    }
    return [
      "name": .string(name), "platform": .string(signature.facts.platform), "backend": "swiftlet",
      "max_batch_size": JSONValue(options.limits.maxRowsPerRequest), "input": tensors(inputs),
      "output": tensors(outputs),
      "dynamic_batching": [
        "preferred_batch_size": .array([JSONValue(options.batching.maxRows)]),
        "max_queue_delay_microseconds": JSONValue(options.batching.maxDelayMicroseconds),
        "default_queue_policy": [
          "max_queue_size": JSONValue(options.batching.maxQueue),
          "default_timeout_microseconds": JSONValue(
            options.batching.queueTimeoutMilliseconds.multipliedReportingOverflow(by: 1000).partialValue),
          "allow_timeout_override": true,
        ],
      ],
    ]
  }

  var statisticsJSON: JSONValue {
    let counts = statistics.read()
    func times(_ times: ModelStatistics.Times) -> JSONValue {
      ["count": JSONValue(times.count), "ns": JSONValue(times.nanoseconds)]
    }
    let none = ModelStatistics.Times()
    let batches = counts.batches.sorted { $0.key < $1.key }.map { size, spent -> JSONValue in
      [
        "batch_size": JSONValue(size), "compute_input": times(none), "compute_infer": times(spent),
        "compute_output": times(none),
      ]
    }
    return [
      "name": .string(name), "version": .string(version), "last_inference": JSONValue(counts.lastInference),
      "inference_count": JSONValue(counts.rows), "execution_count": JSONValue(counts.executions),
      "inference_stats": [
        "success": times(counts.success), "fail": times(counts.failure), "queue": times(counts.queue),
        "compute_input": times(counts.input), "compute_infer": times(counts.inference),
        "compute_output": times(counts.output), "cache_hit": times(none), "cache_miss": times(none),
      ],
      "response_stats": .object([]), "batch_stats": .array(batches), "memory_usage": .array([]),
    ]
  }
}
