// SPDX-License-Identifier: Apache-2.0
//
// The messages of gRPC as a client writes and reads them.

import NIOCore
import NIOHPACK
import NIOHTTP2
import SwiftletFormats

@testable import SwiftletServing

/// A `ModelInferRequest`.
struct InferQuestion {
  var model = "flowers"
  var version = ""
  var id = ""
  var parameters: [(name: String, write: @Sendable (inout ProtobufWriter) -> Void)] = []
  var inputs: [Input] = []
  var outputs: [(name: String, classes: Int)] = []
  var blocks: [[UInt8]] = []

  struct Input {
    var name: String
    var datatype = "FP32"
    var shape: [Int]
    /// Writes an `InferTensorContents`.
    var contents: (@Sendable (inout ProtobufWriter) -> Void)?
  }

  /// Rows of three numbers, in contents.
  static func rows(_ values: [Float], width: Int = 3) -> InferQuestion {
    InferQuestion(inputs: [
      Input(name: "features", shape: [values.count / width, width]) { contents in
        contents.write(6, bytes: values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) })
      }
    ])
  }

  /// The same as bytes.
  static func block(_ values: [Float], width: Int = 3) -> InferQuestion {
    InferQuestion(
      inputs: [Input(name: "features", shape: [values.count / width, width])],
      blocks: [values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }])
  }

  var bytes: [UInt8] {
    var message = ProtobufWriter()
    // The bytes first: the order of fields is the writer's.
    for block in blocks { message.write(7, bytes: block) }
    message.write(1, string: model)
    if !version.isEmpty { message.write(2, string: version) }
    if !id.isEmpty { message.write(3, string: id) }
    for parameter in parameters { message.message(4) { write(parameter.name, parameter.write, to: &$0) } }
    for input in inputs {
      message.message(5) { tensor in
        if let contents = input.contents { tensor.message(5, contents) }
        tensor.write(1, string: input.name)
        tensor.write(2, string: input.datatype)
        for size in input.shape { tensor.write(3, signed: Int64(size)) }
      }
    }
    for output in outputs {
      message.message(6) { wanted in
        wanted.write(1, string: output.name)
        if output.classes > 0 {
          wanted.message(2) { write("classification", { $0.write(2, signed: Int64(output.classes)) }, to: &$0) }
        }
      }
    }
    return message.bytes
  }

  private func write(
    _ name: String, _ value: (inout ProtobufWriter) -> Void, to entry: inout ProtobufWriter
  ) {
    entry.write(1, string: name)
    entry.message(2, value)
  }
}

/// A `ModelInferResponse`.
struct InferReply: ProtobufMessage {
  var model = ""
  var version = ""
  var id = ""
  var outputs: [Output] = []
  var blocks: [[UInt8]] = []
  var parameters: [String] = []

  mutating func take(_ field: ProtobufField) throws {
    switch field.number {
    case 1: model = try field.text
    case 2: version = try field.text
    case 3: id = try field.text
    case 4: parameters.append(try CallParameter(field).name)
    case 5: outputs.append(try field.message())
    case 6: blocks.append(Array(try field.bytes))
    default: break
    }
  }

  struct Output: ProtobufMessage {
    var name = ""
    var datatype = ""
    var shape: [Int64] = []
    var floats: [Float] = []
    var doubles: [Double] = []
    var texts: [String] = []

    mutating func take(_ field: ProtobufField) throws {
      switch field.number {
      case 1: name = try field.text
      case 2: datatype = try field.text
      case 3: try field.append(to: &shape)
      case 5:
        var contents = try field.reader()
        while let field = try contents.next() {
          switch field.number {
          case 6: try field.append(to: &floats)
          case 7: try field.append(to: &doubles)
          default: texts.append(try field.text)
          }
        }
      default: break
      }
    }
  }

