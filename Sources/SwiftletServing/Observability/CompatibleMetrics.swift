// SPDX-License-Identifier: Apache-2.0
//
// The same counts under the names of other servers, for dashboards that were made for them.
//
// Off unless asked for: these names break Prometheus's own rules.
//
// Before    ProcessMetrics.swift     After    Repository/ModelLocation.swift
// Source    triton-inference-server/server, docs/user_guide/metrics.md; MLServer 1.7; KServe 0.21

import Foundation

/// Writes metrics in the words of another server.
struct CompatibleMetrics {
  private typealias Labels = [(String, String)]

  private struct Model {
    let name: String
    let labels: Labels
    let counts: ModelStatistics.Counts
    let queueDepth: Int
  }

  private let responder: Responder
  private let models: [Model]

  init(_ responder: Responder) {
    self.responder = responder
    models = responder.repository.current.all.map { model in
      Model(
        name: model.name, labels: [("model", model.name), ("version", model.version)],
        counts: model.statistics.read(), queueDepth: model.batcher.queueDepth)
    }
  }

  func write(_ set: MetricsCompatibility, to text: inout MetricsText) {
    switch set {
    case .triton: writeTriton(to: &text)
    case .mlserver: writeMLServer(to: &text)
    case .kserve: writeKServe(to: &text)
    }
  }

  /// A number for each model.
  private func family(
    _ name: String, _ kind: MetricsText.Kind, help: String, to text: inout MetricsText, _ value: (Model) -> Int
  ) {
    text.foreignFamily(name, kind, help)
    for model in models { text.sample(model.labels, Double(value(model))) }
  }

  // MARK: Triton

  private func writeTriton(to text: inout MetricsText) {
    family("nv_inference_request_success", .counter, help: "Answered requests.", to: &text) { $0.counts.success.count }
    text.foreignFamily("nv_inference_request_failure", .counter, "Failed requests.")
    for model in models {
      for reason in FailureReason.allCases {
        text.sample(model.labels + [("reason", reason.rawValue)], Double(model.counts.failures[reason] ?? 0))
      }
    }
    family("nv_inference_count", .counter, help: "Rows answered.", to: &text) { $0.counts.rows }
    family("nv_inference_exec_count", .counter, help: "Batches computed.", to: &text) { $0.counts.executions }
    let durations: [(name: String, help: String, times: (ModelStatistics.Counts) -> ModelStatistics.Times)] = [
      ("request", "Time in requests.", \.success), ("queue", "Time in the queue.", \.queue),
      ("compute_input", "Time to read.", \.input), ("compute_infer", "Time to compute.", \.inference),
      ("compute_output", "Time to write.", \.output),
    ]
    for (name, help, times) in durations {
      family("nv_inference_\(name)_duration_us", .counter, help: help, to: &text) {
        times($0.counts).nanoseconds / 1000
      }
    }
    family("nv_inference_pending_request_count", .gauge, help: "Requests that wait.", to: &text) { $0.queueDepth }
    text.foreignFamily("nv_cpu_utilization", .gauge, "The part of all processors that this process has used so far.")
    text.sample([], ProcessMetrics.utilization)
    text.foreignFamily("nv_cpu_memory_total_bytes", .gauge, "Memory of the machine.")
    text.sample([], Double(ProcessInfo.processInfo.physicalMemory))
    if let resident = ProcessMetrics.residentBytes {
      text.foreignFamily("nv_cpu_memory_used_bytes", .gauge, "Memory in use.")
      text.sample([], Double(resident))
    }
  }

  // MARK: MLServer

  private func writeMLServer(to text: inout MetricsText) {
    family("model_infer_request_success_total", .counter, help: "Answered requests.", to: &text) {
      $0.counts.success.count
    }
    family("model_infer_request_failure_total", .counter, help: "Failed requests.", to: &text) {
      $0.counts.failure.count
    }
    text.family("model_infer_request_duration", .summary, "Time in requests, in seconds.")
    for model in models {
      text.summary(model.labels, seconds: model.counts.success.nanoseconds, count: model.counts.success.count)
    }
    let server = responder.metrics.read()
    text.foreignFamily("rest_server_requests_total", .counter, "Requests by path, method and status code.")
    let routes = server.routes.sorted {
      ($0.key.name, $0.key.method, $0.key.code) < ($1.key.name, $1.key.method, $1.key.code)
    }
    for (key, count) in routes {
      let labels: Labels = [
        ("app_name", "swiftlet"), ("method", key.method), ("path", key.name), ("status_code", String(key.code)),
      ]
      text.sample(labels, Double(count))
    }
    text.family("rest_server_request_duration_seconds", .histogram, "Time from the head of a request to its answer.")
    text.histogram([("app_name", "swiftlet")], server.durations)
    family("batch_request_queue", .gauge, help: "Requests that wait for a batch.", to: &text) { $0.queueDepth }
    text.foreignFamily("rest_server_requests_in_progress", .gauge, "Requests whose answer is not written yet.")
    text.sample([], Double(responder.state.inFlight))
    // There are no worker processes here, so no request ever waits for one.
    text.foreignFamily("parallel_request_queue", .gauge, "Requests that wait for a worker process.")
    text.sample([], 0)
  }

  // MARK: KServe

  private func writeKServe(to text: inout MetricsText) {
    let steps: [(name: String, help: String, histogram: (ModelStatistics.Counts) -> Histogram)] = [
      ("preprocess", "Time to read and to prepare.", \.inputs), ("predict", "Time to compute.", \.inferences),
      ("postprocess", "Time to write.", \.outputs),
      ("explain", "Time to explain, which no model here does.", { _ in Histogram.seconds }),
    ]
    for (name, help, histogram) in steps {
      text.family("request_\(name)_seconds", .histogram, help)
      for model in models { text.histogram([("model_name", model.name)], histogram(model.counts)) }
    }
  }
}
