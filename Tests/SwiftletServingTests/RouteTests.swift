// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import SwiftletFormats
import Testing

@testable import SwiftletServing

@Suite("Paths, methods and who may ask")
struct RouteTests {
  private let table = RouteTable()

  @Test(
    "every path is understood",
    arguments: [
      ("/", "/", nil, nil), ("/v2", "/v2", nil, nil), ("/v2/", "/v2", nil, nil),
      ("/v2/models/iris/versions/3/infer", "/v2/models/{model}/infer", "iris", "3"),
      ("/v2/models/iris", "/v2/models/{model}", "iris", nil),
      ("/v2/models/stats", "/v2/models/stats", nil, nil),
      ("/v2/models/stats/ready", "/v2/models/{model}/ready", "stats", nil),
      ("/v2/models/a%20b/ready?x=1", "/v2/models/{model}/ready", "a b", nil),
      ("/v1/models/iris:predict", "/v1/models/{model}:predict", "iris", nil),
      ("/v1/models/iris/versions/2:predict", "/v1/models/{model}:predict", "iris", "2"),
      ("/v1/models/iris/versions/0:predict", "/v1/models/{model}:predict", "iris", nil),
      ("/v1/models/iris/versions/0", "/v1/models/{model}", "iris", nil),
      ("/v1/models/iris/labels/stable:classify", "/v1/models/{model}:classify", "iris", nil),
      ("/v1/models/iris%3Apredict", "/v1/models/{model}:predict", "iris", nil),
      ("/v1/models/a:b:predict", "/v1/models/{model}:predict", "a:b", nil),
      ("/openai/v1/models/iris", "/v1/models/{model}", "iris", nil),
      ("/v1/models/iris/versions/2/metadata", "/v1/models/{model}/metadata", "iris", "2"),
      ("/v2/repository/models/iris/load", "/v2/repository/models/{model}/load", "iris", nil),
      ("/endpoints/iris/invocations", "/endpoints/{model}/invocations", "iris", nil),
      ("/assets/app.js", "/assets/{asset}", nil, nil),
    ] as [(String, String, String?, String?)])
  func paths(target: String, name: String, model: String?, version: String?) throws {
    let match = try #require(table.match(target))
    #expect(match.routes.map(\.name) == [name])
    #expect(match.path.model == model)
    #expect(match.path.version == version)
  }

