// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import SwiftletFormats
import Testing

@testable import SwiftletServing

@Suite("SageMaker, MLflow, Vertex AI, Azure ML")
struct CloudTests {
  private func server(environment: [String: String] = [:]) throws -> TestServer {
    try TestServer([TestModels.numbers()], environment: environment)
  }

  private let json: HTTPHeaders = ["Content-Type": "application/json"]
  private let csv: HTTPHeaders = ["Content-Type": "text/csv"]

  @Test("MLflow's forms give bare labels")
  func mlflow() async throws {
    let server = try server()
    let expected = try await server.post("/invocations", #"{"instances":[[1,5,2],[2,7,9]]}"#, headers: json).json
    #expect(expected["predictions"]?.array?.count == 2)
    #expect(expected["predictions"]?.array?.first?.string != nil)
    for body in [
      #"{"dataframe_split":{"columns":["weight","length","width"],"index":[0,1],"data":[[2,1,5],[9,2,7]]}}"#,
      #"{"dataframe_records":[{"weight":2,"length":1,"width":5},{"weight":9,"length":2,"width":7}],"params":{}}"#,
      #"{"inputs":{"weight":[2,9],"length":[1,2],"width":[5,7]}}"#,
      #"{"input_data":{"columns":["length","width","weight"],"data":[[1,5,2],[2,7,9]]}}"#, "[[1,5,2],[2,7,9]]",
    ] {
      #expect(try await server.post("/invocations", body, headers: json).json == expected, "\(body)")
      #expect(try await server.post("/score", body, headers: json).json == expected, "\(body)")
    }
  }

  @Test("SageMaker's form gives a score with each label")
  func sagemaker() async throws {
    let body = #"{"instances":[{"features":[1,5,2]}]}"#
    let response = try await server().post("/endpoints/flowers/invocations", body, headers: json).json
    let prediction = try #require(response["predictions"]?.array?.first)
    #expect(prediction["predicted_label"]?.string != nil)
    let scores = prediction["score"]?.array?.compactMap(\.number) ?? []
    #expect(scores.count == 3)
    #expect(abs(scores.reduce(0, +) - 1) < 1e-5)
  }

  @Test("CSV with and without a header, columns in any order, one line for each row")
  func tables() async throws {
    let server = try server()
    let plain = try await server.post("/invocations", "1,5,2\n2,7,9\n", headers: csv)
    #expect(plain.mediaType == "text/csv")
    #expect(plain.text.split(separator: "\n").count == 2)
    let named = try await server.post("/invocations", "weight,id,length,width\n2,x,1,5\n9,y,2,7\n", headers: csv)
    #expect(named.text == plain.text)
    let stated = try await server.post(
      "/invocations", "1,5,2\n2,7,9\n", headers: ["Content-Type": "text/csv; header=absent"])
    #expect(stated.text == plain.text)
    let asked = try await server.post(
      "/invocations", "1,5,2\n2,7,9\n", headers: ["Content-Type": "text/csv", "Accept": "application/json"])
    #expect(asked.json["predictions"]?.array?.count == 2)
    let wrong = try await server.post("/invocations", "1,5,2\n2,seven,9\n", headers: csv)
    #expect(wrong.error == "the body, line 2, column 2 (\"width\"): expected a number, found \"seven\".")
  }

  @Test("npy in and out")
  func npy() async throws {
    let server = try server()
    let response = try await server.ask(
      .POST, "/invocations", headers: ["Content-Type": "application/x-npy", "Accept": "application/x-npy"],
      bytes: NPY.encode([1, 5, 2, 2, 7, 9], shape: [2, 3]))
    let array = try NPY.decode(Array(response.body.readableBytesView), name: "t", limit: 100)
    #expect(array.shape == [2, 3])
    #expect(abs(array.numbers[..<3].reduce(0, +) - 1) < 1e-5)
    let object = Array("\u{0}NUMPY\u{1}\u{0}".utf8)
    #expect(
      try await server.ask(.POST, "/invocations", headers: ["Content-Type": "application/x-npy"], bytes: object).status
        == .badRequest)
  }

