// SPDX-License-Identifier: Apache-2.0
//
// Calls of every kind by grpc-swift: one message, a refusal, a stream, a watcher, a large message, a deadline.
//
// Before    -     After    Messages.swift

import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// Something that the server should have done otherwise.
struct Fault: Error, CustomStringConvertible {
  let description: String
}

func check(_ isSo: Bool, _ description: String) throws {
  guard isSo else { throw Fault(description: description) }
}

@main
struct Main {
  static func main() async throws {
    guard CommandLine.arguments.count == 2, let port = Int(CommandLine.arguments[1]) else {
      throw Fault(description: "usage: peer PORT")
    }
    let transport = try HTTP2ClientTransport.Posix.http2NIOPosix(
      target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: .plaintext)
    try await withGRPCClient(transport: transport) { client in
      let server = InferenceClient(client: client)
      try await probes(server)
      try await answers(server)
      try await refusals(server)
      try await streams(server)
      try await time(server)
    }
    print("grpc-swift: probes, calls, refusals, a stream, a watcher and a deadline are as they should be")
  }

  static func probes(_ server: InferenceClient) async throws {
    for method in ["ServerLive", "ServerReady"] {
      try check(try await server.call(method, []) == [8, 1], "\(method) is not true")
    }
    try check(try await server.call("ModelReady", text(1, "iris")) == [8, 1], "the model is not ready")
    try check(
      try await server.call("Check", [], service: InferenceClient.health) == [8, 1], "the health check says no")
    let first = try await server.firstWatched()
    try check(first == [8, 1], "the watcher hears \(first)")
  }

  static func answers(_ server: InferenceClient) async throws {
    let answer = try await server.call("ModelInfer", question("42"))
    try check(contains(answer, "setosa") && contains(answer, "42"), "the label is not setosa")
    let calls = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<200 {
        group.addTask { contains(try await server.call("ModelInfer", question("call-\(number)")), "call-\(number)") }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    try check(calls == 200, "\(calls) of 200 calls at once have their own answer")
  }

  static func refusals(_ server: InferenceClient) async throws {
    for (method, message, code, sentence) in [
      ("ModelInfer", question("a", rows: 1, width: 3), RPCError.Code.invalidArgument, "Expected [-1,4], got [1,3]"),
      ("ModelInfer", text(1, "nope"), .notFound, "'nope' is not found"),
      ("ModelMetadata", text(1, "nope"), .notFound, "'nope' is not found"),
      ("RepositoryModelUnload", text(2, "iris"), .permissionDenied, "--allow-load"),
      ("ModelForget", [], .unimplemented, "ModelForget"),
      ("ModelInfer", [7, 7, 7], .invalidArgument, "cannot be read"),
      ("ModelInfer", Array(repeating: 0, count: 9 << 20), .resourceExhausted, "body"),
    ] as [(String, [UInt8], RPCError.Code, String)] {
      do {
        _ = try await server.call(method, message)
        throw Fault(description: "\(method) is not refused")
      } catch let error as RPCError {
        try check(error.code == code, "\(method) is refused as \(error.code): \(error.message)")
        try check(error.message.contains(sentence), "\(method) is refused with \(error.message)")
      }
    }
  }

  static func streams(_ server: InferenceClient) async throws {
    let questions = (0..<300).map { question("m-\($0)-", rows: 1, width: $0 == 7 ? 3 : 4) }
    let answers = try await server.stream(questions)
    try check(answers.count == 300, "\(answers.count) of 300 messages are answered")
    for (number, answer) in answers.enumerated() {
      try check(contains(answer, "m-\(number)-"), "answer \(number) has another place")
      try check(contains(answer, "Expected [-1,4]") == (number == 7), "answer \(number) is wrong")
    }
  }

  static func time(_ server: InferenceClient) async throws {
    // 4,000 rows of four numbers: larger than the first windows.
    let large = try await server.call("ModelInfer", question("large", rows: 4000, width: 4))
    try check(large.count > 4000 * 12, "the answer to 4,000 rows has \(large.count) bytes")
    do {
      _ = try await server.unendingStream(deadline: .milliseconds(200))
      throw Fault(description: "a stream outlives its deadline")
    } catch let error as RPCError {
      try check(error.code == .deadlineExceeded, "a deadline ends a stream as \(error.code): \(error.message)")
    }
  }
}
