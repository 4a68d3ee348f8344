// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import GRDB
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletNN
import Testing

@testable import SwiftletCommands
@testable import SwiftletTraining

/// From the command line to the fit: every setting changes something that can be seen.
///
/// A setting that is read and then forgotten is the quietest of all faults. So each has a case here: two runs that differ
/// in nothing else must differ in parameters, bundle, figures or refusal. A row of the table without a case fails.
@Suite("Every setting is wired")
struct SettingWiringTests {
  /// What else is set, and the two values; the key is in both.
  struct Case: Sendable, CustomTestStringConvertible {
    let key: String
    let base: [String]
    let first: String
    let second: String
    var testDescription: String { "\(key): \(first), \(second)" }
  }

  private static func wire(_ key: String, _ base: String, _ first: String, _ second: String) -> Case {
    Case(key: key, base: base.split(separator: " ").map(String.init), first: first, second: second)
  }

  private static let mlp = "model.kind=mlp model.hidden=[3] training.epochs=2 training.batch_size=16"
  private static let cnn = "data=pictures target=light model.kind=cnn training.epochs=1"
  private static let factors =
    "data=stars.csv target=stars model.kind=factors training.epochs=2 recommendation.user=who recommendation.item=what"
  private static let sgd = mlp + " training.optimizer=sgd training.learning_rate=0.1"
  private static let sequential = "model.kind=sequential training.epochs=1"
  private static let logistic = "model.kind=logistic"

