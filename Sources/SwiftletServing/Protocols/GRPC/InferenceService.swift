// SPDX-License-Identifier: Apache-2.0
//
// The methods of the Open Inference Protocol over gRPC, as KServe and Triton name them.
//
// The two have one service and, for loading, two requests: KServe's has the model's name in field 1, Triton's in field 2,
// behind the name of a repository. Triton's answer is empty and KServe's is not, and a client skips what it does not know.
//
// Before    GRPCResponder.swift     After    CallInput.swift
// Source    kserve/open-inference-protocol, specification/protocol/open_inference_grpc.proto;
//           triton-inference-server/common, protobuf/grpc_service.proto

import NIOCore
import SwiftletFormats
import SwiftletModels

/// `inference.GRPCInferenceService`.
enum InferenceService {
  static let name = "inference.GRPCInferenceService"

  private static let versioned = GRPCMethod.Names(model: [1], version: 2)
  private static let stored = GRPCMethod.Names(model: [1, 2])

  static let methods: [GRPCMethod] = [
    GRPCMethod(name, "ServerLive", isOpen: true) { _ in .now(.message { $0.write(1, bool: true) }) },
    GRPCMethod(name, "ServerReady", isOpen: true) { call in .now(.message { $0.write(1, bool: call.server.isReady) }) },
    GRPCMethod(name, "ModelReady", names: versioned) { call in
      let isReady = (try? call.model()) != nil
      return .now(.message { $0.write(1, bool: isReady) })
    },
    GRPCMethod(name, "ServerMetadata") { _ in .now(serverMetadata) },
    GRPCMethod(name, "ModelMetadata", names: versioned) { call in
      let model = try call.model()
      return .now(model.metadataMessage(versions: call.server.repository.current.versions(of: model)))
    },
    GRPCMethod(name, "ModelInfer", names: versioned) { call in
      try call.server.inferCall(try call.model(), call) { $0.bytes }
    },
    GRPCMethod(name, "ModelStreamInfer", .stream, names: versioned) { call in
      try call.server.inferCall(try call.model(), call, isStreamed: true) { StreamedAnswer.message(holding: $0) }
    },
    GRPCMethod(name, "ModelConfig", names: versioned) { call in
      .now(try call.model().configurationMessage(call.server.options))
    },
    GRPCMethod(name, "ModelStatistics", names: versioned) { call in
      let isOne = call.path.model?.isEmpty == false
      let models = isOne ? [try call.model()] : call.server.repository.current.all
      return .now(.message { answer in for model in models { answer.message(1) { model.writeStatistics(to: &$0) } } })
    },
    GRPCMethod(name, "RepositoryIndex") { .now(try index($0)) },
    GRPCMethod(name, "RepositoryModelLoad", names: stored) { call in
      try checkAllowed(call)
      return .later(try ModelRepositoryExtension.load(call).map { _ in done(call) })
    },
    GRPCMethod(name, "RepositoryModelUnload", names: stored) { call in
      try checkAllowed(call)
      try call.server.repository.unload(named: call.path.model ?? "")
      return .now(done(call))
    },
  ]

  private static let serverMetadata = ServerResponse.message { answer in
    answer.write(1, string: "swiftlet")
    answer.write(2, string: swiftletVersion)
    for feature in ["classification", "model_repository", "statistics", "model_configuration", "parameters"] {
      answer.write(3, string: feature)
    }
  }

  private static func index(_ call: Call) throws -> ServerResponse {
    let onlyReady = try call.request.body.readMessage { reader in
      var ready = false
      while let field = try reader.next() { if field.number == 2 { ready = try field.truth } }
      return ready
    }
    return .message { answer in
      for (name, version, state) in call.server.repository.index where !onlyReady || state == .ready {
        let (word, reason) = ModelRepositoryExtension.described(state)
        answer.message(1) { model in
          for (field, text) in [name, version, word, reason].enumerated() { model.write(field + 1, string: text) }
        }
      }
    }
  }

  /// - Throws: ``RequestError`` 403 where models are not loaded by request, or the request brings one.
  private static func checkAllowed(_ call: Call) throws {
    try ModelRepositoryExtension.checkAllowed(call.server.options)
    try call.request.body.readMessage { reader in
      while let field = try reader.next() {
        guard field.number == 3 else { continue }
        try ModelRepositoryExtension.checkAllowed(parameter: try CallParameter.name(of: field))
      }
    }
  }

  private static func done(_ call: Call) -> ServerResponse {
    .message { answer in
      answer.write(1, string: call.path.model ?? "")
      answer.write(2, bool: true)
    }
  }
}
