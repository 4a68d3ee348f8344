// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOHTTP1
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import Testing

@testable import SwiftletServing

@Suite("What strangers' clients send")
struct StrangersTests {
  private let json: HTTPHeaders = ["Content-Type": "application/json"]
  private let csv: HTTPHeaders = ["Content-Type": "text/csv"]

  // MARK: CSV

  @Test("numbers in a table are written as they were in training", arguments: [true, false])
  func writtenNumbers(hasHeader: Bool) async throws {
    var bundle = try TestModels.numbers()
    bundle.reading.decimal = .comma
    bundle.reading.header = .none
    let server = try TestServer([bundle])
    let names = bundle.inputs.map(\.name)
    let row = names.indices.map { "\"\($0 + 1),234\"" }.joined(separator: ",")
    let plain = names.indices.map { "\($0 + 1).234" }.joined(separator: ",")
    let csv = HTTPHeaders([("Content-Type", "text/csv; header=\(hasHeader ? "present" : "absent")")])
    let header = hasHeader ? names.joined(separator: ",") + "\n" : ""
    let answer = try await server.post("/invocations", header + row + "\n", headers: csv)
    let other = try await TestServer([TestModels.numbers()]).post("/invocations", header + plain + "\n", headers: csv)
    #expect(answer.status == .ok && other.status == .ok, "\(answer.text)")
    #expect(answer.text == other.text)
  }

  @Test(
    "a header that names a column wrongly is refused with the name that was meant, and is never a row",
    arguments: [
      ("bill,ilsand,female\n39,Dream,yes\n", "ilsand"), ("bill,iland,female\n39,Dream,yes\n", "iland"),
      ("Bill,Island,Female\n39,Dream,yes\n", "Bill"), ("bill,female\n39,yes\n", "island"),
      ("a,b,FEMALE\n39,Dream,yes\n", "FEMALE"),
    ])
  func wrongHeader(body: String, named: String) async throws {
    let server = try TestServer([TestModels.mixed()])
    let response = try await server.post("/invocations", body, headers: csv)
    #expect(response.status == .badRequest, "\(response.text)")
    #expect(response.error?.contains("\"\(named)\"") == true, "\(response.text)")
    #expect(response.error?.contains("header=absent") == true)
  }

  @Test("a row whose category is called as a column is nearly called is a row")
  func categoryLikeAName() async throws {
    let table = "shape,color\nshape,red\nflat,blue\n"
    let server = try TestServer([TestModels.words(table)])
    let response = try await server.post("/invocations", "shape,red\nflat,blue\n", headers: csv)
    #expect(response.text.split(separator: "\n").count == 2)
    let stated = try await server.post(
      "/invocations", "color,shape\n", headers: ["Content-Type": "text/csv; header=absent"])
    #expect(stated.text.split(separator: "\n").count == 1)
  }