  static let cases: [Case] = [
    wire("data", logistic, "main.csv", "short.csv"),
    wire("source.table", "data=base.sqlite " + logistic, "one", "two"),
    wire("source.query", "data=base.sqlite " + logistic, "SELECT * FROM one", "SELECT * FROM two"),
    wire("source.missing", logistic, "[x]", "[-999]"),
    wire("source.missing_only", logistic, "[\"\", NA]", "[\"\", NA, -999]"),
    wire("source.decimal", "data=amounts.csv " + logistic, ".", "\",\""),
    wire("source.thousands", "data=amounts.csv " + logistic, "\",\"", "\".\""),
    wire("source.header", "data=amounts.csv source.decimal=. " + logistic, "auto", "2"),
    wire("source.quote", "data=amounts.csv source.decimal=. " + logistic, "double", "none"),
    wire("source.case", "data=amounts.csv source.decimal=. " + logistic, "keep", "ignore"),
    wire("source.image_size", "data=photos model.kind=mlp training.epochs=1", "4", "[2, 3]"),
    wire("source.image_color", "data=photos model.kind=mlp training.epochs=1", "auto", "gray"),
    wire("target", logistic, "label", "kind"),
    wire("task", "target=grade model.kind=mlp training.epochs=1", "classification", "regression"),
    wire("columns", logistic, "{code: category}", "{code: number}"),
    wire("features.include", logistic, "[x1]", "[x1, x2]"),
    wire("features.exclude", logistic, "[x1]", "[x2]"),
    wire("pipeline.numeric.impute", logistic, "mean", "median"),
    wire("pipeline.numeric.impute", logistic, "median", "7"),
    wire("pipeline.numeric.scale", logistic, "standard", "minmax"),
    wire("pipeline.numeric.scale", logistic, "minmax", "none"),
    wire("pipeline.numeric.same", "data=even.csv " + logistic, "leave_out", "keep"),
    wire("pipeline.categorical.impute", logistic, "missing", "most_frequent"),
    wire("pipeline.categorical.encode", logistic, "one_hot", "hashed"),
    wire("pipeline.categorical.encode", logistic, "one_hot", "embedding"),
    wire("pipeline.categorical.encode", mlp, "one_hot", "embedding"),
    wire("pipeline.categorical.min_count", logistic, "1", "20"),
    wire("pipeline.image.scale", "data=pictures target=light model.kind=linear", "unit", "per_image"),
    wire("pipeline.image.scale", "data=pictures target=light model.kind=linear", "unit", "none"),
    wire("split.column", logistic, "split", "none"),
    wire("split.time", logistic + " split.column=none", "none", "y"),
    wire("split.group", logistic + " split.column=none", "none", "who"),
    wire("split.test", logistic + " split.column=none", "0.2", "0.4"),
    wire("split.validation", logistic + " split.column=none", "0.1", "0.3"),
    wire("split.stratify", logistic + " split.column=none", "true", "false"),
    wire("split.seed", logistic + " split.column=none", "1", "2"),
    wire("model.kind", "", "logistic", "mlp"),
    wire("model.kind", "target=y", "linear", "mlp"),
    wire("model.kind", "training.epochs=1", "mlp", "sequential"),
    wire("model.hidden", "training.epochs=1", "[3]", "[3, 2]"),
    wire("model.activation", mlp, "relu", "tanh"),
    wire("model.activation", mlp, "sigmoid", "gelu"),
    wire("model.activation", mlp, "tanh", "gelu"),
    wire("model.dropout", mlp, "0", "0.5"),
    wire("model.layers", sequential, "[relu]", "[{kind: linear, output: 3}, relu]"),
    wire("model.layers", sequential, "[{kind: linear, output: 3}]", "[{kind: linear, output: 3}, layer_norm]"),
    wire("model.channels", cnn, "[2]", "[2, 3]"),
    wire("model.dense", cnn, "[]", "[4]"),
    wire("model.norm", cnn, "none", "group"),
    wire("model.dimensions", factors, "1", "2"),
    wire("model.l2", factors, "0", "1"),
    wire("recommendation.user", factors, "who", "what"),
    wire("recommendation.item", factors, "what", "who"),
    wire("recommendation.relevant", factors, "3", "5"),
    wire("recommendation.top", factors, "2", "3"),
    wire("recommendation.popularity", factors, "0", "5"),
    wire("training.augment.shift", cnn, "0", "1"),
    wire("training.augment.flip", cnn, "false", "true"),
    wire("training.optimizer", logistic, "lbfgs", "adam"),
    wire("training.optimizer", mlp + " training.weight_decay=0.1", "adam", "adamw"),
    wire("training.optimizer", mlp, "adam", "sgd"),
    wire("training.optimizer", mlp, "auto", "lbfgs"),
    wire("training.learning_rate", mlp, "0.01", "0.02"),
    wire("training.learning_rate", sgd, "0.01", "0.02"),
    wire("training.momentum", sgd, "0.9", "0.5"),
    wire("training.batch_size", mlp, "8", "16"),
    wire("training.epochs", mlp, "1", "2"),
    wire("training.weight_decay", mlp, "0", "0.5"),
    wire("training.weight_decay", sgd, "0", "0.5"),
    wire("training.weight_decay", mlp + " training.optimizer=adamw", "0", "0.5"),
    wire("training.l2", logistic, "1", "10"),
    wire("training.l2", "target=y model.kind=linear", "1", "10"),
    wire("training.l2", logistic + " training.optimizer=adam training.epochs=2", "0", "50"),
    wire("training.l2", logistic + " training.optimizer=sgd training.epochs=2", "0", "50"),
    wire("training.schedule", mlp, "constant", "cosine"),
    wire("training.schedule", mlp + " training.epochs=6", "constant", "step"),
    wire("training.schedule", mlp + " training.epochs=6", "step", "cosine"),
    wire("training.schedule", mlp + " training.epochs=20", "cosine", "warmup"),
    wire("training.tolerance", logistic, "0.1", "0.00001"),
    wire("training.max_iterations", logistic, "1", "20"),
    wire("training.early_stopping", mlp + " training.epochs=30 training.learning_rate=0.3", "1", "none"),
    wire("training.class_weight", logistic, "none", "balanced"),
    wire("training.weight", logistic + " features.exclude=[code]", "none", "code"),
    wire("training.weight", mlp + " features.exclude=[code]", "none", "code"),
    wire("training.weight", "target=y model.kind=linear features.exclude=[code]", "none", "code"),
    wire("training.clip_norm", sgd, "none", "0.01"),
    wire("training.checkpoint", mlp + " training.epochs=4", "none", "2"),
    wire("training.checkpoint", mlp + " training.epochs=4", "2", "3"),
    wire("training.threads", mlp, "1", "2"),
    wire("training.seed", mlp, "1", "2"),
    wire("decision.positive", logistic, "yes", "no"),
    wire("decision.threshold", logistic, "0.5", "0.9"),
  ]

  @Test("has a case for each row of the table", arguments: Recipe.settings.settings.map(\.key))
  func hasCase(key: String) {
    #expect(Self.cases.contains { $0.key == key }, "add a case for \(key) that shows what it changes")
  }

  @Test("changes what a run does", arguments: cases)
  func changes(wired: Case) throws {
    let first = Self.seen(wired.base + ["\(wired.key)=\(wired.first)"])
    let second = Self.seen(wired.base + ["\(wired.key)=\(wired.second)"])
    #expect(first != second, "two values of \(wired.key), and nothing differs:\n\(first.description)")
    // A pair of refusals in the same words would say nothing about the wiring.
    #expect(first.refusal == nil || second.refusal == nil, "\(first.refusal ?? "")")
  }

