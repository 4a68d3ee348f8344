// SPDX-License-Identifier: Apache-2.0
//
// The server: a connection's bytes, and the bodies of the requests that carry rows.
//
// There is no socket and no thread: an embedded channel stands for the connection, and a pool that was never started
// runs what it is given at once.

import Foundation
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOPosix
import SwiftletData
import SwiftletTraining

@testable import SwiftletFormats
@testable import SwiftletServing

/// The ways into a server, by name.
enum ServerSurfaces {
  nonisolated(unsafe) static let all: [String: ([UInt8]) -> Void] = [
    "http": connection,
    "http2": { frames($0, services: .http) },
    "v1": { respond(to: "/v1/models/\(model($0)):predict", $0.dropFirst()) },
    "v2": { respond(to: "/v2/models/\(model($0))/infer", $0.dropFirst()) },
    "binary": { bytes in
      // The second byte is the length of the JSON, so that both sides of the border are reached.
      let length = bytes.dropFirst().first.map(Int.init) ?? 0
      respond(
        to: "/v2/models/\(model(bytes))/infer", bytes.dropFirst(2), ["Inference-Header-Content-Length": "\(length)"])
    },
    "grpc": { bytes in
      // The second byte chooses the model, whose name stands before what the fuzzer makes up.
      let methods = GRPCMethod.all.map(\.route.pattern)
      let method = methods[Int(bytes.first ?? 0) % methods.count]
      var message = ProtobufWriter()
      message.write(1, string: model(bytes.dropFirst()))
      call(method, message.bytes + bytes.dropFirst(2))
    },
    "calls": { frames($0, services: .grpc) },
    "invocations": { bytes in
      let types = ["text/csv", "application/json", "application/x-npy", "application/jsonlines"]
      respond(
        to: "/endpoints/\(model(bytes.dropFirst()))/invocations", bytes.dropFirst(2),
        ["Content-Type": types[Int(bytes.first ?? 0) % types.count]])
    },
  ]

  private static let models = ["iris", "penguins", "arm", "lane-camera"]

  /// The first byte chooses the model: numbers, categories, two targets, pictures.
  private static func model(_ bytes: some Collection<UInt8>) -> String {
    models[Int(bytes.first ?? 0) % models.count]
  }

  private static let responder: Responder = {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-fuzz-\(UUID())").path
    do {
      for name in models {
        let settings: [(path: String, value: JSONValue)] = [
          ("training.epochs", 1), ("data", .string("Datasets/\(name)")),
        ]
        let recipe = try Recipe(YAML.read(.file("Datasets/\(name)/recipe.yaml")), settings: settings)
        try Experiment(DataLoader(recipe.data), recipe).run(recipe, name: name).bundle.save(to: "\(folder)/\(name)")
      }
      let options = ServerOptions()
      let pool = NIOThreadPool(numberOfThreads: 1)
      let silent = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
      let repository = try ModelRepository(
        paths: [folder], limits: BatchLimits(options, pool: pool), logger: silent)
      return Responder(repository, options: options, pool: pool, logger: silent)
    } catch { fatalError("the fuzzer is run in the project's folder: \(error)") }
  }()

  /// Whatever a client sends, what it gets is HTTP or nothing.
  private static func connection(_ bytes: [UInt8]) {
    let text = String(buffer: answer(to: bytes, breakingAt: Int(bytes.first ?? 0)))
    guard text.isEmpty || text.hasPrefix("HTTP/1.1 ") else { fatalError("an answer that is not HTTP: \(text)") }
    guard !text.hasPrefix("HTTP/1.1 500") else { fatalError("a defect: \(text)") }
  }

  /// The same behind the beginning of a connection of HTTP/2; what it gets are frames.
  private static func frames(_ bytes: [UInt8], services: PortServices) {
    let settings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]
    let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    var answer = answer(
      to: preface + settings + bytes.dropFirst(), breakingAt: Int(bytes.first ?? 0), services: services)
    while let high = answer.readInteger(as: UInt8.self), let low = answer.readInteger(as: UInt16.self) {
      let rest = 1 + 1 + 4 + Int(high) << 16 + Int(low)
      guard answer.readSlice(length: rest) != nil else { fatalError("an answer that ends within a frame") }
    }
  }

  /// All that a connection answers to bytes in two pieces, so that a request may break anywhere.
  private static func answer(
    to bytes: [UInt8], breakingAt position: Int, services: PortServices = .http
  ) -> ByteBuffer {
    var answered = ByteBuffer()
    let channel = EmbeddedChannel()
    defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
    do {
      _ = HTTPChannel(responder: responder, services: services).setup(channel: channel, logger: Logger(label: "fuzz"))
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
      let middle = position % (bytes.count + 1)
      try channel.writeInbound(ByteBuffer(bytes: bytes[..<middle]))
      try channel.writeInbound(ByteBuffer(bytes: bytes[middle...]))
      channel.embeddedEventLoop.run()
      while var part = try channel.readOutbound(as: ByteBuffer.self) { answered.writeBuffer(&part) }
    } catch {}
    return answered
  }

  /// Whatever a body holds, the answer is not a defect of ours.
  private static func respond(to target: String, _ body: some Collection<UInt8>, _ headers: [String: String] = [:]) {
    let headers = HTTPHeaders([("Host", "localhost")] + headers.map { ($0.key, $0.value) })
    let request = ServerRequest(.POST, target, headers: headers, body: ByteBuffer(bytes: body))
    check { responder.respond(to: request, on: $0) }
  }

  /// The same for a message of gRPC.
  private static func call(_ target: String, _ message: [UInt8]) {
    let request = ServerRequest(.POST, target, headers: ["Host": "localhost"])
    let frame = GRPCFrame(message: ByteBuffer(bytes: message), isCompressed: false)
    check { loop in
      var familiar = FamiliarRequest()
      return responder.respond(to: frame, of: request, GRPCMethod.at(target), on: loop, familiar: &familiar)
    }
  }

  private static func check(_ answer: (EmbeddedEventLoop) -> Reply) {
    let loop = EmbeddedEventLoop()
    var responses: [ServerResponse] = []
    switch answer(loop) {
    case .now(let response): responses = [response]
    case .later(let future): future.assumeIsolated().whenSuccess { responses.append($0) }
    case .stream: fatalError("no route of the product streams")
    }
    loop.run()
    guard responses.count == 1 else { fatalError("\(responses.count) answers to one request") }
    guard responses[0].status != .internalServerError else {
      fatalError("a defect: \(String(buffer: responses[0].body))")
    }
  }
}
