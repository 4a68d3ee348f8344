// SPDX-License-Identifier: Apache-2.0
//
// `ModelInfer` and `ModelStreamInfer`: the same road as `POST /v2/models/{model}/infer`.
//
// A message of a stream that cannot be answered is answered by its error, and the stream goes on.
//
// Before    CallOutput.swift     After    CallDescriptions.swift
// Source    triton-inference-server/common, protobuf/grpc_service.proto, ModelStreamInferResponse

import NIOCore
import NIOHTTP1
import SwiftletFormats
import SwiftletModels

extension Responder {
  /// Answers the tensors of a call.
  ///
  /// - Parameters:
  ///   - isStreamed: Whether the answer is one of a stream, which says that there is no other to the same message.
  ///   - finish: Makes the message of the answer.
  func inferCall(
    _ model: ServedModel, _ call: Call, isStreamed: Bool = false,
    _ finish: @escaping @Sendable (ProtobufWriter) -> [UInt8]
  ) throws -> Reply {
    let headers = call.request.headers
    let asked = try InferRequest.read(message: call.request.body, valueLimit: valueLimit(of: model))
    let outputs = try model.chosenOutputs(of: asked)
    let rows = try model.prepare(tensors: asked.inputs, rowLimit: options.limits.maxRowsPerRequest)
    let timeout = isStreamed ? nil : GRPCStatus.timeout(headers)
    let limit = [asked.timeout, timeout].compactMap { $0 }.min()
    let id = asked.id ?? RequestTrace.givenId(headers)
    let users = rows.users
    return try answer(model, rows, call, timeout: limit, givesLists: true) { answers in
      let given =
        users.isEmpty
        ? model.callOutputs(answers, outputs)
        : model.callOutputs(lists: model.lists(answers, for: users, count: asked.top))
      var response = ProtobufWriter()
      response.write(1, string: model.name)
      response.write(2, string: model.version)
      if let id { response.write(3, string: id) }
      if isStreamed { StreamedAnswer.writeIsFinal(to: &response) }
      CallOutput.write(given, asBytes: asked.binaryOutput, to: &response)
      return ServerResponse(mediaType: "application/grpc", body: ByteBuffer(bytes: finish(response)))
    }
  }
}

/// A `ModelStreamInferResponse`: error_message 1, infer_response 2.
enum StreamedAnswer {
  static func message(holding response: ProtobufWriter) -> [UInt8] {
    var answer = ProtobufWriter()
    answer.write(2, bytes: response.bytes)
    return answer.bytes
  }

  /// The answer to a message that was refused, with its id if it can be read.
  static func message(refusing message: ByteBuffer, _ sentence: String) -> ByteBuffer {
    let id = try? message.readMessage { reader -> String? in
      var id: String?
      while let field = try reader.next() { if field.number == 3 { id = try field.exactText } }
      return id
    }
    var answer = ProtobufWriter()
    answer.write(1, string: sentence)
    if let id { answer.message(2) { $0.write(3, string: id) } }
    return ByteBuffer(bytes: answer.bytes)
  }

  /// The parameter by which clients of Triton know that a message has no further answer.
  fileprivate static func writeIsFinal(to response: inout ProtobufWriter) {
    response.message(4) { parameter in
      parameter.write(1, string: "triton_final_response")
      parameter.message(2) { $0.write(1, bool: true) }
    }
  }
}
