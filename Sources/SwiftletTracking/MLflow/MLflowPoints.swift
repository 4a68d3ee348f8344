// SPDX-License-Identifier: Apache-2.0
//
// MLflowPoints: what a server of MLflow has of a run's curves already.
//
// The server takes a point as often as it is sent, and draws all of them. So of a run that was there before, which a
// search that goes on and `runs export` complete, only the points are sent that it lacks.
//
// Before    MLflowServer.swift     After    MLflowModel.swift
// Source    MLflow, "REST API": metrics/get-history

import SwiftletFormats

/// A point of one curve, whenever it was measured.
struct MLflowPoint: Hashable {
  let step: Int
  let value: Double
}

extension MLflowServer {
  /// The most points in one answer.
  private static let pageSize = 5000

  /// The points that the server does not have.
  func lacking(_ points: [RunPoint], in run: inout Run) throws -> [RunPoint] {
    guard run.wasFound else { return points }
    var missing: [RunPoint] = []
    for point in points {
      let name = MLflowText.name(point.name)
      if run.known[name] == nil { run.known[name] = try known(name, of: run) }
      let own = MLflowPoint(step: point.step, value: point.value ?? .nan)
      if run.known[name]?.contains(own) != true { missing.append(point) }
    }
    return missing
  }

  /// The points of a curve on the server, asked page by page.
  private func known(_ name: String, of run: Run) throws -> Set<MLflowPoint> {
    let question =
      "metrics/get-history?run_id=\(MLflowText.escaped(run.id))&metric_key=\(MLflowText.escaped(name))"
      + "&max_results=\(Self.pageSize)"
    var points: Set<MLflowPoint> = []
    var token: String?
    repeat {
      let answer = try client.call(question + (token.map { "&page_token=" + MLflowText.escaped($0) } ?? ""))
      let page = answer["metrics"]?.array ?? []
      for metric in page {
        guard let value = metric["value"]?.number else { continue }
        points.insert(MLflowPoint(step: metric["step"]?.integer ?? 0, value: value))
      }
      token = page.isEmpty ? nil : answer["next_page_token"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    } while token != nil
    return points
  }
}