  @Test("each schedule goes as far as its formula says", arguments: Recipe.ScheduleKind.allCases)
  func schedules(kind: Recipe.ScheduleKind) throws {
    let epochs = 60
    func parameters(_ rate: String, _ schedule: String) throws -> [Float] {
      try Self.run([
        "model.kind=mlp", "model.hidden=[3]", "training.optimizer=sgd", "training.momentum=0", "split.validation=0",
        "split.column=none", "training.batch_size=1000", "training.epochs=\(epochs)", "training.learning_rate=\(rate)",
        "training.schedule=\(schedule)", "training.early_stopping=none",
      ]).bundle.network.parameters.flatMap { $0.value.scalars }
    }
    let formulas: [Recipe.ScheduleKind: Schedule] = [
      .constant: .constant, .step: .step(every: epochs / 3, factor: 0.1), .cosine: .cosine,
      .warmup: .warmUp(fraction: 0.05, then: .cosine),
    ]
    let formula = try #require(formulas[kind])
    // Small steps along a gradient that hardly changes: the way is the sum of the factors.
    let expected = (0..<epochs).map { formula.factor(atStep: $0, stepsPerEpoch: 1, totalSteps: epochs) }.reduce(0, +)
    let start = try parameters("1e-12", "constant")
    func way(_ end: [Float]) -> Float { zip(start, end).reduce(0) { $0 + abs($1.1 - $1.0) } }
    let ratio = way(try parameters("0.001", kind.rawValue)) / way(try parameters("0.001", "constant"))
    #expect(abs(ratio - expected / Float(epochs)) < 0.02, "\(ratio), and \(expected / Float(epochs)) by the formula")
  }

  @Test("most_frequent reads a missing category as the most frequent one")
  func mostFrequent() throws {
    let bundle = try Self.run(["model.kind=logistic", "pipeline.categorical.impute=most_frequent"]).bundle
    let model = Self.folder + "/most"
    defer { try? FileManager.default.removeItem(atPath: model) }
    try bundle.save(to: model)
    func answer(_ color: String) throws -> Substring? {
      let rows = "x1,x2,color,member,code,kind,grade,y,who\\n1,1,\(color),true,1,a,1,1,p1\\n"
      return try Program.shell("printf '\(rows)' | $S predict \(model)").output.split(separator: "\n").last
    }
    #expect(try answer("") == answer("red"))
    #expect(try answer("") != answer("black"))
  }

  // MARK: Runs

  /// What can be seen of a run: its bundle without the record of the recipe, and its figures; or its refusal.
  struct Seen: Equatable, CustomStringConvertible {
    var parameters: [UInt8] = []
    var description = ""
    var refusal: String?
  }

  private static func run(_ settings: [String], _ checkpoints: Checkpoints? = nil) throws -> TrainingOutcome {
    var settings = settings
    if !settings.contains(where: { $0.hasPrefix("target=") }) { settings.append("target=label") }
    let data = settings.last { $0.hasPrefix("data=") }?.dropFirst(5) ?? "main.csv"
    settings.removeAll { $0.hasPrefix("data=") }
    let command = try TrainCommand.parse([folder + "/" + data] + settings.flatMap { ["--set", $0] })
    let recipe = try command.resolvedRecipe()
    return try Experiment(DataLoader(recipe), recipe).run(recipe, name: "wired", checkpoints: checkpoints)
  }

  private static func seen(_ settings: [String]) -> Seen {
    let model = folder + "/\(UUID())"
    let checkpoints = Checkpoints(model + ".checkpoint")
    defer {
      try? FileManager.default.removeItem(atPath: model)
      checkpoints.remove()
    }
    do {
      let outcome = try run(settings, checkpoints)
      try outcome.bundle.save(to: model)
      let json = try JSONValue.parse(ByteSource.file(model + "/model.json").readAll()[...], name: "model.json")
      let kept =
        (json.members ?? []).filter { $0.name != "training" } + [.init("threads", json["training"]?["threads"] ?? 0)]
      let state = checkpoints.path + "/checkpoint.json"
      let epoch = try checkpoints.exists ? YAML.read(.file(state)).value["epoch"] : nil
      let noise = ["seconds", "examples_per_second", "seed"]
      let figures = (outcome.json(path: "").members ?? []).filter { !noise.contains($0.name) }
      return Seen(
        parameters: try ByteSource.file(model + "/model.safetensors").readAll(),
        description: JSONValue.object(kept + figures + [.init("checkpoint", epoch ?? 0)]).encoded())
    } catch {
      return Seen(refusal: "\(error)")
    }
  }

  /// Small data with something for each setting: a gap in every kind of column, rare categories, groups, pictures.
  private static let folder: String = {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-wiring").path
    do { try writeData(to: folder) } catch { Issue.record("no data for the wiring: \(error)") }
    return folder
  }()