  @Test("an index column without a name, an id and a byte order mark are passed over; strict columns are refused")
  func extraColumns() async throws {
    let server = try TestServer([TestModels.numbers()])
    let plain = try await server.post("/invocations", "1,5,2\n", headers: csv)
    let index = try await server.post("/invocations", ",length,width,weight,id\n0,1,5,2,x\n", headers: csv)
    #expect(index.text == plain.text)
    #expect(index.header("X-Ignored-Columns") == "(column 1), id")
    for body in ["", "\n", ",length,width,weight,id\n", "length,width,weight"] {
      let response = try await server.post("/invocations", body, headers: csv)
      #expect(response.error == "There are no rows to answer for.", "\(body)")
    }
    let marked = try await server.post("/invocations", "\u{FEFF}1,5,2\n", headers: csv)
    #expect(marked.text == plain.text)
    let records = #"{"dataframe_records":[{"id":7,"length":1,"width":5,"weight":2}]}"#
    let bodies = [
      records, #"{"inputs":{"id":[7],"length":[1],"width":[5],"weight":[2]}}"#,
      #"{"dataframe_split":{"columns":["id","length","width","weight"],"data":[[7,1,5,2]]}}"#,
    ]
    for body in bodies {
      let response = try await server.post("/invocations", body, headers: json)
      #expect(response.status == .ok, "\(response.text)")
      #expect(response.header("X-Ignored-Columns") == "id")
    }
    let misspelled = #"{"dataframe_records":[{"id":7,"lenght":1,"width":5,"weight":2}]}"#
    #expect(try await server.post("/invocations", misspelled, headers: json).status == .badRequest)
    var options = ServerOptions.patient
    options.access.strictColumns = true
    let strict = try TestServer([TestModels.numbers()], options: options)
    for body in bodies {
      let response = try await strict.post("/invocations", body, headers: json)
      #expect(response.status == .badRequest)
      #expect(response.error?.contains("\"id\"") == true)
    }
    #expect(
      try await strict.post("/invocations", "length,width,weight,id\n1,5,2,x\n", headers: csv).status == .badRequest)
  }

  // MARK: Answers

  @Test("SageMaker's score is that of the second class whatever is predicted; of several classes all of them")
  func scores() async throws {
    let server = try TestServer.ofAllKinds()
    let row = #"{"instances":[{"features":[39,"Dream","yes"]}]}"#
    let two = try await server.post("/endpoints/penguins/invocations", row, headers: json).json
    let both = try await server.post("/v1/models/penguins:predict", #"{"instances":[[39,"Dream","yes"]]}"#).json
    #expect(
      two["predictions"]?.array?.first?["score"]
        == both["predictions"]?.array?.first?["probabilities"]?.array?.last)
    let three = try await server.post(
      "/endpoints/flowers/invocations", #"{"instances":[{"features":[1,5,2]}]}"#, headers: json
    ).json
    #expect(three["predictions"]?.array?.first?["score"]?.array?.count == 3)
  }

  @Test("JSON Lines come in and go out under their three names, a score on each line")
  func jsonLines() async throws {
    let server = try TestServer([TestModels.numbers()])
    let lines = "{\"features\":[1,5,2]}\n{\"features\":[2,7,9]}\n"
    for name in ["application/jsonlines", "application/x-jsonlines", "application/x-ndjson"] {
      let response = try await server.post("/invocations", lines, headers: ["Content-Type": name])
      #expect(response.status == .ok, "\(response.text)")
      #expect(response.mediaType == "application/jsonlines")
      #expect(response.text.split(separator: "\n").count == 2)
      #expect(response.text.hasPrefix("{\"score\":["))
    }
    let asked = try await server.post(
      "/invocations", #"{"instances":[[1,5,2]]}"#, headers: ["Accept": "application/jsonlines"])
    #expect(asked.mediaType == "application/jsonlines")
    let named = try await server.post(
      "/invocations", #"{"length":1,"width":5,"weight":2,"id":1}"#, headers: ["Content-Type": "application/jsonlines"])
    #expect(named.header("X-Ignored-Columns") == "id")
    let refused = try await server.post(
      "/invocations", #"{"instances":[[1,5,2]]}"#, headers: ["Accept": "application/json;q=0, image/png"])
    #expect(refused.status == .notAcceptable)
  }

  @Test("MLflow's params ask for probabilities; what is unknown is refused, as an unknown signature is")
  func params() async throws {
    let server = try TestServer([TestModels.numbers(), TestModels.regression()])
    func ask(_ params: String, _ model: String = "flowers", _ row: String = "[1,5,2]") async throws -> ServerResponse {
      try await server.post(
        "/endpoints/\(model)/invocations", #"{"instances":[\#(row)],"params":\#(params)}"#, headers: json)
    }
    let method = { (name: String) in #"{"predict_method":"\#(name)"}"# }
    #expect(try await ask(method("predict_proba")).json["predictions"]?.array?.first?.array?.count == 3)
    #expect(try await ask(method("predict")).json["predictions"]?.array?.first?.string != nil)
    #expect(try await ask("null").status == .ok)
    #expect(try await ask(method("explain")).status == .badRequest)
    #expect(try await ask(#"{"temperature":1}"#).error?.contains("\"temperature\"") == true)
    #expect(try await ask(method("predict_proba"), "prices", "[50,2]").status == .badRequest)
    let signature = { (name: String) in #"{"signature_name":\#(name),"instances":[[1,5,2]]}"# }
    #expect(try await server.post("/v1/models/flowers:predict", signature("\"serving_default\"")).status == .ok)
    #expect(
      try await server.post("/v1/models/flowers:predict", signature("\"train\"")).error
        == #"The signature_name "train" is unknown: the model has one, "serving_default"."#)
    #expect(try await server.post("/v1/models/flowers:predict", signature("7")).status == .badRequest)
  }

  @Test("pandas' whole numbers as columns stand for places")
  func numberedColumns() async throws {
    let server = try TestServer([TestModels.numbers()])
    let plain = try await server.post("/invocations", "[[1,5,2]]", headers: json)
    let split = #"{"dataframe_split":{"columns":[0,1,2],"index":[0],"data":[[1,5,2]]}}"#
    #expect(try await server.post("/invocations", split, headers: json).json == plain.json)
    let wrong = #"{"dataframe_split":{"columns":[0,1,[2]],"data":[[1,5,2]]}}"#
    #expect(try await server.post("/invocations", wrong, headers: json).status == .badRequest)
  }

  @Test("a version by a label that nobody assigned is not found, on every path of labels")
  func labels() async throws {
    let server = try TestServer([TestModels.numbers()])
    #expect(try await server.get("/v1/models/flowers/labels/stable").status == .notFound)
    #expect(try await server.get("/v1/models/flowers/labels/stable/metadata").status == .notFound)
    let response = try await server.post("/v1/models/flowers/labels/stable:predict", #"{"instances":[[1,5,2]]}"#)
    #expect(response.status == .notFound)
    #expect(response.error?.contains("\"stable\"") == true)
  }

  // MARK: Whole numbers

  @Test(
    "account numbers of 17 digits stay themselves, as text, number and INT64, in JSON and in bytes",
    arguments: [("12345678901234567", 0), ("12345678901234569", 1), ("90071992547409931", 2)])
  func longNumbers(account: String, place: Int) async throws {
    let model = try TestModels.words(
      "account,code\n12345678901234567,a\n12345678901234569,a\n90071992547409931,b\n", types: ["account": .category])
    let server = try TestServer([model])
    func ask(_ value: String) async throws -> JSONValue? {
      let body = #"{"instances":[{"account":\#(value),"code":"a"}]}"#
      return try await server.post("/v1/models/words:predict", body).json["predictions"]
    }
    let right = try await ask("\"\(account)\"")
    #expect(try await ask(account) == right)
    #expect(try await ask("12345678901234568") != right)
    #expect(right?.array?.first?["probabilities"] != nil)
    let rest = #"{"name":"code","shape":[1,1],"datatype":"BYTES","data":["a"]}"#
    let inJSON = #"{"inputs":[{"name":"account","shape":[1,1],"datatype":"INT64","data":[\#(account)]},\#(rest)]}"#
    let first = try await server.post("/v2/models/words/infer", inJSON).json
    #expect(first["outputs"]?.array?.first?["data"] == right?.array?.first?["probabilities"])
    let head =
      #"{"inputs":[{"name":"account","shape":[1,1],"datatype":"INT64","parameters":{"binary_data_size":8}},\#(rest)]}"#
    var bytes = Array(head.utf8)
    let number = try #require(Int64(account))
    withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    let second = try await server.ask(
      .POST, "/v2/models/words/infer", headers: ["Inference-Header-Content-Length": "\(head.utf8.count)"], bytes: bytes)
    #expect(second.json["outputs"] == first["outputs"])
  }

  @Test("a long whole number is a number where the column is one, and too long a one for INT64 is refused")
  func longFeatures() async throws {
    let server = try TestServer([TestModels.numbers()])
    let body = { (number: String) in
      #"{"inputs":[{"name":"features","shape":[1,3],"datatype":"INT64","data":[\#(number),5,2]}]}"#
    }
    #expect(try await server.post("/v2/models/flowers/infer", body("99999999999999999999")).status == .badRequest)
    let far = try await server.post("/v2/models/flowers/infer", body("12345678901234567"))
    #expect(far.error?.contains("too far") == true, "\(far.text)")
  }

  // MARK: Headers and encodings

  @Test("a preflight needs no key, the request itself does; an origin with a slash at its end is refused")
  func preflight() async throws {
    var options = ServerOptions.patient
    options.access.apiKey = "k"
    options.access.corsOrigins = ["https://app.example.com"]
    let server = try TestServer([TestModels.numbers()], options: options)
    let asks: HTTPHeaders = [
      "Origin": "https://app.example.com", "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "authorization,traceparent,content-encoding",
    ]
    let path = "/v1/models/flowers:predict"
    let preflight = try await server.ask(.OPTIONS, path, headers: asks)
    #expect(preflight.status == .noContent)
    let allowed = preflight.header("Access-Control-Allow-Headers") ?? ""
    for name in ["authorization", "content-encoding", "traceparent", "tracestate"] { #expect(allowed.contains(name)) }
    let origin: HTTPHeaders = ["Origin": "https://app.example.com"]
    #expect(try await server.post(path, #"{"instances":[[1,5,2]]}"#, headers: origin).status == .unauthorized)
    let setting = try #require(ServerOptions.settings["cors_origin"])
    for wrong in ["https://", "app.example.com", "https://a.test/path"] {
      #expect(throws: (any Error).self) {
        var options = ServerOptions.patient
        try setting.apply(setting.kind.value(of: wrong), to: &options, calledAs: "--cors-origin")
      }
    }
    var slashed = ServerOptions()
    slashed.access.corsOrigins = ["https://app.example.com/"]
    #expect(ModelServer.warnings(slashed).first?.contains("--cors-origin https://app.example.com allows it") == true)
    let other = try TestServer([TestModels.numbers()], options: slashed)
    #expect(try await other.ask(.OPTIONS, path, headers: asks).status == .forbidden)
  }

  @Test("behind a proxy the browser's own word is enough that a page is ours")
  func sameOrigin() async throws {
    let server = try TestServer([TestModels.numbers()])
    let body = #"{"instances":[[1,5,2]]}"#
    let page: HTTPHeaders = ["Origin": "https://models.example.com", "Sec-Fetch-Site": "same-origin"]
    #expect(try await server.post("/v1/models/flowers:predict", body, headers: page).status == .ok)
    let other: HTTPHeaders = ["Origin": "https://models.example.com", "Sec-Fetch-Site": "same-site"]
    #expect(try await server.post("/v1/models/flowers:predict", body, headers: other).status == .forbidden)
  }

  @Test("the most exact range counts, its weight decides, and q=0 refuses")
  func preferences() {
    func best(_ header: String, _ offers: [String]) -> String? {
      Preferences(["accept": header], "accept").best(of: offers)
    }
    let offers = ["text/plain; version=0.0.4", "application/openmetrics-text; version=1.0.0"]
    #expect(best("*/*", offers) == offers[0])
    #expect(best("application/openmetrics-text;version=0.0.1, text/plain;q=0.5", offers) == offers[0])
    #expect(best("application/openmetrics-text;version=\"1.0.0\";q=0.6,text/plain;q=0.5", offers) == offers[1])
    #expect(best("text/*;q=0.2, */*;q=0.1", offers) == offers[0])
    #expect(best("application/*, text/plain;q=0.9", offers) == offers[1])
    #expect(best("text/plain;q=0, */*;q=0.1", offers) == offers[1])
    #expect(best("application/json", offers) == nil)
    #expect(best("", offers) == offers[0])
    #expect(best("text/plain;q=x", offers) == nil)
    let encodings = Preferences(["accept-encoding": "gzip;q=0, deflate;q=0.5, *;q=0"], "accept-encoding")
    #expect(encodings.best(of: ["gzip", "deflate", "identity"]) == "deflate")
    let none = Preferences(["accept-encoding": "br"], "accept-encoding")
    #expect(none.best(of: ["gzip", "deflate", "identity"]) == "identity")
  }

  @Test("Prometheus's own Accept header gets the names of other servers too")
  func prometheus() async throws {
    var options = ServerOptions.patient
    options.operation.metricsCompatibility = [.triton]
    let server = try TestServer([TestModels.numbers()], options: options)
    let accept =
      "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
    #expect(try await server.get("/metrics", headers: ["Accept": accept]).text.contains("\nnv_inference_count{"))
    let plain = try await TestServer([TestModels.numbers()]).get("/metrics", headers: ["Accept": accept])
    #expect(plain.mediaType?.hasPrefix("application/openmetrics-text") == true)
    let refusing: HTTPHeaders = ["Accept": "text/plain;version=0.0.4,application/openmetrics-text;q=0"]
    let text = try await TestServer([TestModels.numbers()]).get("/metrics", headers: refusing)
    #expect(text.mediaType?.hasPrefix("text/plain") == true)
  }

  @Test("bodies of several members of gzip, of raw deflate, and with a byte order mark are read")
  func encodings() async throws {
    let server = try TestServer([TestModels.numbers()])
    let body = Array(#"{"instances":[[1,5,2]]}"#.utf8)
    func sent(_ bytes: [UInt8], _ encoding: String?) async throws -> HTTPResponseStatus {
      let headers: HTTPHeaders = encoding.map { ["Content-Encoding": $0] } ?? [:]
      return try await server.ask(.POST, "/v1/models/flowers:predict", headers: headers, bytes: bytes).status
    }
    let halves = gzipped(Array(body[..<9])) + gzipped(Array(body[9...]))
    #expect(try await sent(halves, "gzip") == .ok)
    for codings in ["identity, GZIP", "gzip ,", "gzip"] { #expect(try await sent(halves, codings) == .ok) }
    #expect(try await sent(gzipped(halves), "gzip, gzip") == .unsupportedMediaType)
    #expect(try await sent(Array(gzipped(body).dropFirst(10).dropLast(8)), "deflate") == .ok)
    let packed = body.withUnsafeBytes { deflated($0, .zlib) }
    let zlib = try #require(packed)
    #expect(try await sent(zlib, "deflate") == .ok)
    #expect(try await sent(halves + [1, 2, 3], "gzip") == .badRequest)
    #expect(try await sent([0xEF, 0xBB, 0xBF] + body, nil) == .ok)
  }

  @Test("OPTIONS * names the methods")
  func asterisk() async throws {
    let response = try await TestServer([TestModels.numbers()]).ask(.OPTIONS, "*")
    #expect(response.status == .noContent)
    #expect(response.header("Allow")?.contains("POST") == true)
  }

  @Test("the pages link to nothing outside the folder where they are")
  func relativeLinks() async throws {
    let server = try TestServer([TestModels.numbers()])
    for path in ["/", "/docs"] {
      let page = try await server.get(path, headers: ["Accept": "text/html,*/*;q=0.8"]).text
      #expect(page.contains("<html"))
      #expect(!page.contains("=\"/"), "\(path)")
    }
  }

  @Test("what a request says beside its rows is passed over, and must be JSON all the same")
  func skipped() async throws {
    let server = try TestServer([TestModels.numbers()])
    func ask(_ more: String) async throws -> HTTPResponseStatus {
      try await server.post("/v1/models/flowers:predict", #"{"instances":[[1,5,2]],"more":\#(more)}"#).status
    }
    #expect(try await ask(#"{"a":[1,"x\ty",{"b":null}],"é":true}"#) == .ok)
    for wrong in ["[1,", "\"\u{1}\"", "{\"a\":1,\"a\":2}", "01", "tru", "\"\\q\""] {
      #expect(try await ask(wrong) == .badRequest, "\(wrong)")
    }
  }
}
