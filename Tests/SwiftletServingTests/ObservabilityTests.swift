// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import SwiftletFormats
import Testing

@testable import SwiftletServing

@Suite("Metrics, statistics, logs and the description of the interface")
struct ObservabilityTests {
  @Test("requests are counted by model and code, and invented names make no labels")
  func metrics() async throws {
    let server = try TestServer([TestModels.numbers()])
    let body = #"{"instances":[[1,5,2],[2,7,9]]}"#
    for _ in 0..<3 { _ = try await server.post("/v1/models/flowers:predict", body) }
    for i in 0..<20 { _ = try await server.get("/v2/models/invented\(i)") }
    let text = try await server.get("/metrics").text
    #expect(text.contains(#"swiftlet_requests_total{protocol="v1",model="flowers",version="1",code="200"} 3"#))
    #expect(text.contains(#"swiftlet_requests_total{protocol="v2",model="",version="",code="404"} 20"#))
    #expect(text.contains(#"swiftlet_inference_rows_total{model="flowers",version="1"} 6"#))
    #expect(text.contains(#"swiftlet_batch_rows_bucket{model="flowers",version="1",le="+Inf"} 3"#))
    #expect(!text.contains("invented"))
    #expect(!text.contains("nv_inference"))
  }

  @Test("OpenMetrics on request, which ends as it must")
  func openMetrics() async throws {
    let server = try TestServer([TestModels.numbers()])
    let response = try await server.get("/metrics", headers: ["Accept": "application/openmetrics-text;version=1.0.0"])
    #expect(response.mediaType == "application/openmetrics-text; version=1.0.0; charset=utf-8")
    #expect(response.text.hasSuffix("# EOF\n"))
    #expect(response.text.contains("# TYPE swiftlet_requests counter\n"))
  }

