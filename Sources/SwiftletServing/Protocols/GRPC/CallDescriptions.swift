// SPDX-License-Identifier: Apache-2.0
//
// A model described in messages: metadata, configuration and statistics.
//
// Before    CallAnswer.swift     After    HealthService.swift
// Source    triton-inference-server/common, protobuf/grpc_service.proto and model_config.proto

import NIOCore
import SwiftletFormats

extension ServedModel {
  /// A `ModelMetadataResponse`: name 1, versions 2, platform 3, inputs 4, outputs 5, and KServe's properties 6.
  func metadataMessage(versions: [String]) -> ServerResponse {
    .message { answer in
      answer.write(1, string: name)
      for version in versions { answer.write(2, string: version) }
      answer.write(3, string: signature.facts.platform)
      for (field, tensors) in [(4, inputs), (5, outputs)] {
        for tensor in tensors { answer.message(field) { tensor.write(to: &$0) } }
      }
      for property in properties {
        answer.message(6) { entry in
          entry.write(1, string: property.name)
          entry.write(2, string: property.value.string ?? property.value.encoded())
        }
      }
    }
  }

  /// A `ModelConfigResponse`, whose field 1 is a `ModelConfig`.
  func configurationMessage(_ options: ServerOptions) -> ServerResponse {
    .message { answer in
      answer.message(1) { model in
        model.write(1, string: name)
        model.write(2, string: signature.facts.platform)
        model.write(4, signed: Int64(options.limits.maxRowsPerRequest))  // max_batch_size
        for input in inputs { model.message(5) { input.writeConfiguration(to: &$0, dimensions: 4) } }
        for output in outputs { model.message(6) { output.writeConfiguration(to: &$0, dimensions: 3) } }
        model.message(11) { batching in
          batching.write(1, signed: Int64(options.batching.maxRows))  // preferred_batch_size
          batching.write(2, unsigned: UInt64(options.batching.maxDelayMicroseconds))
          batching.message(6) { queue in
            let microseconds = options.batching.queueTimeoutMilliseconds.multipliedReportingOverflow(by: 1000)
            queue.write(2, unsigned: UInt64(clamping: microseconds.partialValue))
            queue.write(3, bool: true)  // allow_timeout_override
            queue.write(4, unsigned: UInt64(options.batching.maxQueue))
          }
        }
        model.write(17, string: "swiftlet")  // backend
      }
    }
  }

  /// Writes a `ModelStatistics`.
  func writeStatistics(to answer: inout ProtobufWriter) {
    let counts = statistics.read()
    let none = ModelStatistics.Times()
    answer.write(1, string: name)
    answer.write(2, string: version)
    answer.write(3, unsigned: UInt64(clamping: counts.lastInference))
    answer.write(4, unsigned: UInt64(clamping: counts.rows))
    answer.write(5, unsigned: UInt64(clamping: counts.executions))
    answer.message(6) { times in
      let all = [
        counts.success, counts.failure, counts.queue, counts.input, counts.inference, counts.output, none, none,
      ]
      for (position, each) in all.enumerated() { times.message(position + 1) { each.write(to: &$0) } }
    }
    for (size, spent) in counts.batches.sorted(by: { $0.key < $1.key }) {
      answer.message(7) { batch in
        batch.write(1, unsigned: UInt64(clamping: size))
        for (position, each) in [none, spent, none].enumerated() { batch.message(position + 2) { each.write(to: &$0) } }
      }
    }
  }
}

extension ModelStatistics.Times {
  /// A `StatisticDuration`: count 1, ns 2.
  fileprivate func write(to duration: inout ProtobufWriter) {
    duration.write(1, unsigned: UInt64(clamping: count))
    duration.write(2, unsigned: UInt64(clamping: nanoseconds))
  }
}

extension TensorDescription {
  /// A `TensorMetadata`: name 1, datatype 2, shape 3.
  fileprivate func write(to tensor: inout ProtobufWriter) {
    tensor.write(1, string: name)
    tensor.write(2, string: datatype.rawValue)
    for size in shape { tensor.write(3, signed: Int64(size)) }
  }

  /// A `ModelInput` or a `ModelOutput`: name 1, data_type 2, and the sizes without the number of rows.
  fileprivate func writeConfiguration(to tensor: inout ProtobufWriter, dimensions: Int) {
    tensor.write(1, string: name)
    tensor.write(2, unsigned: datatype.numberInConfiguration)
    for size in shape.dropFirst() { tensor.write(dimensions, signed: Int64(size)) }
  }
}

extension Datatype {
  /// The number of the type in `model_config.proto`.
  fileprivate var numberInConfiguration: UInt64 {
    switch self {
    case .bool: 1
    case .uint8: 2
    case .uint16: 3
    case .uint32: 4
    case .uint64: 5
    case .int8: 6
    case .int16: 7
    case .int32: 8
    case .int64: 9
    case .fp16: 10
    case .fp32: 11
    case .fp64: 12
    case .bytes: 13
    case .bf16: 14
    }
  }
}
