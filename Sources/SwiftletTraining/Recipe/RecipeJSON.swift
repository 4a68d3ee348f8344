// SPDX-License-Identifier: Apache-2.0
//
// Recipes as values: laid over each other, read, and written whole.
//
// Before    RecipeReader.swift     After    ../Metrics/ClassificationMetrics.swift

import SwiftletFormats
import SwiftletTables

extension Recipe {
  /// Reads a recipe, with settings laid over it.
  ///
  /// - Parameters:
  ///   - document: A recipe file, or an empty document.
  ///   - settings: Paths such as `training.epochs` and their values; later ones win.
  /// - Throws: `FormatError` with the line of what is wrong.
  public init(_ document: YAMLDocument, settings: [(path: String, value: JSONValue)] = []) throws {
    var document = document
    if case .null = document.value { document.value = .object([]) }
    // Another kind of model wants other settings than those that the file gives its own.
    if let kind = settings.last(where: { $0.path == "model.kind" })?.value, let own = document.value["model"]?["kind"],
      own != kind,
      case .object(let members) = document.value
    {
      document.value = .object(members.filter { $0.name != "model" && $0.name != "training" })
    }
    for (path, value) in settings {
      document.value = try document.value.setting(path.split(separator: ".").map(String.init)[...], to: value, path)
    }
    self = try RecipeReader(document: document).read()
  }

  /// Every setting, in the form of the file.
  public var json: JSONValue {
    func optional(_ text: String?, _ none: String = "none") -> JSONValue { .string(text ?? none) }
    let impute: JSONValue =
      switch pipeline.numericImpute {
      case .mean: "mean"
      case .median: "median"
      case .constant(let value): .number(value)
      }
    var features: [JSONValue.Member] = [.init("exclude", JSONValue(self.features.exclude))]
    if let include = self.features.include { features.insert(.init("include", JSONValue(include)), at: 0) }
    return .object([
      .init("data", .string(data)),
      .init(
        "source",
        ["table": optional(source.table), "query": optional(source.query), "missing": JSONValue(source.missing)]),
      .init("target", targets.count == 1 ? .string(targets[0]) : JSONValue(targets)),
      .init("task", optional(task?.rawValue, "auto")),
      .init("columns", .object(columns.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value.rawValue)) })),
      .init("features", .object(features)),
      .init(
        "pipeline",
        [
          "numeric": ["impute": impute, "scale": .string(pipeline.numericScale.rawValue)],
          "categorical": [
            "impute": .string(pipeline.categoricalImpute.rawValue), "encode": "one_hot",
            "min_count": JSONValue(pipeline.minimumCount),
          ],
          "image": ["scale": .string(pipeline.imageScale.rawValue)],
        ]),
      .init(
        "split",
        [
          "column": optional(split.column), "group": optional(split.group), "test": .number(split.test),
          "validation": .number(split.validation), "stratify": .bool(split.stratify),
          "seed": JSONValue(Int(split.seed)),
        ]),
      .init(
        "model",
        [
          "kind": .string(model.kind.rawValue), "hidden": .array(model.hidden.map { JSONValue($0) }),
          "activation": .string(model.activation.rawValue), "dropout": number(model.dropout),
        ]),
      .init(
        "training",
        [
          "optimizer": .string(resolvedOptimizer.rawValue), "learning_rate": number(training.learningRate),
          "momentum": number(training.momentum), "batch_size": JSONValue(training.batchSize),
          "epochs": JSONValue(training.epochs),
          "weight_decay": number(training.weightDecay), "l2": .number(training.l2),
          "schedule": .string(training.schedule.rawValue),
          "tolerance": .number(training.tolerance), "max_iterations": JSONValue(training.maximumIterations),
          "early_stopping": JSONValue(training.earlyStopping), "class_weight": .string(training.classWeight.rawValue),
          "clip_norm": number(training.clipNorm), "checkpoint": JSONValue(training.checkpoint),
          "threads": JSONValue(training.threads),
          "seed": JSONValue(Int(training.seed)),
        ]),
      .init("decision", ["positive": optional(decision.positive, "auto"), "threshold": .number(decision.threshold)]),
    ])
  }

  /// A 32-bit number with the digits that name it, and not those of its neighbor in 64 bits.
  private func number(_ value: Float) -> JSONValue { .number(Double(value.description) ?? Double(value)) }
}

extension JSONValue {
  /// The value with the member at a path replaced or added. Where both are objects the new one is laid over the
  /// old, so that `--seed 3 --set training={epochs: 5}` keeps the seed.
  func setting(_ keys: ArraySlice<String>, to value: JSONValue, _ path: String) throws -> JSONValue {
    guard let key = keys.first else {
      guard members != nil, let laidOver = value.members else { return value }
      return try laidOver.reduce(self) { try $0.setting([$1.name], to: $1.value, "\(path).\($1.name)") }
    }
    guard var members = self == .null ? [] : members else {
      throw DataError("--set \(path): \"\(key)\" stands inside something that holds no keys.")
    }
    let inner = try (self[key] ?? .null).setting(keys.dropFirst(), to: value, path)
    if let position = members.firstIndex(where: { $0.name == key }) {
      members[position].value = inner
    } else {
      members.append(.init(key, inner))
    }
    return .object(members)
  }
}
