// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import SwiftletTensors
import Testing

/// Files from anyone: each is read or refused with a sentence, and never stops the process.
@Suite("Hostile files")
struct HostileFileTests {
  private let valid = Safetensors(
    tensors: [("0.weight", Tensor([[1, 2], [3, 4]])), ("0.bias", Tensor([5, 6], shape: [2]))],
    metadata: [("format", "pt")])

  @Test("safetensors: what was written is what is read")
  func roundTrip() throws {
    let bytes = valid.encoded()
    #expect(try Safetensors.decode(bytes, name: "t") == valid)
    #expect(valid.encoded() == bytes)
  }

  @Test("safetensors: every truncation is refused")
  func truncations() {
    let bytes = valid.encoded()
    for length in 0..<bytes.count {
      #expect(throws: FormatError.self) { try Safetensors.decode(Array(bytes[..<length]), name: "t") }
    }
    #expect(throws: FormatError.self) { try Safetensors.decode(bytes + [0], name: "t") }
  }

  @Test("safetensors: flipped bits of the header are read or refused, and never trap")
  func flips() {
    let bytes = valid.encoded()
    let header = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
    for position in 0..<header {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[position] ^= 1 << bit
        _ = try? Safetensors.decode(damaged, name: "t")
      }
    }
  }

  @Test(
    "safetensors: each lie of a header is refused",
    arguments: [
      #"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}"#,
      #"{"a": {"dtype": "F32", "shape": [4611686018427387904, 8], "data_offsets": [0, 8]}}"#,
      #"{"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 8]}}"#,
      #"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}}"#,
      #"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [-8, 0]}}"#,
      #"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]}}"#,
      #"{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "b": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}"#,
      #"{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "b": {"dtype": "F32", "shape": [0], "data_offsets": [8, 8]}}"#,
      #"{"a": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]}}"#,
      #"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8], "more": 1}}"#,
      #"{"a": 1}"#, #"{"__metadata__": {"a": 1}}"#, "[]", "{", "",
    ])
  func lies(header: String) {
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
    #expect(throws: FormatError.self) {
      try Safetensors.decode(length + Array(header.utf8) + Array(repeating: 0, count: 8), name: "t")
    }
  }

  @Test("safetensors: a header of 2⁶³ bytes is refused")
  func hugeHeader() {
    #expect(throws: FormatError.self) {
      try Safetensors.decode([0, 0, 0, 0, 0, 0, 0, 0x80] + Array(repeating: 0x7B, count: 64), name: "t")
    }
  }

  @Test(
    "JSON: refuses what is none, and says where",
    arguments: [
      "", "{", "[1,]", "{\"a\":1,}", "01", "1.", ".5", "+1", "nul", "\"\u{1}\"", "\"\\x\"", "\"\\ud800\"", "[1] 2",
      "{\"a\":1,\"a\":2}", "1e999",
      "NaN", "\"abc", "{a:1}",
    ])
  func json(text: String) {
    #expect { try JSONValue.parse(text, name: "t") } throws: { "\($0)".hasPrefix("t, line 1, column ") }
  }

  @Test("JSON: an error knows its line and its column")
  func jsonPlace() {
    func message(_ text: String, firstLine: Int = 1) -> String? {
      let error = #expect(throws: FormatError.self) {
        try JSONValue.parse(Array(text.utf8)[...], name: "t", firstLine: firstLine)
      }
      return error?.description
    }
    #expect(message("{\n  \"a\": x}") == "t, line 2, column 8: not valid JSON: expected a value.")
    #expect(message("[1,\n", firstLine: 7) == "t, line 8, column 1: not valid JSON: it ends where a value is expected.")
    #expect(message("[1e999]") == "t, line 1, column 2: not valid JSON: the number is too large.")
    let many = (0..<20).map { "\"n\($0 % 19)\":1" }.joined(separator: ",")
    #expect(message("{\(many)}")?.hasSuffix("the name \"n0\" appears twice in one object.") == true)
  }

  @Test("JSON: lists stand 64 deep in each other, and no deeper")
  func jsonDepth() throws {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(try JSONValue.parse(nested(64), name: "t").array?.count == 1)
    #expect(throws: FormatError.self) { try JSONValue.parse(nested(65), name: "t") }
  }

  @Test("JSON: what was written is what is read")
  func jsonRoundTrip() throws {
    let value: JSONValue = ["a": [1, 2.5, -3e-7, .null, true, "é\"\\\n\u{1}😀"], "b": ["c": .object([])]]
    #expect(try JSONValue.parse(value.encoded(), name: "t") == value)
    #expect(try JSONValue.parse(value.encoded(pretty: true), name: "t") == value)
    #expect(try JSONValue.parse(value.compact(), name: "t") == value)
    #expect(try JSONValue.parse("\"\\ud83d\\ude00\"", name: "t") == "😀")
  }

  @Test("JSON and YAML: a hundred thousand open brackets do no harm")
  func depth() {
    let brackets = String(repeating: "[", count: 100_000)
    #expect(throws: FormatError.self) { try JSONValue.parse(brackets, name: "t") }
    #expect(throws: FormatError.self) { try YAML.parse(brackets, name: "t") }
    #expect(throws: FormatError.self) { try YAML.parse(String(repeating: "- ", count: 40_000) + "x", name: "t") }
  }

  @Test("YAML: aliases that double a billion times are refused")
  func aliasBomb() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for i in 1..<12 {
      text += "a\(i): &a\(i) [" + Array(repeating: "*a\(i - 1)", count: 10).joined(separator: ", ") + "]\n"
    }
    #expect(throws: FormatError.self) { try YAML.parse(text, name: "t") }
  }

  @Test("YAML: reads words as words, and knows the lines")
  func yaml() throws {
    let document = try YAML.parse("a: no\nb:\n  c: 1e-3\n  d: [x, 2, '3', null, true]\n", name: "t")
    #expect(document.value == ["a": "no", "b": ["c": 0.001, "d": ["x", 2, "3", .null, true]]])
    #expect(document.lines["b.c"] == 3)
    #expect { try YAML.parse("a: 1\na: 2\n", name: "t") } throws: { "\($0)".contains("appears twice") }
    #expect(throws: FormatError.self) { try YAML.parse("a: [1", name: "t") }
  }

  @Test("IDX: round trip, truncations and lies")
  func idx() throws {
    let valid = IDX(sizes: [2, 2, 3], bytes: Array(0..<12))
    let bytes = valid.encoded()
    #expect(try IDX.read(.memory(bytes, name: "t")) == valid)
    for length in 0..<bytes.count {
      #expect(throws: FormatError.self) { try IDX.read(.memory(Array(bytes[..<length]), name: "t")) }
    }
    for header: [UInt8] in [[0, 0, 0x0D, 1], [0, 0, 8, 0], [0, 0, 8, 5], [1, 0, 8, 1]] {
      #expect(throws: FormatError.self) { try IDX.read(.memory(header + bytes, name: "t")) }
    }
    let huge: [UInt8] = [0, 0, 8, 3] + Array(repeating: 0xFF, count: 12)
    #expect(throws: FormatError.self) { try IDX.read(.memory(huge, name: "t")) }
    #expect(throws: FormatError.self) { try IDX.read(.memory(bytes + [0], name: "t")) }
  }

  @Test("gzip: truncated and damaged data are refused, members follow each other")
  func gzip() throws {
    // "hello\n" by gzip -n: header, deflate, CRC-32 and length.
    let member: [UInt8] = [
      0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0xE7, 0x02, 0x00, 0x20, 0x30, 0x3A, 0x36, 6, 0,
      0, 0,
    ]
    #expect(try ByteSource.memory(member, name: "t").readAll() == Array("hello\n".utf8))
    #expect(try ByteSource.memory(member + member, name: "t").readAll() == Array("hello\nhello\n".utf8))
    for length in 2..<member.count {
      #expect(throws: FormatError.self) { try ByteSource.memory(Array(member[..<length]), name: "t").readAll() }
    }
    var damaged = member
    damaged[20] ^= 1
    #expect(throws: FormatError.self) { try ByteSource.memory(damaged, name: "t").readAll() }
  }

  @Test("SHA-256 of the examples of FIPS 180-4")
  func sha256() throws {
    #expect(
      try ByteSource.memory(Array("abc".utf8), name: "t").sha256()
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      try ByteSource.memory(Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8), name: "t").sha256()
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
  }

  @Test("JSON Lines: flattens by path, and names the line of what is wrong")
  func jsonLines() throws {
    var seen: [[String]] = []
    try JSONLinesReader(.memory(Array("{\"a\": {\"b\": 1}, \"c\": \"x\"}\n\n{\"c\": null}".utf8), name: "t"))
      .forEachRecord { _, members in
        seen.append(members.map(\.name))
      }
    #expect(seen == [["a.b", "c"], ["c"]])
    for (text, line) in [("{\"a\":1}\n[1]\n", 2), ("{\"a\":1}\n{\"a\":[1]}\n", 2), ("{\"a\": 1\n", 1)] {
      #expect { try JSONLinesReader(.memory(Array(text.utf8), name: "t")).forEachRecord { _, _ in } } throws: {
        ($0 as? FormatError)?.line == line
      }
    }
  }

  @Test("a file that is not there, and a folder")
  func paths() {
    #expect { try ByteSource.file("/no/such/file.csv").open() } throws: {
      "\($0)" == "/no/such/file.csv: there is no such file."
    }
    #expect { try ByteSource.file("/").open() } throws: { "\($0)" == "/: is a folder, not a file." }
  }
}
