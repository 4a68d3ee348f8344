// SPDX-License-Identifier: Apache-2.0
//
// The same counts under the names of other servers, for dashboards that were made for them.
//
// Off unless asked for: these names break Prometheus's own rules.
//
// Before    ProcessMetrics.swift     After    OpenAPI/OpenAPIDocument.swift
// Source    triton-inference-server/server, docs/user_guide/metrics.md; MLServer 1.7; KServe 0.21

struct CompatibleMetrics {
  let responder: Responder
  init(_ responder: Responder) { self.responder = responder }

  func write(_ set: MetricsCompatibility, to text: inout MetricsText) {
    let models = responder.repository.current.models.sorted { $0.key < $1.key }.flatMap(\.value.all).map {
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
      for model in models { text.sample(model.labels + [("reason", "OTHER")], Double(model.counts.failure.count)) }
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
      if let resident = ProcessMetrics.residentBytes {
        text.foreignFamily("nv_cpu_memory_used_bytes", .gauge, "Memory in use.")
        text.sample([], Double(resident))
      }
    case .mlserver:
      family("model_infer_request_success_total", .counter, "Answered requests.") { counts, _ in counts.success.count }
      family("model_infer_request_failure_total", .counter, "Failed requests.") { counts, _ in counts.failure.count }
      text.foreignFamily("rest_server_requests_total", .counter, "Requests by status code.")
      let requests = responder.metrics.read().requests
      for key in requests.keys.sorted(by: {
        ($0.protocolName.rawValue, $0.model, $0.version, $0.code) < (
          $1.protocolName.rawValue, $1.model, $1.version, $1.code
        )
      }) {
        text.sample(
          [
            ("app_name", "swiftlet"), ("path", key.protocolName.rawValue), ("model", key.model),
            ("version", key.version), ("status_code", String(key.code)),
          ],
          Double(requests[key] ?? 0))
      }
      text.foreignFamily("rest_server_requests_in_progress", .gauge, "Requests whose answer is not written yet.")
      text.sample([], Double(responder.state.inFlight))
    case .kserve:
      text.family("request_predict_seconds", .histogram, "Time to compute.")
      for model in models { text.histogram([("model_name", model.name)], model.counts.inferences) }
    }
  }
}
