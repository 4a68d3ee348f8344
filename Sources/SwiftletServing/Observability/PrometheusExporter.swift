// SPDX-License-Identifier: Apache-2.0
//
// The metrics in the text that Prometheus reads, or in OpenMetrics.
//
// Before    LogHandlers.swift     After    MetricsText.swift
// Source    prometheus.io/docs/instrumenting/exposition_formats; OpenMetrics 1.0, section 4

import Foundation
import NIOCore
import SwiftletFormats

/// Writes metrics.
struct PrometheusExporter {
  let responder: Responder

  init(_ responder: Responder) { self.responder = responder }

  private static let plain = "text/plain; version=0.0.4; charset=utf-8"
  private static let openMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8"

  /// The names of other servers are not OpenMetrics, so with them a client that takes both forms gets the older one.
  func response(accepting accepted: Preferences) -> ServerResponse {
    let compatible = MetricsCompatibility.allCases.filter(responder.options.operation.metricsCompatibility.contains)
    let takesPlain = !compatible.isEmpty && accepted.best(of: [PrometheusExporter.plain]) != nil
    let offers = takesPlain ? [PrometheusExporter.plain] : [PrometheusExporter.plain, PrometheusExporter.openMetrics]
    let mediaType = accepted.best(of: offers) ?? PrometheusExporter.plain
    let isOpenMetrics = mediaType == PrometheusExporter.openMetrics
    var text = MetricsText(isOpenMetrics: isOpenMetrics)
    write(to: &text)
    if !isOpenMetrics { for set in compatible { CompatibleMetrics(responder).write(set, to: &text) } }
    return ServerResponse(mediaType: mediaType, body: ByteBuffer(string: text.finished()))
  }

  private var models: [ServedModel] {
    responder.repository.current.all
  }

  private func write(to text: inout MetricsText) {
    let server = responder.metrics.read()
    let models = models.map {
      (model: $0, counts: $0.statistics.read(), labels: [("model", $0.name), ("version", $0.version)])
    }

    text.family("swiftlet_requests", .counter, "Requests by protocol, model, version and status code.")
    let keys = server.requests.keys.sorted {
      ($0.family, $0.model, $0.version, $0.code) < (
        $1.family, $1.model, $1.version, $1.code
      )
    }
    for key in keys {
      text.sample(
        [
          ("protocol", key.family), ("model", key.model), ("version", key.version),
          ("code", String(key.code)),
        ], Double(server.requests[key] ?? 0))
    }
    text.family("swiftlet_request_duration_seconds", .histogram, "Time from the head of a request to its answer.")
    text.histogram([], server.durations)
    text.family("swiftlet_requests_rejected", .counter, "Requests that were turned away, by reason.")
    for reason in Rejection.allCases {
      text.sample([("reason", reason.rawValue)], Double(server.rejected[reason] ?? 0))
    }
    text.family("swiftlet_requests_in_flight", .gauge, "Requests whose answer is not written yet.")
    text.sample([], Double(responder.state.inFlight))
    text.family("swiftlet_log_lines_lost", .counter, "Log lines that could not be written.")
    text.sample([], Double(LineWriter.standardError.lostCount))

    text.family("swiftlet_queue_depth", .gauge, "Requests that wait for a batch.")
    for entry in models { text.sample(entry.labels, Double(entry.model.batcher.queueDepth)) }
    text.family("swiftlet_queue_wait_seconds", .histogram, "Time that requests waited for their batch.")
    for entry in models { text.histogram(entry.labels, entry.counts.queueWaits) }
    text.family("swiftlet_inference_duration_seconds", .histogram, "Time to compute a batch.")
    for entry in models { text.histogram(entry.labels, entry.counts.inferences) }
    text.family("swiftlet_batch_rows", .histogram, "Rows in a batch.")
    for entry in models { text.histogram(entry.labels, entry.counts.batchRows) }
    text.family("swiftlet_inference_rows", .counter, "Rows answered.")
    for entry in models { text.sample(entry.labels, Double(entry.counts.rows)) }
    text.family("swiftlet_executions", .counter, "Batches computed.")
    for entry in models { text.sample(entry.labels, Double(entry.counts.executions)) }
    text.family("swiftlet_unseen_categories", .counter, "Cells with a category that was not in the training rows.")
    for entry in models { text.sample(entry.labels, Double(entry.counts.unseenCategories)) }
    let recommending = models.filter { $0.model.recommender != nil }
    if !recommending.isEmpty {
      text.family("swiftlet_unknown_users", .counter, "Users that training did not know, who got the most rated items.")
      for entry in recommending { text.sample(entry.labels, Double(entry.counts.unknown.users)) }
      text.family("swiftlet_unknown_items", .counter, "Items that training did not know.")
      for entry in recommending { text.sample(entry.labels, Double(entry.counts.unknown.items)) }
    }
    text.family("swiftlet_model_info", .gauge, "The models that are loaded; always 1.")
    for entry in models { text.sample(entry.labels + [("task", entry.model.signature.task)], 1) }
    ProcessMetrics.write(to: &text)
  }
}
