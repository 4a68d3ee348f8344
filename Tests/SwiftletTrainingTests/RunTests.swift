// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors
import SwiftletTraining
import Testing

@Suite("Runs")
struct RunTests {
  private func run(
    _ settings: [(path: String, value: JSONValue)], observer: any RunObserver = NoObserver()
  ) throws -> TrainingOutcome {
    let recipe = try Recipe(YAMLDocument(name: "test", value: .object([])), settings: settings)
    return try Experiment(DataLoader(recipe.data), recipe).run(recipe, name: "test", observer: observer)
  }

  @Test("another target than the data set's own is judged by its own values")
  func otherTarget() throws {
    let outcome = try run([
      ("data", .string(datasets + "iris")), ("target", "petal_length_cm"), ("model.kind", "linear"),
    ])
    #expect(outcome.bundle.task == "regression")
    #expect((outcome.figures.judged.metrics["r2"] ?? 0) > 0.9)
  }

  @Test("the bundle holds the first training row, the units and the picture of its data")
  func illustration() throws {
    let arm = try run([("data", .string(datasets + "arm")), ("model.hidden", [4]), ("training.epochs", 1)]).bundle
    #expect(arm.illustration.example.map(\.name) == ["x_m", "y_m"])
    #expect(arm.illustration.unit(of: "x_m") == "m" && arm.illustration.unit(of: "elbow_rad") == "rad")
    #expect(arm.illustration.view == nil)

    let penguins = try run([("data", .string(datasets + "penguins")), ("model.kind", "logistic")]).bundle
    let values = penguins.illustration.example.map(\.value)
    #expect(values.contains { $0.string != nil } && values.contains { $0.number != nil })

    // Two cells are empty in all training rows: no inputs, and still cells of the picture.
    let digits = try run([("data", .string(datasets + "digits")), ("model.kind", "logistic")]).bundle
    let view = try #require(digits.illustration.view)
    #expect(view.width == 8 && view.height == 8 && view.maximum == 16)
    #expect(view.columns.count == 64 && view.columns.first == "p00" && view.columns.last == "p77")
    #expect(digits.illustration.example.count == 62)
  }

