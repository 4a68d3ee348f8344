// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors
import Testing

@testable import SwiftletServing

@Suite("Open Inference Protocol: infer")
struct InferTests {
  private let server: TestServer
  init() throws { server = try TestServer.ofAllKinds() }

  private func infer(_ model: String, _ inputs: String, _ rest: String = "") async throws -> ServerResponse {
    try await server.post("/v2/models/\(model)/infer", "{\"inputs\":[\(inputs)]\(rest)}")
  }

  @Test("the response has the protocol's members in its order, and an id only where the request had one")
  func form() async throws {
    let input = #"{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,5,2]}"#
    let plain = try await infer("flowers", input)
    #expect(plain.status == .ok)
    #expect(plain.json.members?.map(\.name) == ["model_name", "model_version", "outputs"])
    let named = try await infer("flowers", input, #","id":"42","model_name":"ignored""#)
    #expect(named.json.members?.map(\.name) == ["id", "model_name", "model_version", "outputs"])
    #expect(named.json["id"] == "42")
    let outputs = try #require(named.json["outputs"]?.array)
    #expect(outputs.map { $0["name"] } == ["probabilities", "label"])
    #expect(outputs.map { $0["datatype"] } == ["FP32", "BYTES"])
    #expect(outputs.map { $0["shape"] } == [[1, 3], [1, 1]])
  }

  @Test("serve says what the predictor says of the same table, to the last bit")
  func agreesWithPredictor() async throws {
    let rows = "1,5,2\n2.5,7,9\n4,,4\n"
    let bundle = try TestModels.numbers()
    let reader = TableReader(types: bundle.columnTypes)
    let table = try reader.readCSV(.memory(Array(("length,width,weight\n" + rows).utf8), name: "t"))
    let answers = try Predictor(bundle).predict(table).answers
    let labels = (0..<answers.count).map { bundle.head.label(of: answers.row($0)) }
    let response = try await infer(
      "flowers", #"{"name":"features","shape":[3,3],"datatype":"FP32","data":[[1,5,2],[2.5,7,9],[4,null,4]]}"#)
    let outputs = try #require(response.json["outputs"]?.array)
    #expect(outputs[0]["data"]?.array?.compactMap(\.number).map { Float($0) } == answers.values.map { Float($0) })
    #expect(outputs[1]["data"] == JSONValue(labels.map { bundle.labels[$0] }))
  }

  @Test("nested and flat data, NaN and null, and all types of numbers are the same request")
  func sameRequest() async throws {
    let expected = try await infer("flowers", #"{"name":"x","shape":[1,3],"datatype":"FP32","data":[[1,null,2]]}"#).json
    for input in [
      #"{"name":"features","shape":[1,3],"datatype":"FP64","data":[1,NaN,2]}"#,
      #"{"data":[1.0,null,2e0],"datatype":"INT64","shape":[1,3],"name":"x"}"#,
      #"{"name":"x","shape":[1,3],"datatype":"UINT8","data":[[1,null,2]]}"#,
      #"{"name":"length","shape":[1],"datatype":"INT32","data":[1]},{"name":"weight","shape":[1,1],"datatype":"FP32","data":[2]},{"name":"width","shape":[1,1],"datatype":"FP64","data":[NaN]}"#,
    ] {
      #expect(try await infer("flowers", input).json == expected, "\(input)")
    }
  }

  @Test("a member that is null counts as absent, as generated clients write it")
  func nullMembers() async throws {
    let plain = try await infer("flowers", #"{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,5,2]}"#)
    let nulls = try await infer(
      "flowers", #"{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,5,2],"parameters":null}"#,
      #","id":null,"parameters":null,"outputs":null"#)
    #expect(nulls.status == .ok, "\(nulls.text)")
    #expect(nulls.json == plain.json)
    let chosen = try await infer(
      "flowers", #"{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,5,2]}"#,
      #","outputs":[{"name":"label","parameters":null}]"#)
    #expect(chosen.json["outputs"]?.array?.map { $0["name"] } == ["label"])
  }

  @Test("named columns of numbers, categories and truth values; an unseen category is answered and counted")
  func mixedColumns() async throws {
    func ask(_ island: String) async throws -> ServerResponse {
      try await infer(
        "penguins",
        #"{"name":"female","shape":[1,1],"datatype":"BOOL","data":[true]},{"name":"bill","shape":[1,1],"datatype":"FP32","data":[39]},{"name":"island","shape":[1,1],"datatype":"BYTES","data":["\#(island)"]}"#
      )
    }
    #expect(try await ask("Dream").status == .ok)
    #expect(try await ask("Atlantis").status == .ok)
    #expect(try server.responder.repository.model("penguins").statistics.read().unseenCategories == 1)
  }

  @Test("pictures are whole pixels from 0 to 255, and a scaled one is explained")
  func pictures() async throws {
    let good = try await infer(
      "pictures", #"{"name":"image","shape":[1,2,3],"datatype":"UINT8","data":[[[0,255,7],[1,2,3]]]}"#)
    #expect(good.status == .ok)
    let scaled = try await infer(
      "pictures", #"{"name":"image","shape":[1,2,3],"datatype":"FP32","data":[0.5,1,0,0,0,0]}"#)
    #expect(scaled.status == .badRequest)
    #expect(scaled.error?.contains("the model scales them itself") == true)
  }

  @Test("a regression gives its targets in their units")
  func regression() async throws {
    let response = try await infer("prices", #"{"name":"x","shape":[2,2],"datatype":"FP32","data":[50,2,80,3]}"#)
    #expect(response.json["outputs"]?.array?.map { $0["name"] } == ["prediction"])
    #expect(response.json["outputs"]?.array?.first?["shape"] == [2, 2])
  }

  @Test("outputs: the ones asked for, each once; an empty list is all")
  func outputs() async throws {
    let input = #"{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,5,2]}"#
    let one = try await infer("flowers", input, #","outputs":[{"name":"label"},{"name":"label"}]"#)
    #expect(one.json["outputs"]?.array?.map { $0["name"] } == ["label"])
    let all = try await infer("flowers", input, #","outputs":[]"#)
    #expect(all.json["outputs"]?.array?.count == 2)
    let classes = try await infer(
      "flowers", input, #","outputs":[{"name":"probabilities","parameters":{"classification":2}}]"#)
    let output = try #require(classes.json["outputs"]?.array?.first)
    #expect(output["datatype"] == "BYTES")
    #expect(output["shape"] == [1, 2])
    let first = try #require(output["data"]?.array?.first?.string)
    #expect(first.split(separator: ":").count == 3)
    #expect(first.split(separator: ":")[0].count == 8)  // 0.ffffff, as %f writes it
  }

  @Test(
    "what is wrong is 400 with a sentence that says what was expected and what came",
    arguments: [
      (
        #"{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}"#,
        "unexpected shape for input 'x' for model 'flowers'. Expected [-1,3], got [1,4]."
      ),
      (
        #"{"name":"x","shape":[2,3],"datatype":"FP32","data":[1,2,3]}"#,
        "unexpected number of values for input 'x' for model 'flowers'. The shape [2,3] has 6, got 3."
      ),
      (
        #"{"name":"y","shape":[1,3],"datatype":"FP32","data":[1,2,3]}"#,
        "unexpected inference input 'y' for model 'flowers'."
      ),
      (#"{"name":"lenght","shape":[1,1],"datatype":"FP32","data":[1]}"#, "Did you mean \"length\"?"),
      (
        #"{"name":"length","shape":[1,1],"datatype":"FP32","data":[1]}"#,
        "The input \"width\" of the model \"flowers\" is missing"
      ),
      (
        #"{"name":"x","shape":[1,3],"datatype":"BYTES","data":["a","b","c"]}"#,
        "Expected FP32 or another type of numbers, got BYTES."
      ),
      (
        #"{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,"b",3]}"#,
        "is of datatype FP32, but the text \"b\" came."
      ),
      (
        #"{"name":"x","shape":[1,3],"datatype":"UINT8","data":[1,-2,3]}"#,
        "is of datatype UINT8, but the number -2.0 came."
      ),
      (#"{"name":"x","shape":[1,3],"datatype":"FP33","data":[1,2,3]}"#, "must be one of BOOL, UINT8"),
      (#"{"name":"x","shape":[0,3],"datatype":"FP32","data":[]}"#, "There are no rows to answer for."),
      (#"{"name":"x","shape":[-1,3],"datatype":"FP32","data":[1,2,3]}"#, "must be a list of whole sizes"),
      (#"{"name":"x","shape":[4611686018427387904,8],"datatype":"FP32","data":[1]}"#, "unexpected shape"),
      (
        #"{"name":"x","shape":[1,3],"datatype":"FP32","data":[1e300,5,2]}"#,
        "The number 1e+300 at row 0 for \"length\" is too far from what the model was trained on"
      ),
      (#"{"name":"x","shape":[1,3],"datatype":"FP32","data":[Infinity,5,2]}"#, "The number inf at row 0"),
      (#"{"name":"x","shape":[1,3],"datatype":"FP32"}"#, "Input must set only one of the following"),
      (
        #"{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]},{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}"#,
        "it cannot come twice"
      ),
      (#"{"shape":[1,3],"datatype":"FP32","data":[1,2,3]}"#, "An input needs a \"name\"."),
    ])
  func refusals(input: String, sentence: String) async throws {
    let response = try await infer("flowers", input)
    #expect(response.status == .badRequest)
    #expect(response.error?.contains(sentence) == true, "\(response.text)")
  }

  @Test(
    "bodies that are no request are 400",
    arguments: [
      "", "{", "[]", "null", "{}", #"{"inputs":[]}"#, #"{"inputs":{}}"#, #"{"inputs":[1]}"#,
      "{\"inputs\":[{\"name\":\"x\"",
      #"{"id":7,"inputs":[]}"#, #"{"inputs":[]} x"#, "\u{FEFF}{}", #"{"parameters":7}"#,
      "{\"inputs\":[{\"name\":\"\u{1}\"}]}",
    ])
  func noRequests(body: String) async throws {
    let response = try await server.post("/v2/models/flowers/infer", body)
    #expect(response.status == .badRequest, "\(body)")
    #expect(response.error != nil)
  }

  @Test("a huge finite number never makes an answer that is no number")
  func hugeNumbers() async throws {
    for number in ["1e30", "-1e37", "3e38", "1e308", "-Infinity"] {
      let response = try await infer(
        "flowers", #"{"name":"x","shape":[1,3],"datatype":"FP64","data":[\#(number),5,2]}"#)
      #expect(response.status == .ok || response.status == .badRequest)
      #expect(!response.text.contains("null") && !response.text.contains("nan"), "\(number)")
    }
  }
}
