// SPDX-License-Identifier: Apache-2.0
//
// Rebuilding: the list of runs again, from the models themselves.
//
// A bundle holds its recipe, its figures and its curve. What a bundle does not say is left open: when the run began is
// when the bundle was written. A model that the list has already is not entered twice.
//
// Before    LoggedRun.swift     After    TensorBoard/CRC32C.swift

import Foundation
import GRDB
import SwiftletFormats
import SwiftletModels
import SwiftletTables

extension RunsDatabase {
  /// What a rebuilding did.
  public struct Rebuilding: Equatable, Sendable {
    /// The folders of the models that were entered.
    public var entered: [String] = []
    /// A sentence for each folder that could not be read.
    public var warnings: [String] = []
    /// Where the damaged list is now, if it was damaged.
    public var damaged: String?
  }

  /// Enters the models that stand beside a list and are not in it. A damaged list is put aside, and begun anew; a file that
  /// neither begins as a database nor is named as one stays where it is.
  ///
  /// - Throws: `FormatError` if the list is of a newer version, cannot be written, or is another kind of file.
  public static func rebuild(_ path: String) throws -> Rebuilding {
    var result = Rebuilding()
    do {
      let database: RunsDatabase
      do { database = try RunsDatabase(writing: path) } catch RunsError.damaged {
        guard RunsError.isDatabase(path) else { throw RunsError.notDatabase }
        result.damaged = try putAside(path)
        database = try RunsDatabase(writing: path)
      }
      let known = Set(try database.runs(.all).compactMap(\.bundle))
      let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder).sorted()
      for bundle in names.map({ folder + $0 }) where !known.contains(bundle) {
        guard FileManager.default.fileExists(atPath: bundle + "/model.json") else { continue }
        do {
          try database.enter(bundle)
          result.entered.append(bundle)
        } catch let error as FormatError {
          result.warnings.append("\(error)")
        }
      }
      return result
    } catch let error as RunsError {
      var about = FormatError(path, error.sentence)
      about.isAboutOutput = error.isAboutWriting
      throw about
    }
  }

  private static func putAside(_ path: String) throws -> String {
    let manager = FileManager.default
    let number = (1...).first { !manager.fileExists(atPath: "\(path).damaged-\($0)") } ?? 1
    do {
      try manager.moveItem(atPath: path, toPath: "\(path).damaged-\(number)")
      for ending in ["-wal", "-shm"] { try? manager.removeItem(atPath: path + ending) }
    } catch {
      throw RunsError(error)
    }
    return "\(path).damaged-\(number)"
  }

  /// Enters a model.
  private func enter(_ path: String) throws {
    let bundle = try ModelBundle.load(from: path)
    let record = bundle.training
    let attributes = try? FileManager.default.attributesOfItem(atPath: path + "/model.json")
    let time = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    let description = RunDescription(
      of: bundle, dataSHA256: record["data_sha256"]?.string ?? "", seed: UInt64(max(record["seed"]?.integer ?? 0, 0)))
    let parts = record["metrics"]?.members ?? []
    let metrics = parts.flatMap { part in
      (part.value.members ?? []).map { RunMetric(split: part.name, name: $0.name, value: $0.value.number) }
    }
    let score = parts.last?.value[description.headline]?.number
    let isWhole = record["stopped"]?.string != "interrupted"
    var changes = RunChanges(id: RunIdentifier.next(at: time), changes: [.begun(description, at: time)])
    changes.changes += [
      .points(try RunsDatabase.points(bundle.history, at: time)), .metrics(metrics, at: time),
      .judged(score: score, seconds: record["seconds"]?.number), .tag(SettingText("rebuilt", "true")),
      .ended(RunEnd(isWhole ? .completed : .interrupted, bundle: path), at: time),
    ]
    try write(changes)
  }

  /// The curves in the text of history.csv.
  private static func points(_ history: String, at time: Double) throws -> [RunPoint] {
    guard history.utf8.contains(0x0A) else { return [] }
    let table = try TableReader().readCSV(.memory(Array(history.utf8), name: "history.csv"))
    let epochs = table["epoch"]?.numbers.map(Array.init) ?? []
    return table.columns.filter { $0.name != "epoch" }.flatMap { column in
      zip(epochs, column.numbers.map(Array.init) ?? []).compactMap { epoch, value in
        Int(exactly: epoch).map {
          RunPoint(name: column.name, step: $0, value: value.isNaN ? nil : value, time: time)
        }
      }
    }
  }
}

extension RunDescription {
  /// The run of a model that is there.
  init(of bundle: ModelBundle, dataSHA256: String, seed: UInt64) {
    let recipe = bundle.training["recipe"] ?? .object([])
    name = bundle.name
    data = recipe["data"]?.string ?? ""
    experiment = data.split(separator: "/").last.map(String.init) ?? bundle.name
    command = ""
    kind = bundle.kind
    task = bundle.task
    self.dataSHA256 = dataSHA256
    self.seed = seed
    self.recipe = recipe
    headline = bundle.head.watchedMetric
  }
}
