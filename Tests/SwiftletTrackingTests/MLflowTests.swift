// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTraining
import Synchronization
import Testing

@testable import SwiftletTracking

@Suite("Runs on a server of MLflow", .serialized)
struct MLflowTests {
  private func address(_ server: ScriptedServer, _ environment: [String: String] = [:]) throws -> MLflowAddress {
    try MLflowAddress(server.url, environment: environment)
  }

  private func place(_ server: ScriptedServer, registering name: String? = nil, continues: Bool = false) throws
    -> RunPlace
  {
    RunPlace(
      destination: MLflowServer(
        MLflowClient(address: try address(server), patience: 2000), registration: name, continues: continues,
        patience: 0))
  }

  /// A folder with the three files of a model.
  private func bundle(in folder: String) throws -> String {
    let path = folder + "/iris"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, text) in [("model.json", "{}"), ("model.safetensors", "abc"), ("README.md", "---\na: b\n---\n# Card\n")]
    {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }
    return path
  }

  @Test("are made, described, measured, given their model and ended")
  func lifetime() throws {
    try withFolder { folder in
      let server = try ScriptedServer()
      let log = RunLog(to: [try place(server, registering: "flowers")], clock: { 1000 })
      let run = log.begin(.sample())
      run.add([
        RunPoint(name: "train_loss", step: 1, value: 0.5, time: 1000.5),
        RunPoint(name: "validation_loss", step: 1, value: nil, time: 1000.5),
        RunPoint(name: "train_loss", step: 2, value: .infinity, time: 1001),
      ])
      run.add([RunMetric(split: "test", name: "accuracy", value: 0.9)])
      run.judge(score: 0.9)
      run.tag("note", "hello")
      run.end(RunEnd(.completed, bundle: try bundle(in: folder)))
      #expect(log.finish().isEmpty)
      let asked = server.end()

      let made = try #require(asked.first { $0.path == "/api/2.0/mlflow/runs/create" }?.json)
      #expect(made["experiment_id"] == "3" && made["run_name"] == "iris" && made["start_time"] == 1_000_000)
      #expect(made["tags"]?.array?.contains(["key": "swiftlet.run", "value": .string(run.id)]) == true)
      #expect(made["tags"]?.array?.contains(["key": "mlflow.source.name", "value": "swiftlet train iris"]) == true)

      let batches = asked.filter { $0.path == "/api/2.0/mlflow/runs/log-batch" }.compactMap(\.json)
      let parameters = batches.flatMap { $0["params"]?.array ?? [] }
      #expect(
        parameters == [
          ["key": "training.learning_rate", "value": "0.001"], ["key": "model.hidden", "value": "[64, 32]"],
        ])
      let metrics = batches.flatMap { $0["metrics"]?.array ?? [] }
      #expect(metrics.first == ["key": "train_loss", "value": 0.5, "timestamp": 1_000_500, "step": 1])
      #expect(metrics.map { $0["key"]?.string } == ["train_loss", "test/accuracy", "score"])
      let tags = batches.flatMap { $0["tags"]?.array ?? [] }
      #expect(tags.contains(["key": "swiftlet.nonfinite", "value": "train_loss, validation_loss"]))
      #expect(tags.contains(["key": "swiftlet.note", "value": "hello"]))
      #expect(tags.contains(["key": "mlflow.note.content", "value": "# Card\n"]))

      let inputs = try #require(asked.first { $0.path.hasSuffix("log-inputs") }?.json?["datasets"]?.array?.first)
      #expect(inputs["dataset"]?["digest"] == "ab" && inputs["dataset"]?["name"] == "iris")
      let artifacts = "/api/2.0/mlflow-artifacts/artifacts/3/R1/artifacts/"
      #expect(
        asked.filter { $0.method == "PUT" }.map(\.path)
          == ["recipe.json", "model/README.md", "model/model.json", "model/model.safetensors"].map { artifacts + $0 })
      #expect(asked.first { $0.path.hasSuffix("safetensors") }?.body == Array("abc".utf8))
      let version = try #require(asked.first { $0.path.hasSuffix("model-versions/create") }?.json)
      #expect(version == ["name": "flowers", "source": "runs:/R1/model", "run_id": "R1"])
      #expect(asked.last?.json == ["run_id": "R1", "status": "FINISHED", "end_time": 1_000_000])
    }
  }

  @Test("carry who asks, and never in an address")
  func authorization() throws {
    let server = try ScriptedServer()
    for environment in [
      ["MLFLOW_TRACKING_USERNAME": "ann", "MLFLOW_TRACKING_PASSWORD": "pä:ss", "MLFLOW_TRACKING_TOKEN": "t"],
      ["MLFLOW_TRACKING_TOKEN": "abc\r\nX-Other: 1"], ["MLFLOW_TRACKING_TOKEN": ""],
    ] {
      try MLflowClient(address: address(server, environment)).call("experiments/get-by-name")
    }
    let asked = server.end()
    #expect(
      asked.map { $0.headers["authorization"] } == ["Basic YW5uOnDDpDpzcw==", "Bearer abcX-Other: 1", nil])
    for text in ["http://a:b@c", "sqlite:///x.db", "http://", "mlruns", "http://a/?token=1", "http://a b", "file:///a"]
    {
      let error = try #require(throws: SettingError.self) { try MLflowAddress(text, environment: [:]) }
      #expect(error.message.hasPrefix("The address of an MLflow server ") && !error.message.contains("a:b"))
    }
    #expect(try MLflowAddress("https://a.b/c//", environment: [:]).url == "https://a.b/c")
  }

  @Test("are one warning if the server is away, and the rest goes when it is back")
  func away() throws {
    try withFolder { folder in
      let server = try ScriptedServer()
      let log = RunLog(to: [try place(server), .list(folder + "/runs.sqlite")])
      let run = log.begin(.sample())
      while !server.asked.contains(where: { $0.path.hasSuffix("recipe.json") }) { usleep(1000) }
      server.isBroken = true
      run.add([RunPoint(name: "train_loss", step: 1, value: 1, time: 1)])
      log.flush()
      while !server.asked.contains(where: { $0.path.hasSuffix("log-batch") && $0.status == 503 }) {
        run.add([RunMetric(split: "test", name: "accuracy", value: 0.9)])
        log.flush()
        usleep(1000)
      }
      run.end(RunEnd(.completed))
      let warnings = log.finish()
      #expect(warnings.count == 1)
      #expect(
        warnings.first
          == "This run is not on \(server.url) as a whole: it answers with 503. `swiftlet runs export --mlflow` sends it "
          + "later.")
      // The list has all of it, and sends it; the run that is there is found again.
      server.isBroken = false
      let database = try RunsDatabase(at: folder + "/runs.sqlite")
      #expect(try database.export([database.run("latest")], to: place(server, continues: true)).isEmpty)
      let asked = server.end()
      #expect(asked.filter { $0.path.hasSuffix("runs/create") }.count == 1)
      #expect(asked.last?.json?["status"] == "FINISHED")
    }
  }

  @Test("are one warning if nobody listens, within the patience of a user")
  func nobody() throws {
    let server = try ScriptedServer()
    let place = try place(server)
    _ = server.end()
    let log = RunLog(to: [place])
    let study = log.begin(.sample("study"))
    for number in 1...30 { log.begin(.sample("trial \(number)", parent: study.id)).end(RunEnd(.completed)) }
    study.end(RunEnd(.completed))
    let warnings = log.finish()
    #expect(warnings.count == 1 && warnings.first?.hasPrefix("This run is not on \(server.url) as a whole: ") == true)
  }

  @Test("do not hold up the end of a training if a server takes the connection and says nothing")
  func silentServer() throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 8) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    #expect(isBound)
    let url = "http://127.0.0.1:\(UInt16(bigEndian: place.sin_port))"
    // An hour of patience while the training goes on: what ends the wait is the end of the training.
    let server = MLflowServer(
      MLflowClient(address: try MLflowAddress(url, environment: [:]), patience: 3_600_000), registration: nil)
    let log = RunLog(to: [RunPlace(destination: server)])
    log.begin(.sample()).end(RunEnd(.completed))
    #expect(
      log.finish() == [
        "This run is not on \(url) as a whole: it does not answer. `swiftlet runs export --mlflow` sends it later."
      ])
  }

  @Test("say once what a server refuses, and send the rest")
  func refused() throws {
    let server = try ScriptedServer()
    server.refused = "runs/log-inputs"
    let log = RunLog(to: [try place(server)])
    for _ in 0..<2 { log.begin(.sample()).end(RunEnd(.failed, error: "diverged")) }
    #expect(log.finish() == ["\(server.url) does not take a part of this run: no thanks"])
    let asked = server.end()
    #expect(asked.filter { $0.json?["status"] == "FAILED" }.count == 2)
    let tags = asked.flatMap { $0.json?["tags"]?.array ?? [] }
    #expect(tags.contains(["key": "swiftlet.error", "value": "diverged"]))
  }

  @Test("are completed by the points that the server lacks, and by no other; it is asked page by page")
  func lackingPoints() throws {
    let server = try ScriptedServer()
    let first = RunLog(to: [try place(server)], clock: { 1000 })
    let id = first.begin(.sample()).id
    #expect(first.finish().isEmpty)
    server.history = [["step": 1, "value": 0.5], ["step": 2, "value": 0.4]].map { point in
      ["metrics": [point], "next_page_token": "next/page"]
    }
    let second = RunLog(to: [try place(server, continues: true)], clock: { 2000 })
    let run = second.begin(.sample(), id: id)
    // Of step 2 there is another value now, and of step 3 none.
    for (step, value) in [(1, 0.5), (2, 0.3), (2, 0.4), (3, 0.2)] {
      run.add([RunPoint(name: "train loss", step: step, value: value, time: 2000)])
    }
    run.end(RunEnd(.completed))
    #expect(second.finish().isEmpty)
    let asked = server.end()
    let sent = asked.flatMap { $0.json?["metrics"]?.array ?? [] }
    #expect(sent.map { $0["step"] } == [2, 3] && sent.map { $0["value"] } == [0.3, 0.2])
    let questions = asked.map(\.path).filter { $0.contains("get-history") }
    #expect(questions.count == 3 && questions.allSatisfy { $0.contains("?run_id=R1&metric_key=train%20loss&") })
    #expect(questions.dropFirst().allSatisfy { $0.hasSuffix("&page_token=next/page") })
  }

  @Test("nest: a trial knows the run of its study")
  func nested() throws {
    let server = try ScriptedServer()
    let log = RunLog(to: [try place(server)])
    let study = log.begin(.sample("study"))
    log.begin(.sample("trial", parent: study.id)).end(RunEnd(.completed))
    study.end(RunEnd(.completed))
    #expect(log.finish().isEmpty)
    let made = server.end().filter { $0.path.hasSuffix("runs/create") }.compactMap { $0.json?["tags"]?.array }
    #expect(made.count == 2)
    #expect(made.last?.contains(["key": "mlflow.parentRunId", "value": "R1"]) == true)
  }

  @Test("keep within the limits of names, values and batches")
  func limits() {
    #expect(MLflowText.name("a b(c)%/é.-_:1") == "a b_c__/_.-_:1")
    #expect(MLflowText.name("/x//../.y") == "_/x/_/__/.y")
    #expect(MLflowText.name(String(repeating: "a", count: 300)).count == 250)
    let long = MLflowText.value(String(repeating: "é", count: 9000))
    #expect(long.count == 8000 && long.hasSuffix("é…"))
    #expect(MLflowText.escaped("a b/ä?.json") == "a%20b/%C3%A4%3F.json")
    let many = (0..<250).map { SettingText("k\($0)", "v") } + [SettingText("k§", "first"), SettingText("k%", "second")]
    #expect(MLflowText.batches(many).map(\.count) == [100, 100, 51])
    let large = (0..<30).map { SettingText("k\($0)", String(repeating: "x", count: 8000)) }
    #expect(MLflowText.batches(large).map(\.count) == [18, 12])
  }

  @Test("send thousands of points in batches of a thousand")
  func manyPoints() throws {
    let server = try ScriptedServer()
    let log = RunLog(to: [try place(server)])
    let run = log.begin(.sample())
    run.add((1...2500).map { RunPoint(name: "train_loss", step: $0, value: 1, time: 1) })
    run.end(RunEnd(.completed))
    #expect(log.finish().isEmpty)
    let counts = server.end().compactMap { $0.json?["metrics"]?.array?.count }
    #expect(counts.reduce(0, +) == 2500 && counts.max() == 1000)
  }
}