  @Test("a pattern stands for every path that its brackets allow")
  func patterns() {
    let paths = PathPattern.all("[/x]/a/{b}[/c|/{d}]:e").map { pattern in
      pattern.parts.map {
        if case .parameter(let name) = $0 { "<\(name)>" } else if case .word(let word) = $0 { word } else { "" }
      }
    }
    #expect(
      paths == [
        ["a", "<b>"], ["a", "<b>", "c"], ["a", "<b>", "<d>"], ["x", "a", "<b>"], ["x", "a", "<b>", "c"],
        ["x", "a", "<b>", "<d>"],
      ])
    #expect(PathPattern.all("[/x]/a/{b}[/c|/{d}]:e").allSatisfy { $0.verb == "e" })
    #expect(PathPattern.name(of: "[/x]/a/{b}[/c|/{d}]:e") == "/a/{b}:e")
    for broken in ["/", "//", "/[", "/a]", "/[]", "/{", "/:", "/%zz", "/a[/b"] {
      #expect(PathPattern.all(broken).count >= 1)
    }
  }

  @Test("of two routes with one path the first answers, and two methods share it")
  func precedence() async throws {
    let family = RouteFamily.other
    let routes: [Route] = [
      .get("/a/{x}", family) { _ in .text("first") }, .get("/a/{x}", family) { _ in .text("second") },
      .post("/a/{x}", family, schema: .hidden) { .now(.text($0.path["x"] ?? "")) },
      .get("/a/b", family) { _ in .text("word") },
    ]
    #expect(RouteTable(routes).routes.count == 3)
    let server = try TestServer([TestModels.numbers()], routes: routes)
    #expect(try await server.get("/a/c").text == "first")
    #expect(try await server.post("/a/c%2Fd", "").text == "c/d")
    #expect(try await server.get("/a/b").text == "word")
    #expect(try await server.ask(.PUT, "/a/c").header("Allow") == "GET, HEAD, POST")
  }

  @Test(
    "no path is made of what is none",
    arguments: [
      "", "x", "*", "//", "/v3", "/v2/models/iris/infer/x", "/v2//health/live", "/v1/models/iris:predict/x",
      "/v2/models/a%2",
      "/v2/models/%zz", "/v2/models/a%00b", "/v2/models/%ff", "/assets/../index.html", "/v1/models/iris:destroy",
      "http://evil.test/v2", "/v2:", "/v1/models/iris:", "/openai", "/openai/v1", "/v2/models/iris/versions",
    ])
  func noPaths(target: String) { #expect(table.match(target) == nil) }

  @Test(
    "names that try to leave their folder are unknown models",
    arguments: ["..%2f..%2fetc%2fpasswd", "%252e%252e%252f", "..%5c..%5cwindows", "..", ".", "%2e%2e", "flowers%2f1"])
  func traversal(name: String) async throws {
    let server = try TestServer([TestModels.numbers()])
    for target in ["/v2/models/\(name)", "/v1/models/\(name)", "/v2/models/\(name)/ready", "/assets/\(name)"] {
      let response = try await server.get(target)
      #expect(response.status == .notFound, "\(target)")
      #expect(!response.text.contains(server.folder))
    }
  }

  @Test("the wrong method is 405 with the right ones, on every path")
  func methods() async throws {
    let server = try TestServer([TestModels.numbers()])
    #expect(table.routes.count > 30)
    for route in table.routes {
      let target = route.name.replacing("{model}", with: "flowers")
      let other: HTTPMethod = route.methods == [.POST] ? .GET : .POST
      for method in [.DELETE, .TRACE, .OPTIONS, .PUT, .PATCH, other] as [HTTPMethod] {
        let response = try await server.ask(method, target)
        #expect(response.status == .methodNotAllowed, "\(method) \(target)")
        #expect(response.header("Allow") == route.methods.map(\.rawValue).joined(separator: ", "))
        #expect(response.error != nil)
      }
    }
  }

  @Test("a strange Host is turned away on every path, a strange Origin wherever something can be done")
  func hosts() async throws {
    let server = try TestServer([TestModels.numbers()])
    for route in table.routes {
      let response = try await server.ask(route.method, route.name, headers: ["Host": "evil.test"])
      #expect(response.status == .forbidden, "\(route.name)")
    }
    for host in ["localhost", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST:1", "app.localhost", "127.9.9.9"] {
      #expect(try await server.get("/v2", headers: ["Host": host]).status == .ok, "\(host)")
    }
    for host in ["localhost.evil.test", "127.0.0.1.evil.test", "evil.test:80", "", "127.0.0.256"] {
      #expect(try await server.get("/v2", headers: ["Host": host]).status == .forbidden, "\(host)")
    }
    let body = #"{"instances":[[1,5,2]]}"#
    let path = "/v1/models/flowers:predict"
    #expect(try await server.post(path, body, headers: ["Origin": "http://evil.test"]).status == .forbidden)
    #expect(try await server.post(path, body, headers: ["Origin": "null"]).status == .forbidden)
    #expect(try await server.post(path, body, headers: ["Sec-Fetch-Site": "cross-site"]).status == .forbidden)
    #expect(try await server.post(path, body, headers: ["Origin": "http://localhost:8080"]).status == .ok)
    #expect(try await server.post(path, body).status == .ok)
  }

  @Test("beyond loopback any name is good, unless some are given; the person who starts the server is warned")
  func beyondLoopback() async throws {
    var options = ServerOptions.patient
    options.address.host = "0.0.0.0"
    #expect(ModelServer.warnings(options).first?.contains("0.0.0.0 can be reached from other machines") == true)
    let open = try TestServer([TestModels.numbers()], options: options)
    for host in ["models.example", "evil.test:80", "localhost"] {
      #expect(try await open.get("/v2", headers: ["Host": host]).status == .ok)
    }
    options.access.allowedHosts = ["models.example"]
    let named = try TestServer([TestModels.numbers()], options: options)
    #expect(try await named.get("/v2", headers: ["Host": "Models.Example:8080"]).status == .ok)
    #expect(try await named.get("/v2", headers: ["Host": "evil.test"]).status == .forbidden)
    options.access.allowedHosts = ["*"]
    let any = try TestServer([TestModels.numbers()], options: options)
    #expect(try await any.get("/v2", headers: ["Host": "evil.test"]).status == .ok)
    options.access.apiKey = "secret"
    #expect(ModelServer.warnings(options).isEmpty)
    #expect(ModelServer.warnings(ServerOptions()).isEmpty)
  }

  @Test("an origin that is allowed may ask and read, and no other is told so")
  func cors() async throws {
    var options = ServerOptions.patient
    options.access.corsOrigins = ["https://app.example"]
    let server = try TestServer([TestModels.numbers()], options: options)
    let preflight = try await server.ask(
      .OPTIONS, "/v1/models/flowers:predict",
      headers: ["Origin": "https://app.example", "Access-Control-Request-Method": "POST"])
    #expect(preflight.status == .noContent)
    #expect(preflight.header("Access-Control-Allow-Origin") == "https://app.example")
    let other = try await server.get("/v2", headers: ["Origin": "https://other.example"])
    #expect(other.header("Access-Control-Allow-Origin") == nil)
    #expect(other.header("Access-Control-Allow-Credentials") == nil)
  }

  @Test("with a key, only probes and pages are open")
  func keys() async throws {
    var options = ServerOptions.patient
    options.access.apiKey = "secret"
    let server = try TestServer([TestModels.numbers()], options: options)
    #expect(
      table.routes.filter(\.isOpen).map(\.name) == [
        "/v2/health/live", "/v2/health/ready", "/ping", "/health", "/healthz", "/livez", "/readyz", "/", "/docs",
        "/assets/{asset}",
      ])
    for route in table.routes where !route.isOpen {
      let response = try await server.ask(route.method, route.name.replacing("{model}", with: "flowers"))
      #expect(response.status == .unauthorized, "\(route.name)")
    }
    #expect(try await server.get("/v2/health/ready").status == .ok)
    for headers in [[:], ["Authorization": "Bearer wrong"], ["X-Api-Key": "secre"], ["X-Api-Key": "secretx"]]
      as [HTTPHeaders]
    {
      #expect(try await server.get("/v2/models/flowers", headers: headers).status == .unauthorized)
    }
    for headers in [["Authorization": "Bearer secret"], ["X-Api-Key": "secret"]] as [HTTPHeaders] {
      #expect(try await server.get("/v2/models/flowers", headers: headers).status == .ok)
    }
  }

  @Test("the root is a page for a browser, and a sign of life for everyone else")
  func root() async throws {
    let server = try TestServer([TestModels.numbers()])
    let page = try await server.get("/", headers: ["Accept": "text/html,application/xhtml+xml"])
    #expect(page.mediaType == "text/html; charset=utf-8")
    #expect(page.header("Content-Security-Policy")?.contains("default-src 'self'") == true)
    #expect(try await server.get("/").json == ["status": "alive"])
  }

  @Test("request ids are echoed where they can be, and traces are read")
  func traces() async throws {
    let server = try TestServer([TestModels.numbers()])
    #expect(try await server.get("/v2", headers: ["X-Request-Id": "abc-1"]).header("X-Request-Id") == "abc-1")
    let asked = #"{"inputs":[{"name":"features","shape":[1,3],"datatype":"FP32","data":[1,5,2]}]}"#
    let answer = try await server.post("/v2/models/flowers/infer", asked, headers: ["X-Request-Id": "abc-2"])
    #expect(answer.json["id"] == "abc-2")
    for wrong in ["", "a b", "é", String(repeating: "x", count: 129)] {
      let id = try #require(try await server.get("/v2", headers: ["X-Request-Id": wrong]).header("X-Request-Id"))
      #expect(id.count == 16)
    }
    let (trace, parent) = (String(repeating: "a", count: 32), String(repeating: "b", count: 16))
    #expect(RequestTrace.parsed("00-\(trace)-\(parent)-01")?.traceId == trace)
    #expect(RequestTrace.parsed("42-\(trace)-\(parent)-01-more")?.parentId == parent)
    let zeros = String(repeating: "0", count: 32)
    for wrong in [
      "ff-\(trace)-\(parent)-01", "00-\(zeros)-\(parent)-01", "00-\(trace)-\(parent)-01-more", "00-\(trace)-\(parent)",
      "", "00-\(trace.uppercased())-\(parent)-01",
    ] {
      #expect(RequestTrace.parsed(wrong) == nil, "\(wrong)")
    }
  }
}
