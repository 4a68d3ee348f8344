// SPDX-License-Identifier: Apache-2.0
//
// EventFiles: runs for TensorBoard, a folder and a file for each.
//
//     runs/iris-019ab3c4d5e6f708/events.out.tfevents.1764158400.machine
//
// A file grows while its run goes on. If a disk is full in the middle of a record, the next try begins at the end of the
// last whole one.
//
// Before    EventRecord.swift     After    MLflow/HTTPRequest.swift

import Foundation
import SwiftletFormats

/// Files for TensorBoard as a place to write to.
struct EventFiles: RunDestination {
  /// A run that is being written.
  private struct Run {
    let folder: String
    let file: String
    let headline: String
    /// How many bytes of the file are whole records.
    var count: UInt64 = 0
    var lastStep = 0
  }

  private let folder: String
  private let machine: String
  private var runs: [String: Run] = [:]

  /// Files in a folder.
  ///
  /// - Parameter machine: The name of this machine, which the names of the files end with.
  init(_ folder: String, machine: String = ProcessIdentity.machine) {
    self.folder = folder
    self.machine = machine.replacingOccurrences(of: "/", with: "_")
  }

  mutating func write(_ changes: inout RunChanges) throws {
    while let change = changes.changes.first {
      try write(change, of: changes.id)
      changes.changes.removeFirst()
    }
  }

  func warning(about error: any Error) -> String {
    "This run is not in \(folder) as a whole: \(RunsError(error).reason)."
  }

  var remedy: String { "`swiftlet runs export --tensorboard` writes it anew." }

  private mutating func write(_ change: RunChange, of id: String) throws {
    switch change {
    case .begun(let description, let time):
      let parent = description.parent.flatMap { runs[$0]?.folder } ?? folder
      let place = "\(parent)/\(description.name.replacingOccurrences(of: "/", with: "_"))-\(id)"
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      let name = "\(place)/events.out.tfevents.\(Int(time)).\(machine)"
      var file = name
      var number = 1
      while FileManager.default.fileExists(atPath: file) {  // the run goes on within the second in which it began
        file = "\(name).\(number)"
        number += 1
      }
      guard FileManager.default.createFile(atPath: file, contents: nil) else {
        throw RunsError.notWritable("\(file): \(String(cString: strerror(errno)))")
      }
      runs[id] = Run(folder: place, file: file, headline: description.headline)
      let settings = description.recipe.leaves()
      let results = ["validation", "test"].map { "result/\($0)_\(description.headline)" }
      let metrics = ["loss/train", "loss/validation"] + results
      try append(
        [.version(at: time), .experiment(settings, metrics: metrics, at: time), .begin(settings, at: time)], to: id)
    case .points(let points): try append(EventFiles.records(points), to: id, step: points.map(\.step).max())
    case .metrics(let metrics, let time):
      let values = metrics.map { (tag: "result/\($0.split)_\($0.name)", value: Float($0.value ?? .nan)) }
      guard !values.isEmpty else { return }
      try append([.scalars(values, step: runs[id]?.lastStep ?? 0, at: time)], to: id)
    case .judged, .tag: break
    case .ended(let end, let time): try append([.end(end.state, at: time)], to: id)
    }
  }

  private mutating func append(_ records: [EventRecord], to id: String, step: Int? = nil) throws {
    guard var run = runs[id] else { return }
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: run.file))
    defer { try? handle.close() }
    try handle.seek(toOffset: run.count)
    let bytes = records.flatMap(\.bytes)
    try handle.write(contentsOf: Data(bytes))
    run.count += UInt64(bytes.count)
    run.lastStep = max(run.lastStep, step ?? 0)
    runs[id] = run
  }

  /// Points as records: one for each step.
  private static func records(_ points: [RunPoint]) -> [EventRecord] {
    var rest = points[...]
    var records: [EventRecord] = []
    while let first = rest.first {
      let same = rest.prefix { $0.step == first.step && $0.time == first.time }
      let values = same.map { (tag: tag(of: $0.name), value: Float($0.value ?? .nan)) }
      records.append(.scalars(values, step: first.step, at: first.time))
      rest = rest.dropFirst(same.count)
    }
    return records
  }

  /// The name of a curve. TensorBoard draws those together whose names begin alike: `loss/train`, `loss/validation`.
  private static func tag(of curve: String) -> String {
    for split in ["train", "validation"] where curve.hasPrefix(split + "_") {
      return curve.dropFirst(split.count + 1) + "/" + split
    }
    return curve
  }
}