  private static func writeData(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder + "/pictures", withIntermediateDirectories: true)
    let header = "x1,x2,color,member,code,label,kind,grade,y,who,split"
    let rows = (0..<90).map { row -> String in
      let x1 = row % 11 == 0 ? "NA" : row % 13 == 0 ? "50" : "\(Double(row * 7 % 23) / 4)"
      let x2 = row % 17 == 0 ? "-999" : "\(Double(row * 5 % 19) / 3)"
      let color = row % 10 == 9 ? "" : row % 10 < 5 ? "red" : row % 10 < 8 ? "blue" : row % 20 == 8 ? "black" : "green"
      let isYes = row * 7 % 23 > 14 || row % 29 == 0
      let kind = ["a", "b", "c"][(row * 7 % 23 + row % 2) % 3]
      let part = row % 5 == 0 ? "test" : row % 7 == 0 ? "validation" : "train"
      return [
        x1, x2, color, row % 3 == 0 ? "true" : "false", "\(row % 4 + 1)", isYes ? "yes" : "no", kind, "\(row % 5)",
        "\(Double(row * 7 % 23) * 1.5 + Double(row % 4))", "p\(row % 15)", part,
      ].joined(separator: ",")
    }
    func write(_ text: String, _ name: String) throws {
      try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
    }
    try write(([header] + rows).joined(separator: "\n") + "\n", "main.csv")
    try write(([header] + rows.prefix(60)).joined(separator: "\n") + "\n", "short.csv")
    // A cell of a picture that is empty everywhere.
    let cells = (0..<40).map { "\($0 % 7),0,\($0 % 7 > 3 ? "yes" : "no")" }
    try write((["ink,empty,label"] + cells).joined(separator: "\n") + "\n", "even.csv")

    // Each amount can be read in two ways, and a town is written in two.
    let amounts = (0..<60).map { row in
      "\"\(row * 7 % 23 + 1),\(100 + row)\";\(row % 3 == 0 ? "Rome" : row % 3 == 1 ? "rome" : "Bern");"
        + "\(row * 7 % 23 > 11 ? "yes" : "no")"
    }
    try write((["amount;town;label"] + amounts).joined(separator: "\n") + "\n", "amounts.csv")

    let stars = (0..<200).map { row in "u\(row % 11),i\(row * 7 % 13),\(1 + row * row % 5)" }
    try write((["who,what,stars"] + stars).joined(separator: "\n") + "\n", "stars.csv")

    try? FileManager.default.removeItem(atPath: folder + "/base.sqlite")
    let database = try DatabaseQueue(path: folder + "/base.sqlite")
    try database.write { db in
      for (table, rows) in [("one", 60), ("two", 40)] {
        try db.execute(sql: "CREATE TABLE \(table) (x REAL, label TEXT)")
        for row in 0..<rows {
          try db.execute(
            sql: "INSERT INTO \(table) VALUES (?, ?)", arguments: [Double(row * 7 % 23), row % 3 == 0 ? "yes" : "no"])
        }
      }
    }
    try database.close()

    // Photos by class, each of one color.
    for (label, red) in [("dark", 20), ("light", 200)] {
      try FileManager.default.createDirectory(atPath: folder + "/photos/" + label, withIntermediateDirectories: true)
      for number in 0..<12 {
        let bytes = (0..<75).map { UInt8($0 % 3 == 0 ? red : number * 9) }
        let photo = Data(Picture(width: 5, height: 5, channels: 3, bytes: bytes).png())
        try photo.write(to: URL(fileURLWithPath: folder + "/photos/\(label)/\(number).png"))
      }
    }

    // 40 pictures of 3 by 3 pixels: their format is IDX, four numbers and then bytes.
    let pixels = (0..<360).map { UInt8($0 * 37 % 251) }
    let head: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 3, 0, 0, 0, 3]
    for part in ["train", "test"] {
      try Data(head + pixels).write(to: URL(fileURLWithPath: folder + "/pictures/\(part).idx"))
      let light = (0..<40).map { "\($0 * 3 % 17)" }.joined(separator: "\n")
      try write("light\n\(light)\n", "pictures/\(part).csv")
    }
    try write(
      """
      name: pictures
      title: Pictures
      task: regression
      target: light
      files:
        train: {images: train.idx, labels: train.csv}
        test: {images: test.idx, labels: test.csv}
      columns:
        image: {type: image, meaning: "3 by 3 pixels"}
        light: {type: number, meaning: "light"}
      """, "pictures/dataset.yaml")
  }
}
