// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import SwiftletModels
import Testing

@testable import SwiftletServing

@Suite("Lists of items")
struct ListRequestTests {
  private static let path = "/v2/models/tastes/infer"

  private func tensor(_ users: [String]) -> String {
    let names = users.map { "\"\($0)\"" }.joined(separator: ",")
    return #"{"name":"customer","shape":[\#(users.count),1],"datatype":"BYTES","data":[\#(names)]}"#
  }

  private func ask(_ server: TestServer, _ users: [String], parameters: String = "") async throws -> ServerResponse {
    try await server.post(Self.path, #"{"inputs":[\#(tensor(users))]\#(parameters)}"#)
  }

  @Test("a user alone gets the best items with their scores, and one who is not known the most rated")
  func tensors() async throws {
    let server = try TestServer([TestModels.tastes()])
    let outputs = try await ask(server, ["anna", "ben", "carl"]).json["outputs"]
    // Anna: cake 3 + 2, bread 3 + 0.5, soup 3 − 1. Ben: soup 3 + 1, bread 3.5, cake 1. Carl: bread log 4, soup log 3.
    #expect(outputs?.array?.map { $0["name"] } == ["items", "scores"])
    #expect(outputs?.array?.first?["data"] == ["cake", "bread", "soup", "bread", "bread", "soup"])
    #expect(outputs?.array?.first?["shape"] == [3, 2])
    let scores = outputs?.array?.last?["data"]?.array?.compactMap(\.number) ?? []
    let expected = [5, 3.5, 4, 3.5, 1.386294, 1.098612]
    #expect(scores.count == 6 && zip(scores, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(scores)")
  }

  @Test("the playground is told which column is the user, and how long a list is")
  func description() throws {
    let described = playgroundDescription(of: TabularModel(try TestModels.tastes(top: 2)).signature)
    #expect(described["recommendation"]?["user"] == "customer" && described["recommendation"]?["top"] == 2)
    #expect(described["targets"]?.array?.count == 1 && described["saliency"] == nil)
  }

  @Test("a request says how long its list is, up to all items")
  func length() async throws {
    let server = try TestServer([TestModels.tastes()])
    func items(_ top: String) async throws -> JSONValue? {
      try await ask(server, ["ben"], parameters: #","parameters":{"top":\#(top)}"#).json["outputs"]?.array?.first?[
        "data"]
    }
    #expect(try await items("1") == ["soup"])
    #expect(try await items("3") == ["soup", "bread", "cake"])
    #expect(try await items("1000") == ["soup", "bread", "cake"])
    for wrong in ["0", "1001", "-1", "1.5", "\"two\"", "true"] {
      let refused = try await ask(server, ["ben"], parameters: #","parameters":{"top":\#(wrong)}"#)
      #expect(
        refused.status == .badRequest && refused.text.contains("must be from 1 to 1000"), "\(wrong) \(refused.text)")
    }
  }

  @Test("the forms of TensorFlow Serving give an object for each user, or a list of each")
  func rows() async throws {
    let server = try TestServer([TestModels.tastes(top: 1)])
    let rows = try await server.post(
      "/v1/models/tastes:predict", #"{"instances":[{"customer":"anna"},{"customer":"ben"}]}"#)
    #expect(rows.json["predictions"]?.array?.map { $0["items"] } == [["cake"], ["soup"]], "\(rows.text)")
    let columns = try await server.post("/v1/models/tastes:predict", #"{"inputs":{"customer":["anna","ben"]}}"#)
    #expect(columns.json["outputs"]?["items"] == [["cake"], ["soup"]], "\(columns.text)")
  }

  @Test("a user with an item is rated; what gives ratings alone says so")
  func pairs() async throws {
    let server = try TestServer([TestModels.tastes()])
    let rated = try await server.post(
      "/v1/models/tastes:predict", #"{"instances":[{"customer":"anna","dish":"soup"},{"customer":"x","dish":"bread"}]}"#
    )
    let stars = rated.json["predictions"]?.array?.compactMap(\.number) ?? []
    #expect(stars.count == 2 && abs(stars[0] - 2) < 1e-5 && abs(stars[1] - 3.5) < 1e-5, "\(rated.text)")
    let refused = try await server.post("/endpoints/tastes/invocations", #"{"instances":[{"customer":"anna"}]}"#)
    #expect(refused.status == .badRequest && refused.text.contains("name the item beside the user"), "\(refused.text)")
  }

  @Test("users and items that training did not know are counted, in lists and in pairs")
  func unknown() async throws {
    let server = try TestServer([TestModels.tastes()])
    _ = try await ask(server, ["anna", "carl", "dora"])
    _ = try await server.post(
      "/v1/models/tastes:predict", #"{"instances":[{"customer":"erik","dish":"jam"},{"customer":"ben","dish":"jam"}]}"#)
    let metrics = try await server.get("/metrics").text
    func count(_ name: String) -> Double? {
      metrics.split(separator: "\n").first { $0.hasPrefix(name + "{") }?.split(separator: " ").last.flatMap {
        Double($0)
      }
    }
    #expect(count("swiftlet_unknown_users_total") == 3 && count("swiftlet_unknown_items_total") == 2, "\(metrics)")
  }

  @Test("the document describes both questions, and every example of it is answered")
  func document() async throws {
    let server = try TestServer([TestModels.tastes()])
    let paths = try await server.get("/openapi.json").json["paths"]
    let infer = paths?["/v2/models/tastes/infer"]?["post"]
    let content = infer?["requestBody"]?["content"]?["application/json"]
    #expect(content?["schema"]?["anyOf"]?.array?.count == 2)
    let names = content?["schema"]?["anyOf"]?.array?.map { $0["properties"]?["inputs"]?["prefixItems"]?.array?.count }
    #expect(names == [2, 1])
    let outputs = infer?["responses"]?["200"]?["content"]?["application/json"]?["schema"]?["properties"]?["outputs"]
    #expect(
      outputs?["items"]?["properties"]?["name"]?["enum"] == ["prediction", "items", "scores"], "\(outputs ?? .null)")
    let predict = paths?["/v1/models/tastes:predict"]?["post"]?["requestBody"]?["content"]?["application/json"]
    #expect(predict?["schema"]?["properties"]?["instances"]?["anyOf"]?.array?.count == 2)
  }
}