  /// Every output as V2's JSON has it: name, shape, and values as numbers or texts.
  func described() throws -> [JSONValue] {
    try zip(outputs.indices, outputs).map { position, output in
      var values =
        output.floats.map { JSONValue.number(FloatText.number($0)) } + output.doubles.map { .number($0) }
        + output.texts.map { .string($0) }
      if blocks.indices.contains(position) { values = try InferReply.values(blocks[position], output.datatype) }
      return [
        "name": .string(output.name), "datatype": .string(output.datatype),
        "shape": .array(output.shape.map { JSONValue(Int($0)) }), "data": .array(values),
      ]
    }
  }

  private static func values(_ block: [UInt8], _ datatype: String) throws -> [JSONValue] {
    var bytes = ByteBuffer(bytes: block)
    switch datatype {
    case "FP32":
      return (0..<block.count / 4).map { _ in
        .number(FloatText.number(Float(bitPattern: bytes.readInteger(endianness: .little) ?? 0)))
      }
    case "FP64":
      return (0..<block.count / 8).map { _ in
        .number(Double(bitPattern: bytes.readInteger(endianness: .little) ?? 0))
      }
    default:
      var texts: [JSONValue] = []
      while let length = bytes.readInteger(endianness: .little, as: UInt32.self) {
        texts.append(.string(bytes.readString(length: Int(length)) ?? "cut off"))
      }
      return texts
    }
  }
}

/// A number of 32 bits as the JSON of V2 writes it.
private enum FloatText {
  static func number(_ value: Float) -> Double { Double(value.description) ?? .nan }
}

extension ProtobufMessage {
  init(bytes: ByteBuffer) throws {
    self = try bytes.withUnsafeReadableBytes { try Self(reading: ProtobufReader($0)) }
  }
}

extension Pair {
  /// Sends the messages of a call behind each other; `path` is `Service/Method`.
  func call(
    _ path: String, _ messages: [[UInt8]], _ fields: HPACKHeaders = [:], isWhole: Bool = true
  ) -> HTTP2StreamID {
    let id = begin("POST", "/" + path, ["content-type": "application/grpc", "te": "trailers"], adding: fields)
    var body = ByteBuffer()
    for message in messages { body.writeImmutableBuffer(GRPCFrame.framed(ByteBuffer(bytes: message), .init())) }
    bytes(body, on: id, isLast: isWhole)
    return id
  }

  private func begin(_ method: String, _ path: String, _ fields: HPACKHeaders, adding more: HPACKHeaders)
    -> HTTP2StreamID
  {
    var all = fields
    all.add(contentsOf: more)
    return begin(method, path, all)
  }
}

extension Pair.Answer {
  /// The status of a call, which stands behind its messages, or alone.
  var grpcStatus: String? { trailers.first(name: "grpc-status") ?? fields.first(name: "grpc-status") }
  var grpcMessage: String? { trailers.first(name: "grpc-message") ?? fields.first(name: "grpc-message") }

  /// The messages that came.
  var messages: [ByteBuffer] {
    var rest = body
    var messages: [ByteBuffer] = []
    while let frame = try? GRPCFrame.next(from: &rest, limit: 1 << 30) { messages.append(frame.message) }
    return messages
  }
}

extension TestServer {
  /// Calls a method of the inference service with one message.
  func call(_ method: String, _ message: [UInt8], headers: [(String, String)] = []) async throws -> ServerResponse {
    let path = "/inference.GRPCInferenceService/" + method
    let request = ServerRequest(
      .POST, path, headers: .init([("Host", "localhost:8081")] + headers),
      body: GRPCFrame.framed(ByteBuffer(bytes: message), .init()))
    let (responder, loop) = (responder, loop)
    return try await loop.flatSubmit {
      var familiar = FamiliarRequest()
      switch responder.respond(toCall: request, GRPCMethod.at(path), on: loop, familiar: &familiar) {
      case .now(let response): return loop.makeSucceededFuture(response)
      case .later(let future): return future
      case .stream(let head, _): return loop.makeSucceededFuture(head)
      }
    }.get()
  }
}