  @Test("errors are in the words of all of them")
  func errors() async throws {
    let server = try server()
    let bad = try await server.post("/invocations", #"{"bad":1}"#, headers: json)
    #expect(bad.status == .badRequest)
    #expect(bad.json["error_code"] == "BAD_REQUEST")
    #expect(bad.json["message"] == bad.json["error"])
    #expect(
      try await server.post("/invocations", "x", headers: ["Content-Type": "image/png"]).status == .unsupportedMediaType
    )
    let get = try await server.get("/invocations")
    #expect(get.status == .methodNotAllowed)
    #expect(get.header("Allow") == "POST")
    let several = try TestServer.ofAllKinds()
    #expect(try await several.post("/invocations", "{}", headers: json).status == .badRequest)
    let named = try await several.post(
      "/invocations", #"{"instances":[[1,5,2]]}"#,
      headers: ["Content-Type": "application/json", "X-Amzn-SageMaker-Target-Model": "flowers"])
    #expect(named.status == .ok)
  }

  @Test("Vertex AI's paths come from the environment")
  func vertex() async throws {
    let server = try server(environment: [
      "AIP_HEALTH_ROUTE": "/alive", "AIP_PREDICT_ROUTE": "/v1/endpoints/7/deployedModels/8:predict",
    ])
    #expect(try await server.get("/alive").status == .ok)
    let body = #"{"instances":[[1,5,2]],"parameters":{}}"#
    let response = try await server.post("/v1/endpoints/7/deployedModels/8:predict", body)
    #expect(response.json["predictions"]?.array?.count == 1)
    let paths = try await server.get("/openapi.json").json["paths"]
    #expect(paths?["/v1/endpoints/7/deployedModels/8:predict"]?["post"] != nil)
    let made = try self.server(environment: ["AIP_ENDPOINT_ID": "7", "AIP_DEPLOYED_MODEL_ID": "8"])
    #expect(try await made.post("/v1/endpoints/7/deployedModels/8:predict", body).status == .ok)
    #expect(try await made.get("/v1/endpoints/7/deployedModels/8").status == .ok)
  }

  @Test("Vertex AI may choose paths that are ours: it is answered in its way, and the rest of the path as before")
  func vertexOverOurs() async throws {
    let server = try server(environment: [
      "AIP_HEALTH_ROUTE": "/v2/health/ready", "AIP_PREDICT_ROUTE": "/v1/models/flowers:predict",
    ])
    #expect(try await server.get("/v2/health/ready").text.isEmpty)
    let body = #"{"instances":[[1,5,2]]}"#
    #expect(try await server.post("/v1/models/flowers:predict", body).status == .ok)
    #expect(try await server.get("/v1/models/flowers").json["ready"] == true)
    #expect(try await server.post("/v1/models/flowers:classify", body).status == .badRequest)
    // One path may be both of its routes.
    let one = try self.server(environment: ["AIP_HEALTH_ROUTE": "/x", "AIP_PREDICT_ROUTE": "/x"])
    #expect(try await one.get("/x").status == .ok)
    #expect(try await one.post("/x", body).status == .ok)
    #expect(try await one.ask(.DELETE, "/x").header("Allow") == "POST, GET, HEAD")
  }

  @Test("a probe has an empty body and says when the server stops")
  func ping() async throws {
    let server = try server()
    let ping = try await server.get("/ping")
    #expect(ping.status == .ok && ping.text.isEmpty)
    server.responder.state.beginDraining()
    #expect(try await server.get("/ping").status == .serviceUnavailable)
    #expect(try await server.get("/v2/health/live").status == .ok)
    let ready = try await server.get("/v2/health/ready")
    #expect(ready.status == .serviceUnavailable)
    #expect(ready.json == ["ready": false, "error": "draining"])
    // What was sent before the load balancer heard of it is still answered.
    #expect(try await server.post("/invocations", #"{"instances":[[1,5,2]]}"#, headers: json).status == .ok)
  }
}