  @Test("a data set whose task is none is refused with those that there are")
  func unknownTask() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-task-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let files = ["dataset.yaml": "name: d\nfiles: d.csv\ntarget: y\ntask: guessing\n", "d.csv": "x,y\n1,2\n2,3\n"]
    for (name, text) in files { try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8) }
    #expect { try run([("data", .string(folder))]) } throws: {
      "\($0)" == "dataset.yaml, line 4: the task is classification, regression or recommendation, not \"guessing\"."
    }
  }

  /// The settings that a kind of layer cannot do without.
  private static let neededSettings: [String: JSONValue] = [
    "linear": ["output": 5], "dropout": ["rate": 0.1], "sequential": ["layers": [["kind": "tanh"], "relu"]],
    "unflatten": ["channels": 2, "height": 2, "width": 2], "conv2d": ["output": 3], "group_norm": ["groups": 2],
    "embed_columns": ["columns": [["position": 1, "count": 3, "size": 2]]],
    "factors": ["users": 3, "items": 4, "dimensions": 2],
  ]
  /// The kinds of layer that take pictures.
  private static let kindsOfPictures: Set = ["conv2d", "group_norm", "max_pool2d", "global_average_pool", "flatten"]

  @Test(
    "every kind of layer can be chosen by a recipe, and is in the bundle", arguments: Blueprint.kinds.map { $0.kind })
  func layers(kind: String) throws {
    let needed = Self.neededSettings[kind]?.members ?? []
    let layer: JSONValue = needed.isEmpty ? .string(kind) : .object([.init("kind", .string(kind))] + needed)
    let picture: JSONValue = ["kind": "unflatten", "channels": 2, "height": 2, "width": 2]
    let before = Self.kindsOfPictures.contains(kind) ? [picture] : []
    let outcome = try run([
      ("data", .string(datasets + "iris")), ("model.kind", "sequential"), ("training.epochs", 1),
      (
        "model.layers",
        .array([["kind": "linear", "output": kind == "factors" ? 2 : 8]] + before + [layer, "flatten"])
      ),
    ])
    let layers = Blueprint(outcome.bundle.network).layers
    let kinds = ["linear"] + before.compactMap { $0["kind"]?.string } + [kind, "flatten", "linear"]
    #expect(layers.compactMap { $0["kind"]?.string } == kinds)
    #expect(layers.last?["output"] == 3)
    #expect(outcome.bundle.card.contains("network of \(kinds.joined(separator: ", "))"))
  }

  @Test("a layer that cannot be made is refused with its place and what would be right")
  func wrongLayer() {
    func message(_ layer: JSONValue) -> String {
      do {
        _ = try run([("data", .string(datasets + "iris")), ("model.kind", "sequential"), ("model.layers", [layer])])
        return ""
      } catch { return "\(error)" }
    }
    let start = "The network cannot be made: layer 0"
    #expect(message("rely") == "\(start) (rely): there is no layer \"rely\". Did you mean \"relu\"? It has 4 features.")
    #expect(message("linear").hasPrefix("\(start) (linear): needs \"output\"."))
    #expect(message(["kind": "relu", "slope": 1]).hasPrefix("\(start) (relu): has no setting \"slope\"."))
  }

  @Test("two targets are predicted in their own units")
  func twoTargets() throws {
    let outcome = try run([
      ("data", .string(datasets + "arm")), ("model.hidden", [32]), ("training.epochs", 5),
      ("training.learning_rate", 0.01),
    ])
    #expect(outcome.figures.judged.metrics.map(\.name) == ["rmse", "mae", "r2", "shoulder_rad.r2", "elbow_rad.r2"])
    #expect(outcome.figures.judged.metrics[0].value < 0.5)
  }

  @Test("an interruption keeps the best so far, and the loss counts what was seen")
  func interruption() throws {
    let observer = Recorder(stopsAfter: 3)
    let outcome = try run(
      [("data", .string(datasets + "digits")), ("training.learning_rate", 0.0001)], observer: observer)
    #expect(outcome.fit.ending == .interrupted)
    #expect(outcome.fit.epochs == 1)
    // Three batches at a small rate: the loss is still near ln 10 = 2.3, and no fraction of it.
    #expect(observer.progress.last.map { $0.figures.trainLoss > 2 } == true)
  }

  @Test("a network that is larger than any bundle is refused before it takes memory")
  func hugeNetwork() {
    #expect {
      try run([("data", .string(datasets + "iris")), ("model.kind", "mlp"), ("model.hidden", [65536, 65536])])
    } throws: {
      "\($0)".contains("would make more than 1073741824 parameters in total")
    }
  }

  @Test("a model is judged only by as many targets as it predicts")
  func targetCount() throws {
    let one = try run([
      ("data", .string(datasets + "arm")), ("target", "shoulder_rad"), ("model.kind", "linear"),
      ("features.include", ["x_m", "y_m"]),
    ]).bundle
    let table = try Table([
      Column(name: "x_m", type: .number, values: .numbers([0.1, 0.2])),
      Column(name: "y_m", type: .number, values: .numbers([0.1, 0.2])),
    ])
    let two = NumberHead(targets: [TargetScale(name: "shoulder_rad"), TargetScale(name: "elbow_rad")])
    let truth = Truth(numbers: [[1, 2], [3, 4]])
    #expect(throws: DataError.self) { try Evaluation(Predictor(one), table, rows: [0, 1], truth, of: two) }
    let classes = Truth(labels: [0, 1])
    #expect(throws: DataError.self) {
      try Evaluation(Predictor(one), table, rows: [0, 1], classes, of: ClassHead(labels: ["a", "b"]))
    }
  }

  @Test("progress in the middle of an epoch tells the loss so far and the last validation")
  func liveProgress() throws {
    let observer = Recorder()
    _ = try run([("data", .string(datasets + "digits")), ("training.epochs", 2)], observer: observer)
    let live = observer.progress.filter { $0.fraction < 1 }.map(\.figures)
    let second = live.filter { $0.epoch == 2 }
    #expect(!second.isEmpty)
    #expect(second.allSatisfy { $0.trainLoss > 0 && $0.validationLoss != nil && $0.validationMetric != nil })
    let first = live.filter { $0.epoch == 1 }
    #expect(!first.isEmpty && first.allSatisfy { $0.trainLoss > 0 && $0.validationLoss == nil })
  }

  @Test("a column of splits is no feature, even where it does not decide the split")
  func splitColumnIsHidden() throws {
    let outcome = try run([("data", .string(datasets + "arm")), ("model.kind", "linear"), ("split.column", "none")])
    #expect(outcome.bundle.pipeline.columnNames == ["x_m", "y_m"])
  }

  @Test("where a column decides the split, validation rows are still whole groups")
  func validationGroups() throws {
    let outcome = try run([
      ("data", .string(datasets + "imu-exercises")), ("split.group", "subject"), ("model.kind", "logistic"),
      ("training.max_iterations", 5),
    ])
    let rows = Dictionary(uniqueKeysWithValues: outcome.figures.parts.map { ($0.split, $0.rowCount) })
    // The windows of the seven training subjects; validation is one of them, whole.
    #expect([143, 270, 259, 251, 235, 228, 136].contains(rows[.validation] ?? 0))
    #expect((rows[.train] ?? 0) + (rows[.validation] ?? 0) == 1522 && rows[.test] == 707)
    #expect(!outcome.bundle.illustration.example.contains { $0.name == "subject" })
  }

  @Test("a model that does not beat its baseline says so")
  func baseline() throws {
    let outcome = try run([
      ("data", .string(datasets + "german-credit")), ("training.epochs", 1), ("training.learning_rate", 1e-9),
      ("model.hidden", [2]),
      ("decision.threshold", 1),
    ])
    #expect(outcome.warnings.contains { $0.hasPrefix("The model does not beat the baseline: accuracy") })
  }

  @Test("a convex fit that ends outside of its tolerance says so, and why")
  func unconverged() throws {
    func warnings(_ setting: String, _ value: JSONValue) throws -> [String] {
      try run([("data", .string(datasets + "wine")), ("model.kind", "logistic"), (setting, value)]).warnings
    }
    #expect(try warnings("training.max_iterations", 2).contains { $0.hasPrefix("The fit did not converge in 2 iter") })
    #expect(try warnings("training.tolerance", 1e-5).isEmpty)
  }

  @Test("the optimizer, its momentum and its decay are those of the recipe")
  func optimizers() throws {
    func parameters(_ optimizer: JSONValue, momentum: JSONValue = 0, decay: JSONValue = 0) throws -> [Tensor] {
      let outcome = try run([
        ("data", .string(datasets + "iris")), ("model.hidden", [3]), ("training.epochs", 1),
        ("training.optimizer", optimizer), ("training.momentum", momentum), ("training.weight_decay", decay),
      ])
      return outcome.bundle.network.parameters.map(\.value)
    }
    let all = [
      try parameters("adam"), try parameters("adam", decay: 0.5), try parameters("adamw", decay: 0.5),
      try parameters("sgd"), try parameters("sgd", momentum: 0.5), try parameters("sgd", decay: 0.5),
    ]
    for (position, one) in all.enumerated() {
      for other in all[(position + 1)...] { #expect(one != other) }
    }
    #expect(try parameters("adamw") == all[0])  // without a decay there is no difference
  }

  @Test("classes that are weighted in balance find more of the rare one")
  func classWeights() throws {
    func recall(_ weight: JSONValue) throws -> Double {
      let outcome = try run([
        ("data", .string(datasets + "shop-sessions")), ("model.kind", "logistic"), ("training.class_weight", weight),
      ])
      return outcome.figures.judged.metrics["macro_recall"] ?? 0
    }
    #expect(try recall("balanced") > recall("none") + 0.05)
  }
}
