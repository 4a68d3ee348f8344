// SPDX-License-Identifier: Apache-2.0
//
// The same counts under the names of other servers, for dashboards that were made for them.
//
// Off unless asked for: these names break Prometheus's own rules.
//
// Before    ProcessMetrics.swift     After    OpenAPI/OpenAPIDocument.swift
// Source    triton-inference-server/server, docs/user_guide/metrics.md; MLServer 1.7; KServe 0.21

import Foundation

struct CompatibleMetrics {
  let responder: Responder
  init(_ responder: Responder) { self.responder = responder }

  func write(_ set: MetricsCompatibility, to text: inout MetricsText) {
    let models = responder.repository.current.all.map {
      (
        name: $0.name, labels: [("model", $0.name), ("version", $0.version)], counts: $0.statistics.read(),
        depth: $0.batcher.queueDepth
      )
    }
    func family(_ name: String, _ kind: MetricsText.Kind, _ help: String, _ value: (ModelStatistics.Counts, Int) -> Int)
    {
      text.foreignFamily(name, kind, help)
      for model in models { text.sample(model.labels, Double(value(model.counts, model.depth))) }
    }
    switch set {
    case .triton:
      family("nv_inference_request_success", .counter, "Answered requests.") { counts, _ in counts.success.count }
      text.foreignFamily("nv_inference_request_failure", .counter, "Failed requests.")
      for model in models {
        for reason in FailureReason.allCases {
          text.sample(model.labels + [("reason", reason.rawValue)], Double(model.counts.failures[reason] ?? 0))
        }
      }
      family("nv_inference_count", .counter, "Rows answered.") { counts, _ in counts.rows }
      family("nv_inference_exec_count", .counter, "Batches computed.") { counts, _ in counts.executions }
      family("nv_inference_request_duration_us", .counter, "Time in requests.") { counts, _ in
        counts.success.nanoseconds / 1000
      }
      family("nv_inference_queue_duration_us", .counter, "Time in the queue.") { counts, _ in
        counts.queue.nanoseconds / 1000
      }
      family("nv_inference_compute_input_duration_us", .counter, "Time to read.") { counts, _ in
        counts.input.nanoseconds / 1000
      }
      family("nv_inference_compute_infer_duration_us", .counter, "Time to compute.") { counts, _ in
        counts.inference.nanoseconds / 1000
      }
      family("nv_inference_compute_output_duration_us", .counter, "Time to write.") { counts, _ in
        counts.output.nanoseconds / 1000
      }
      family("nv_inference_pending_request_count", .gauge, "Requests that wait.") { _, depth in depth }
      text.foreignFamily("nv_cpu_utilization", .gauge, "The part of all processors that this process has used so far.")
      text.sample([], ProcessMetrics.utilization)
      text.foreignFamily("nv_cpu_memory_total_bytes", .gauge, "Memory of the machine.")
      text.sample([], Double(ProcessInfo.processInfo.physicalMemory))
      if let resident = ProcessMetrics.residentBytes {
        text.foreignFamily("nv_cpu_memory_used_bytes", .gauge, "Memory in use.")
        text.sample([], Double(resident))
      }
    case .mlserver:
      family("model_infer_request_success_total", .counter, "Answered requests.") { counts, _ in counts.success.count }
      family("model_infer_request_failure_total", .counter, "Failed requests.") { counts, _ in counts.failure.count }
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
        text.sample(
          [
            ("app_name", "swiftlet"), ("method", key.method), ("path", key.name),
            ("status_code", String(key.code)),
          ], Double(count))
      }
      text.family("rest_server_request_duration_seconds", .histogram, "Time from the head of a request to its answer.")
      text.histogram([("app_name", "swiftlet")], server.durations)
      family("batch_request_queue", .gauge, "Requests that wait for a batch.") { _, depth in depth }
      text.foreignFamily("rest_server_requests_in_progress", .gauge, "Requests whose answer is not written yet.")
      text.sample([], Double(responder.state.inFlight))
      // There are no worker processes here, so nothing ever waits for one.
      text.foreignFamily("parallel_request_queue", .gauge, "Requests that wait for a worker process.")
      text.sample([], 0)
    case .kserve:
      let steps: [(String, String, (ModelStatistics.Counts) -> Histogram)] = [
        ("preprocess", "Time to read and to prepare.", \.inputs), ("predict", "Time to compute.", \.inferences),
        ("postprocess", "Time to write.", \.outputs),
        ("explain", "Time to explain, which no model here does.", { _ in Histogram.seconds }),
      ]
      for (step, help, histogram) in steps {
        text.family("request_\(step)_seconds", .histogram, help)
        for model in models { text.histogram([("model_name", model.name)], histogram(model.counts)) }
      }
    }
  }
}
