// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import Testing

@testable import SwiftletServing

@Suite("Answers in 64 bits")
struct PrecisionTests {
  private let server: TestServer
  /// What the model says of the row 60, 3: no Float is near it.
  private let expected: Double
  init() throws {
    let bundle = try TestModels.arrivals()
    server = try TestServer([bundle])
    let table = try bundle.tableReader.readCSV(.memory(Array("km,stops\n60,3\n".utf8), name: "t"))
    expected = try Predictor(bundle).predict(table).answers.values[0]
    #expect(expected != Double(Float(expected)) && abs(expected - 1.7e9) < 3000)
  }

  @Test("metadata, answers in JSON and in bytes, and the OpenAPI document say FP64")
  func openInference() async throws {
    let metadata = try await server.get("/v2/models/arrivals").json
    #expect(metadata["outputs"] == [["name": "prediction", "datatype": "FP64", "shape": [-1, 1]]])
    let input = #"{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[60,3]}]"#
    let json = try await server.post("/v2/models/arrivals/infer", input + "}").json["outputs"]?.array?.first
    #expect(json?["datatype"] == "FP64" && json?["data"] == [.number(expected)])
    let binary = try await server.post(
      "/v2/models/arrivals/infer", input + #","parameters":{"binary_data_output":true}}"#)
    let bytes = withUnsafeBytes(of: expected.bitPattern.littleEndian) { Array($0) }
    #expect(Array(binary.body.readableBytesView.suffix(8)) == bytes)
    let document = try await server.get("/openapi.json").json.encoded()
    #expect(document.contains(#""datatype": {"enum": ["FP64"]}"#) && document.contains(#""format": "double""#))
  }

  @Test("so do the other protocols")
  func others() async throws {
    let rows = #"{"instances":[[60,3]]}"#
    for path in ["/v1/models/arrivals:predict", "/invocations"] {
      #expect(try await server.post(path, rows).json["predictions"] == [.number(expected)], "\(path)")
    }
    let text = try await server.post("/invocations", rows, headers: ["Accept": "text/csv"])
    #expect(text.text == "\(expected)\n")
    let array = try await server.post("/invocations", rows, headers: ["Accept": "application/x-npy"])
    let npy = try NPY.decode(Array(array.body.readableBytesView), name: "t", limit: 1000)
    #expect(npy.numbers == [expected])
  }
}
