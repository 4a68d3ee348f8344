// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import Testing

@testable import SwiftletServing

@Suite("TensorFlow Serving and KServe 1")
struct V1Tests {
  private let server: TestServer
  init() throws { server = try TestServer.ofAllKinds() }

  private func predict(_ model: String, _ body: String) async throws -> ServerResponse {
    try await server.post("/v1/models/\(model):predict", body)
  }

  @Test("rows by position and by name, and columns, are the same question")
  func forms() async throws {
    let rows = try await predict("flowers", #"{"signature_name":"serving_default","instances":[[1,5,2],[2,7,9]]}"#)
    #expect(rows.status == .ok)
    let predictions = try #require(rows.json["predictions"]?.array)
    #expect(predictions.count == 2)
    #expect(predictions[0].members?.map(\.name) == ["label", "probabilities"])
    let named = try await predict(
      "flowers", #"{"instances":[{"width":5,"length":1,"weight":[2]},{"length":2,"width":7,"weight":9}]}"#)
    #expect(named.json == rows.json)
    let columns = try await predict("flowers", #"{"inputs":{"length":[1,2],"width":[[5],[7]],"weight":[2,9]}}"#)
    #expect(columns.json["outputs"]?["label"]?.array == predictions.map { $0["label"] ?? .null })
    #expect(columns.json["outputs"]?["probabilities"]?.array == predictions.map { $0["probabilities"] ?? .null })
    #expect(try await predict("flowers", #"{"inputs":[[1,5,2],[2,7,9]]}"#).json == columns.json)
    #expect(try await predict("flowers", #"{"inputs":{"x":[[1,5,2],[2,7,9]]}}"#).json == columns.json)
  }

  @Test("a regression of two targets gives bare lists")
  func regression() async throws {
    let rows = try await predict("prices", #"{"instances":[[50,2]]}"#)
    let numbers = try #require(rows.json["predictions"]?.array?.first?.array)
    #expect(numbers.count == 2)
    #expect(try await predict("prices", #"{"inputs":{"area":50,"rooms":2}}"#).json["outputs"] == [.array(numbers)])
    let regress = try await server.post(
      "/v1/models/prices:regress", #"{"examples":[{"area":50}],"context":{"rooms":2}}"#)
    #expect(regress.json["results"] == [.array(numbers)])
    #expect(
      try await server.post("/v1/models/prices:classify", #"{"examples":[{"area":50,"rooms":2}]}"#).status
        == .badRequest)
  }

  @Test("classify sorts the labels by probability, and shares the context")
  func classify() async throws {
    let response = try await server.post(
      "/v1/models/flowers:classify", #"{"examples":[{"length":1},{"length":2}],"context":{"width":5,"weight":2}}"#)
    let results = try #require(response.json["results"]?.array)
    #expect(results.count == 2)
    let probabilities = try #require(results[0].array).compactMap { $0.array?[1].number }
    #expect(probabilities.count == 3)
    #expect(probabilities == probabilities.sorted(by: >))
  }

  @Test("pictures as lists of lines, as flat rows, and in base64")
  func pictures() async throws {
    let lines = try await predict("pictures", #"{"instances":[[[0,255,7],[1,2,3]]]}"#)
    #expect(lines.status == .ok, "\(lines.text)")
    #expect(try await predict("pictures", #"{"instances":[[0,255,7,1,2,3]]}"#).json == lines.json)
    #expect(try await predict("pictures", #"{"instances":[{"b64":"AP8HAQID"}]}"#).json == lines.json)
    #expect(try await predict("pictures", #"{"instances":[{"image":{"b64":"AP8HAQID"}}]}"#).json == lines.json)
  }

  @Test("a missing value is imputed, and mixed rows come by position too")
  func missing() async throws {
    let named = try await predict("penguins", #"{"instances":[{"bill":null,"island":null,"female":null}]}"#)
    #expect(named.status == .ok, "\(named.text)")
    #expect(try await predict("penguins", #"{"instances":[[null,null,null]]}"#).json == named.json)
    #expect(try await predict("penguins", #"{"instances":[[NaN,"Dream",true]]}"#).status == .ok)
  }

  @Test(
    "numbers in quotes are numbers, on every road",
    arguments: [
      ("/v1/models/flowers:predict", #"{"instances":[["1","5.0",2]]}"#),
      ("/v1/models/flowers:predict", #"{"instances":[{"length":"1","width":"5","weight":2}]}"#),
      ("/v1/models/flowers:predict", #"{"inputs":{"length":["1"],"width":[5],"weight":["2.0"]}}"#),
      ("/v1/models/flowers:predict", #"{"inputs":{"features":[["1"," 5 ","2"]]}}"#),
      (
        "/invocations",
        #"{"dataframe_split":{"columns":["length","width","weight"],"data":[["1","5",2]]}}"#
      ),
      ("/invocations", #"{"dataframe_records":[{"length":"1","width":"5","weight":2}]}"#),
      ("/invocations", #"{"instances":[{"features":["1","5","2"]}]}"#),
      ("/score", #"{"input_data":[["1","5","2"]]}"#),
      (
        "/v2/models/flowers/infer",
        #"{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":["1","5",2]}]}"#
      ),
      (
        "/v2/models/flowers/infer",
        #"{"inputs":[{"name":"x","shape":[1,3],"datatype":"UINT8","data":["1","5",2]}]}"#
      ),
      (
        "/v2/models/flowers/infer",
        #"{"inputs":[{"name":"length","shape":[1],"datatype":"FP32","data":["1"]},{"name":"width","shape":[1],"datatype":"FP32","data":["5"]},{"name":"weight","shape":[1],"datatype":"FP32","data":["2"]}]}"#
      ),
    ])
  func quotedNumbers(path: String, body: String) async throws {
    let server = try TestServer([TestModels.numbers()])
    let quoted = try await server.post(path, body)
    #expect(quoted.status == .ok, "\(quoted.text)")
    var plain = body
    for number in ["1", "5.0", "5", " 5 ", "2.0", "2"] {
      plain = plain.replacing("\"\(number)\"", with: number)
    }
    let answer = try await server.post(path, plain)
    #expect(plain != body && quoted.json == answer.json, "\(quoted.text)")
  }

  @Test("a tensor of texts is one of numbers where the column is, and all of them are")
  func quotedTensor() async throws {
    let path = "/v2/models/flowers/infer"
    func body(_ datatype: String, _ data: String) -> String {
      #"{"inputs":[{"name":"x","shape":[1,3],"datatype":"\#(datatype)","data":[\#(data)]}]}"#
    }
    let quoted = try await server.post(path, body("BYTES", #""1","5.0","2""#))
    let plain = try await server.post(path, body("FP32", "1,5,2"))
    #expect(quoted.status == .ok && quoted.json == plain.json, "\(quoted.text)")
    let mixed = try await server.post(path, body("BYTES", #""1","five","2""#))
    #expect(mixed.error?.contains("Expected FP32 or another type of numbers, got BYTES.") == true, "\(mixed.text)")
  }

  @Test(
    "a text in quotes that means a missing value is one, and a number of two readings is neither")
  func quotedMissing() async throws {
    let null = try await predict("flowers", #"{"instances":[[1,null,2]]}"#)
    #expect(try await predict("flowers", #"{"instances":[[1,"NA",2]]}"#).json == null.json)
    let ambiguous = try await predict("flowers", #"{"instances":[[1,"1,234",2]]}"#)
    #expect(
      ambiguous.status == .badRequest && ambiguous.error?.contains("can be 1234 or 1.234") == true,
      "\(ambiguous.text)")
  }

  @Test("a list or an object is no category", arguments: ["{}", "[{}]", "[[]]", "[1,2]"])
  func noCategories(value: String) async throws {
    let response = try await predict("penguins", #"{"instances":[{"bill":1,"island":\#(value),"female":true}]}"#)
    #expect(response.status == .badRequest)
    #expect(response.error?.contains("The input \"island\" takes a text") == true, "\(response.text)")
  }

  @Test(
    "what is wrong is 400 with a sentence",
    arguments: [
      (#"{}"#, "exactly one of \"instances\""),
      (#"{"instances":[[1,5,2]],"inputs":[[1,5,2]]}"#, "exactly one of \"instances\""),
      (#"{"instances":7}"#, "Expected \"instances\" to be a list"),
      (#"{"instances":[]}"#, "There are no rows"),
      (#"{"instances":[[1,5]]}"#, "Row 0 of \"instances\" has another number of values than the 3"),
      (#"{"instances":[[1,5,2],[1,5,2,3]]}"#, "Row 1 of \"instances\" has another number of values than the 3"),
      (#"{"inputs":{"x":[[1,5,2,1,5,2],[1,5,2,1,5,2]]}}"#, "takes rows of 3 values, but lists of 6 came"),
      (#"{"inputs":{"x":[1,5,2,1,5,2]}}"#, "takes rows of 3 values, but lists of 6 came"),
      (#"{"inputs":{"features":[[1,5],[2,1,5,2]]}}"#, "The lists are not nested"),
      (#"{"instances":[[1,5,2],{"length":1}]}"#, "Row 1 of \"instances\""),
      (#"{"instances":[{"length":1,"width":5}]}"#, "The input \"weight\" of the model \"flowers\" is missing"),
      (#"{"instances":[{"length":1,"widht":5,"weight":2}]}"#, "Did you mean \"width\"?"),
      (#"{"instances":[[1,"five",2]]}"#, "takes numbers, but the text \"five\" came at row 0 for \"width\""),
      (#"{"inputs":{"length":[1,2],"width":[5],"weight":[2,3]}}"#, "has 1 values, and the others have 2"),
      (#"{"instances":[[[1],[5],[2]]]}"#, "The lists are not nested"),
    ])
  func refusals(body: String, sentence: String) async throws {
    let response = try await predict("flowers", body)
    #expect(response.status == .badRequest)
    #expect(response.error?.contains(sentence) == true, "\(response.text)")
  }

  @Test("lists, status and metadata hold what the clients of four servers read")
  func descriptions() async throws {
    let list = try await server.get("/v1/models").json
    #expect(list["models"] == ["flowers", "penguins", "pictures", "prices"])
    #expect(list["data"]?.array?.first?["object"] == "model")
    for path in [
      "/v1/models/flowers", "/openai/v1/models/flowers", "/v1/models/flowers/versions/0",
    ] {
      let status = try await server.get(path)
      #expect(status.json["ready"] == true, "\(path)")
      #expect(status.json["model_version_status"]?.array?.first?["state"] == "AVAILABLE")
    }
    let metadata = try await server.get("/v1/models/penguins/metadata").json
    #expect(metadata["modelSpec"]?["name"] == "penguins")
    let inputs = metadata["metadata"]?["signature_def"]?["signatureDef"]?["serving_default"]?["inputs"]
    #expect(inputs?["island"]?["dtype"] == "DT_STRING")
    #expect(inputs?["bill"]?["tensorShape"]?["dim"]?.array?.first?["size"] == "-1")
    let unknown = try await server.get("/v1/models/nope")
    #expect(unknown.status == .notFound)
    #expect(unknown.error == "Model with name nope does not exist.")
  }
}