  @Test("other servers' names are there when they are asked for")
  func compatibility() async throws {
    var options = ServerOptions()
    options.operation.metricsCompatibility = [.triton, .mlserver, .kserve]
    let server = try TestServer([TestModels.numbers()], options: options)
    _ = try await server.post("/v1/models/flowers:predict", #"{"instances":[[1,5,2]]}"#)
    let made = Date().timeIntervalSince1970
    _ = try await server.post("/v1/models/flowers:predict", #"{"instances":7}"#)
    _ = try await server.get("/v1/models/unknown")
    let text = try await server.get("/metrics").text
    for line in [
      #"nv_inference_request_failure{model="flowers",version="1",reason="OTHER"} 1"#,
      #"nv_inference_request_failure{model="flowers",version="1",reason="REJECTED"} 0"#,
      #"model_infer_request_duration_count{model="flowers",version="1"} 1"#,
      #"rest_server_requests_total{app_name="swiftlet",method="POST",path="/v1/models/{model}:predict",status_code="200"} 1"#,
      #"rest_server_requests_total{app_name="swiftlet",method="GET",path="/v1/models/{model}",status_code="404"} 1"#,
      #"rest_server_request_duration_seconds_count{app_name="swiftlet"} 3"#,
      #"batch_request_queue{model="flowers",version="1"} 0"#,
      #"request_preprocess_seconds_count{model_name="flowers"} 1"#,
      #"request_postprocess_seconds_count{model_name="flowers"} 1"#,
      #"request_explain_seconds_count{model_name="flowers"} 0"#,
    ] { #expect(text.contains(line + "\n"), "\(line)") }
    #expect(ProcessMetrics.start <= made)  // not when somebody first asked
    #expect(text.contains("\nnv_cpu_utilization ") && text.contains("nv_cpu_memory_total_bytes "))
    #expect(text.contains(#"nv_inference_request_success{model="flowers",version="1"} 1"#))
    #expect(text.contains("# TYPE nv_inference_request_success counter\n"))
    #expect(text.contains(#"model_infer_request_success_total{model="flowers",version="1"} 1"#))
    #expect(text.contains(#"request_predict_seconds_count{model_name="flowers"} 1"#))
  }

  @Test("each number under another server's name is the one that it says")
  func foreignNumbers() async throws {
    var options = ServerOptions()
    options.operation.metricsCompatibility = [.triton, .mlserver, .kserve]
    let server = try TestServer([TestModels.numbers()], options: options)
    for _ in 0..<3 { _ = try await server.post("/v1/models/flowers:predict", #"{"instances":[[1,5,2],[2,7,9]]}"#) }
    for _ in 0..<2 { _ = try await server.post("/v1/models/flowers:predict", "{}") }
    let text = try await server.get("/metrics").text
    let counts = try server.responder.repository.model("flowers").statistics.read()
    func value(_ name: String, _ labels: String = #"model="flowers",version="1""#) -> Double? {
      let start = "\(name){\(labels)} "
      return text.split(separator: "\n").first { $0.hasPrefix(start) }.flatMap { Double($0.dropFirst(start.count)) }
    }
    let expected: [(String, Int)] = [
      ("nv_inference_request_success", 3), ("nv_inference_count", 6), ("nv_inference_exec_count", 3),
      ("nv_inference_request_duration_us", counts.success.nanoseconds / 1000),
      ("nv_inference_queue_duration_us", counts.queue.nanoseconds / 1000),
      ("nv_inference_compute_input_duration_us", counts.input.nanoseconds / 1000),
      ("nv_inference_compute_infer_duration_us", counts.inference.nanoseconds / 1000),
      ("nv_inference_compute_output_duration_us", counts.output.nanoseconds / 1000),
      ("nv_inference_pending_request_count", 0), ("model_infer_request_success_total", 3),
      ("model_infer_request_failure_total", 2), ("model_infer_request_duration_count", 3),
    ]
    for (name, number) in expected { #expect(value(name) == Double(number), "\(name)") }
    #expect(Set(expected.prefix(8).map(\.1)).count > 4)  // times that differ, so that none stands in another's place
    #expect(value("nv_inference_request_failure", #"model="flowers",version="1",reason="OTHER""#) == 2)
    #expect(value("model_infer_request_duration_sum") == Double(counts.success.nanoseconds) / 1e9)
    #expect(value("request_preprocess_seconds_sum", #"model_name="flowers""#) == counts.inputs.sum)
    #expect(value("request_predict_seconds_sum", #"model_name="flowers""#) == counts.inferences.sum)
    #expect(value("request_postprocess_seconds_sum", #"model_name="flowers""#) == counts.outputs.sum)
  }

  @Test("statistics count rows and batches")
  func statistics() async throws {
    let server = try TestServer([TestModels.numbers()])
    _ = try await server.post("/v1/models/flowers:predict", #"{"instances":[[1,5,2],[2,7,9]]}"#)
    _ = try await server.post("/v1/models/flowers:predict", #"{"instances":7}"#)
    let statistics = try #require(try await server.get("/v2/models/flowers/stats").json["model_stats"]?.array?.first)
    #expect(statistics["inference_count"] == 2)
    #expect(statistics["execution_count"] == 1)
    #expect(statistics["inference_stats"]?["success"]?["count"] == 1)
    #expect(statistics["inference_stats"]?["fail"]?["count"] == 1)
    #expect(statistics["batch_stats"]?.array?.first?["batch_size"] == 2)
    #expect(try await server.get("/v2/models/stats").json["model_stats"]?.array?.count == 1)
  }

  @Test("a log line is one line, whatever is in it")
  func logLines() throws {
    let metadata: Logger.Metadata = ["model": "a\nb \"c\"", "status": .stringConvertible(200)]
    let time = Date(timeIntervalSince1970: 0)
    let text = LineLogHandler.line(.text, .info, "request", metadata, time: time)
    #expect(text == #"1970-01-01T00:00:00.000Z info: request model="a\nb \"c\"" status=200"#)
    let json = LineLogHandler.line(.json, .info, "request", metadata, time: time)
    #expect(!json.contains("\n"))
    let value = try JSONValue.parse(json, name: "line")
    #expect(value["model"] == "a\nb \"c\"")
    #expect(value["status"] == 200)
    #expect(value["msg"] == "request")
  }

  @Test("lines that could not be written are counted, and the first that can be says how many")
  func lostLines() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/log"
    let full = open("/dev/full", O_WRONLY)
    let file = open(path, O_WRONLY | O_CREAT, 0o600)
    try #require(full >= 0 && file >= 0)
    defer {
      close(full)
      close(file)
    }
    let writer = LineWriter(full)
    let log = LogOutput(writer)
    let time = Date(timeIntervalSince1970: 0)
    for line in ["one", "two"] { log.write(line, .text, time: time) }
    #expect(writer.lostCount == 2)
    try #require(dup2(file, full) == full)  // the disk has room again
    for line in ["three", "four"] { log.write(line, .text, time: time) }
    #expect(writer.lostCount == 2)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text == "1970-01-01T00:00:00.000Z warning: log lines were lost lines=2\nthree\nfour\n")
  }

  @Test("every example of the OpenAPI document really predicts, and every path of it is one")
  func openAPI() async throws {
    let server = try TestServer.ofAllKinds()
    let document = try await server.get("/openapi.json").json
    #expect(document["openapi"] == "3.1.0")
    let paths = try #require(document["paths"]?.members)
    #expect(paths.count > 40)
    for path in paths {
      let method = try #require(path.value.members?.first)
      if method.name == "get" {
        #expect(try await server.get(path.name).status == .ok, "\(path.name)")
      } else {
        let content = method.value["requestBody"]?["content"]?["application/json"]
        let example = try #require(content?["example"], "\(path.name)")
        let response = try await server.post(
          path.name, example.encoded(), headers: ["Content-Type": "application/json"])
        #expect(response.status == .ok, "\(path.name): \(response.text)")
      }
    }
  }

  @Test("the greeting's command asks what the server answers")
  func greeting() async throws {
    let server = try TestServer.ofAllKinds()
    let text = Greeting(server.responder, port: 8080).text
    for name in server.responder.repository.current.names {
      let line = try #require(text.split(separator: "\n").first { $0.contains("/v1/models/\(name):predict -d '") })
      let body = try #require(line.split(separator: "'").last)
      #expect(try await server.post("/v1/models/\(name):predict", String(body)).status == .ok, "\(line)")
    }
  }
}
