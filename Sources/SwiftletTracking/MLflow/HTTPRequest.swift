// SPDX-License-Identifier: Apache-2.0
//
// HTTPRequest: a question to a server, and its answer.
//
// Before    TensorBoard/EventFiles.swift     After    Haste.swift

import CCurl
import Foundation

/// A question to a server.
struct HTTPRequest {
  /// What is sent with it.
  enum Body {
    case none
    case bytes([UInt8])
    case file(String)
  }

  /// GET, POST or PUT.
  var method: String
  /// Where it goes, `http` or `https`.
  var url: String
  /// Names and values.
  var headers: [(name: String, value: String)]
  /// What is sent with it.
  var body: Body
  /// How long to wait for a connection, and for the next byte, in milliseconds.
  var patience: Int
  /// Makes it wait for less, while it waits.
  var haste = Haste()
}

/// The answer of a server.
struct HTTPAnswer {
  /// Such as 200.
  let status: Int
  /// What came with it.
  let body: [UInt8]
}

/// Why there is no answer.
struct HTTPFailure: Error {
  /// In words, without a full stop.
  let reason: String
}

extension HTTPRequest {
  /// Asks, and waits for the answer.
  ///
  /// - Throws: ``HTTPFailure`` if there is none.
  func answer() throws -> HTTPAnswer {
    // An empty Expect: a server that never heard of it would be waited for.
    let lines = headers.map { "\($0.name): \($0.value)" } + ["Expect:"]
    var answer = swiftlet_curl_answer()
    let code = withCStringsAndFlag(lines + [method, url]) { texts, flag -> Int32 in
      let list = Array(texts.prefix(lines.count)) + [nil]
      return list.withUnsafeBufferPointer { list in
        var request = swiftlet_curl_request()
        request.headers = list.baseAddress
        request.method = texts[lines.count]
        request.url = texts[lines.count + 1]
        request.patience = patience
        request.hurry = flag
        switch self.body {
        case .none: return swiftlet_curl_ask(&request, &answer)
        case .bytes(let bytes):
          return bytes.withUnsafeBytes { bytes in
            request.body = bytes.baseAddress
            request.length = bytes.count
            return swiftlet_curl_ask(&request, &answer)
          }
        case .file(let path):
          return path.withCString { path in
            request.file = path
            return swiftlet_curl_ask(&request, &answer)
          }
        }
      }
    }
    defer { free(answer.body) }
    guard code != 1 else {
      throw HTTPFailure(reason: "libcurl is not on this machine (Debian and Ubuntu: apt-get install libcurl4)")
    }
    guard code == 0 else {
      throw HTTPFailure(
        reason: withUnsafeBytes(of: answer.reason) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return HTTPAnswer(
      status: answer.status, body: Array(UnsafeRawBufferPointer(start: answer.body, count: answer.length)))
  }

  /// Texts as C has them and what a request looks at, for as long as a body runs.
  private func withCStringsAndFlag<Result>(
    _ texts: [String], _ body: ([UnsafePointer<CChar>?], UnsafePointer<Int32>) -> Result
  ) -> Result {
    let copies = texts.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return haste.withFlag { body(copies.map { UnsafePointer($0) }, $0) }
  }
}
