// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import SwiftletFormats
import SwiftletModels
import SwiftletTraining
import Synchronization
import Testing

@testable import SwiftletTracking

/// A folder that is removed afterwards, with a list in it.
func withFolder<R>(_ body: (_ folder: String) throws -> R) throws -> R {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-runs-\(UUID())").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}

extension RunDescription {
  /// A run of nothing.
  static func sample(_ name: String = "iris", parent: String? = nil) -> RunDescription {
    let json: JSONValue = ["training": ["learning_rate": 0.001, "weight": .null], "model": ["hidden": [64, 32]]]
    return RunDescription(
      name: name, experiment: "iris", parent: parent, command: "swiftlet train iris", kind: "mlp",
      task: "classification", data: "iris.csv", dataSHA256: "ab", seed: .max, recipe: json, headline: "accuracy")
  }

  private init(
    name: String, experiment: String, parent: String?, command: String, kind: String, task: String, data: String,
    dataSHA256: String, seed: UInt64, recipe: JSONValue, headline: String
  ) {
    guard let bundle = try? ModelBundle.load(from: modelsFolder + "iris") else {
      fatalError("Models/iris is not there")
    }
    self.init(of: bundle, dataSHA256: dataSHA256, seed: seed)
    self.name = name
    self.experiment = experiment
    self.parent = parent
    self.command = command
    self.recipe = recipe
  }
}

let modelsFolder = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Models/"

@Suite("The log of runs")
struct RunLogTests {
  private func epoch(_ number: Int) -> RunEvent {
    .epochEnded(
      EpochFigures(
        epoch: number, trainLoss: 1 / Double(number), validationLoss: .nan, validationMetric: Metric("accuracy", 0.5),
        learningRate: 0.25))
  }

  @Test("a run is in the list from its first step, with what it said until then")
  func lifetime() throws {
    try withFolder { folder in
      let time = Mutex(1000.0)
      let log = RunLog(path: folder + "/runs.sqlite", clock: { time.withLock { $0 } })
      let run = log.begin(.sample())
      run.saw(epoch(1))
      time.withLock { $0 = 1001 }
      run.saw(epoch(2))
      run.saw(epoch(3))  // waits for the next second, or the end
      while (try? RunsDatabase(at: folder + "/runs.sqlite").run("latest")) == nil { usleep(1000) }
      let early = try RunsDatabase(at: folder + "/runs.sqlite").run("latest")
      #expect(early.state == .running && early.started == 1000 && early.score == nil && early.seed == .max)
      run.add([RunMetric(split: "test", name: "accuracy", value: 0.9, low: 0.8, high: 0.95)])
      run.judge(score: 0.9)
      run.tag("note", "it's a test")
      run.end(RunEnd(.completed, bundle: folder + "/iris"))
      #expect(log.finish().isEmpty)

      let database = try RunsDatabase(at: folder + "/runs.sqlite")
      let listed = try #require(try database.runs().first)
      #expect(listed.id == run.id && listed.state == .completed && listed.ended == 1001 && listed.score == 0.9)
      #expect(listed.bundle == folder + "/iris" && listed.headline == "accuracy" && listed.name == "iris")
      let details = try database.details(of: listed)
      #expect(
        details.settings == [SettingText("model.hidden", "[64, 32]"), SettingText("training.learning_rate", "0.001")])
      #expect(details.points.filter { $0.name == "train_loss" }.map(\.value) == [1, 0.5, 1 / 3])
      #expect(details.points.filter { $0.name == "validation_loss" }.map(\.value) == [nil, nil, nil])
      #expect(details.metrics == [RunMetric(split: "test", name: "accuracy", value: 0.9, low: 0.8, high: 0.95)])
      #expect(details.tags == [SettingText("note", "it's a test")])
    }
  }

  @Test("a run whose process is gone reads as killed, and later runs note it")
  func killed() throws {
    try withFolder { folder in
      let path = folder + "/runs.sqlite"
      let log = RunLog(path: path)
      let run = log.begin(.sample())
      #expect(log.finish().isEmpty)
      let database = try RunsDatabase(at: path)
      #expect(try database.run(run.id).state == .running)
      // The number of this process, and the start of another.
      try database.queue.write { try $0.execute(sql: "UPDATE run SET process_start = 'before'") }
      #expect(try database.run(run.id).state == .killed)
      try database.markKilled()
      let state = try database.queue.read { try String.fetchOne($0, sql: "SELECT state FROM run") }
      #expect(state == "killed")
      // On another machine nobody can look.
      try database.queue.write { try $0.execute(sql: "UPDATE run SET state = 'running', machine = 'elsewhere'") }
      #expect(try database.run(run.id).state == .running)
    }
  }

  @Test("a process is known by its start too, and a number without a process is none")
  func processes() {
    #expect(ProcessIdentity(getpid()) == ProcessIdentity.current)
    #expect(ProcessIdentity(Int32.max) == nil)
  }

  @Test("parts belong to their run, go with it, and are listed with it alone")
  func parts() throws {
    try withFolder { folder in
      let log = RunLog(path: folder + "/runs.sqlite")
      let study = log.begin(.sample("study"))
      let trials = (0..<3).map { log.begin(.sample("trial \($0)", parent: study.id)) }
      for run in trials + [study] { run.end(RunEnd(.completed)) }
      #expect(log.finish().isEmpty)
      let database = try RunsDatabase(at: folder + "/runs.sqlite")
      #expect(try database.runs().map(\.partCount) == [3])
      #expect(try database.runs(.parts(of: study.id)).map(\.name) == ["trial 2", "trial 1", "trial 0"])
      #expect(try database.runs(.all, limit: 2).map(\.name) == ["trial 2", "trial 1"])
      #expect(try database.run("latest").name == "study")
      #expect(try database.run("trial 1").id == trials[1].id)
      #expect(throws: FormatError.self) { try database.run("trail 1") }

      // It goes on under its name.
      let again = RunLog(path: folder + "/runs.sqlite")
      let resumed = again.begin(.sample("study"), id: study.id)
      #expect(again.finish().isEmpty)
      #expect(try database.run(study.id).state == .running)
      #expect(try database.runs().count == 1)
      #expect(throws: FormatError.self) { try database.delete([database.run(resumed.id)]) }
      try database.queue.write { try $0.execute(sql: "UPDATE run SET process_start = 'before'") }
      try database.delete([database.run(study.id)])
      #expect(try database.runs(.all).isEmpty)
      let left = try database.queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM setting") }
      #expect(left == 0)
    }
  }

  @Test("names grow, also within a millisecond")
  func names() {
    let names = (0..<1000).map { _ in RunIdentifier.next(at: 1) }
    #expect(names == names.sorted() && Set(names).count == 1000 && names.allSatisfy { $0.count == 16 })
    #expect(RunIdentifier.text(at: 1, 0) < RunIdentifier.text(at: 1.001, 0))
    #expect(RunIdentifier.text(at: -1, 0xFFFFF) == "00000000000fffff")
  }

  @Test(
    "a list that cannot be used is a warning with its reason, and stays as it is",
    arguments: [
      ("PRAGMA user_version = 99", "it is of version 99, and this swiftlet knows versions up to 1."),
      ("CREATE TABLE cats (name TEXT)", "it is a database of something else."),
    ])
  func refusals(_ sql: String, _ reason: String) throws {
    try withFolder { folder in
      let path = folder + "/runs.sqlite"
      let other = try DatabaseQueue(path: path)
      try other.write { try $0.execute(sql: sql + "; CREATE TABLE dogs (name TEXT)") }
      try other.close()
      let before = FileManager.default.contents(atPath: path)
      let log = RunLog(path: path)
      log.begin(.sample()).end(RunEnd(.completed))
      let warning = try #require(log.finish().first)
      #expect(warning.hasPrefix("This run is not in the list \(path): \(reason)"))
      #expect { try RunsDatabase(at: path) } throws: { "\($0)".contains(reason) }
      #expect(throws: FormatError.self) { try RunsDatabase.rebuild(path) }
      #expect(FileManager.default.contents(atPath: path) == before)
    }
  }

  /// A database in which a transaction may be left open, as another program does that has locked it.
  private static func lockable(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  @Test("a place that cannot be written, a damaged list and a locked one are warnings too")
  func unwritable() throws {
    try withFolder { folder in
      for name in ["/damaged", "/damaged.sqlite"] {
        try Data("no database".utf8).write(to: URL(fileURLWithPath: folder + name))
      }
      let locked = try Self.lockable(folder + "/locked")
      try locked.writeWithoutTransaction {
        try $0.execute(sql: "CREATE TABLE x (y); PRAGMA user_version = 1; BEGIN IMMEDIATE")
      }
      for (name, reason) in [
        ("damaged.sqlite", "it is damaged, or not a database."), ("damaged", "it is not a list of runs"),
        ("damaged/runs.sqlite", "it cannot be written:"),
        ("locked", "another program has locked it."),
      ] {
        let log = RunLog(path: folder + "/" + name, patience: 0.05)
        log.begin(.sample()).end(RunEnd(.completed))
        let warning = try #require(log.finish().first)
        #expect(warning.contains(reason), "\(name): \(warning)")
      }
      try locked.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
    }
  }

  @Test("values of other types, and none, are read as what is not known")
  func changedByHand() throws {
    try withFolder { folder in
      let path = folder + "/runs.sqlite"
      let log = RunLog(path: path)
      let run = log.begin(.sample())
      run.tag("note", "kept")
      run.end(RunEnd(.completed))
      #expect(log.finish().isEmpty)
      let database = try DatabaseQueue(path: path)
      try database.write {
        try $0.execute(
          sql: """
            UPDATE run SET started = 'yesterday', seed = 'seven', score = x'FF', pid = 1e300, state = 'running';
            UPDATE setting SET value = NULL; UPDATE tag SET value = x'FF';
            INSERT INTO metric VALUES ('\(run.id)', 'test', 'accuracy', 'good', x'00', 'bad');
            INSERT INTO point VALUES ('\(run.id)', 'train_loss', 'first', 'small', 'now')
            """)
      }
      try database.close()
      let list = try RunsDatabase(at: path)
      let listed = try list.run("latest")
      #expect(listed.started == 0 && listed.seed == nil && listed.score == nil)
      let details = try list.details(of: listed)
      #expect(details.settings.allSatisfy { $0.value == "" } && details.points.count == 1)
      #expect(details.metrics == [RunMetric(split: "test", name: "accuracy", value: nil)])
      let next = RunLog(path: path)  // looks for runs whose process is gone
      next.begin(.sample()).end(RunEnd(.completed))
      #expect(next.finish().isEmpty)
    }
  }

  @Test("what could not be written is written once it can be")
  func retry() throws {
    try withFolder { folder in
      let path = folder + "/runs.sqlite"
      _ = try RunsDatabase(writing: path)
      let lock = try Self.lockable(path)
      try lock.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
      let log = RunLog(path: path, patience: 0.05)
      let run = log.begin(.sample())
      usleep(200_000)  // the first try is over
      try lock.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
      run.end(RunEnd(.completed))
      #expect(log.finish().isEmpty)
      #expect(try RunsDatabase(at: path).run("latest").state == .completed)
    }
  }

  @Test("several processes' worth of logs write at once")
  func together() throws {
    try withFolder { folder in
      DispatchQueue.concurrentPerform(iterations: 8) { number in
        let log = RunLog(path: folder + "/runs.sqlite")
        log.begin(.sample("run \(number)")).end(RunEnd(.completed))
        #expect(log.finish().isEmpty)
      }
      let noted = try RunsDatabase(at: folder + "/runs.sqlite").runs()
      #expect(noted.count == 8)
    }
  }
}
