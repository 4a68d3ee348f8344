// SPDX-License-Identifier: Apache-2.0
//
// Reading a recipe: every key known, every value in its range, every mistake with its line.
//
// Before    Recipe.swift     After    RecipeJSON.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors

/// Reads the parts of a recipe, and remembers where they stand.
struct RecipeReader {
  let document: YAMLDocument

  private static let keys: [String: [String]] = [
    "": [
      "data", "source", "target", "task", "columns", "features", "pipeline", "split", "model", "training", "decision",
    ],
    "source": ["table", "query", "missing"],
    "features": ["include", "exclude"],
    "pipeline": ["numeric", "categorical", "image"],
    "pipeline.numeric": ["impute", "scale"],
    "pipeline.categorical": ["impute", "encode", "min_count"],
    "pipeline.image": ["scale"],
    "split": ["column", "group", "test", "validation", "stratify", "seed"],
    "model": ["kind", "hidden", "activation", "dropout"],
    "training": [
      "optimizer", "learning_rate", "momentum", "batch_size", "epochs", "weight_decay", "l2", "schedule", "tolerance",
      "max_iterations", "early_stopping", "class_weight", "clip_norm", "checkpoint", "threads", "seed",
    ],
    "decision": ["positive", "threshold"],
  ]

  /// Refuses keys that there are not, with the nearest that there is.
  private func checkKeys(_ value: JSONValue, _ path: String) throws {
    guard let known = RecipeReader.keys[path] else { return }
    guard let members = value.members else {
      throw document.error(
        at: path, "\"\(path.isEmpty ? "the recipe" : path)\" must be a mapping of keys to values, not \(value.kind).")
    }
    for member in members {
      let memberPath = path.isEmpty ? member.name : "\(path).\(member.name)"
      guard known.contains(member.name) else {
        throw document.error(
          at: memberPath, "there is no key \"\(memberPath)\".\(suggestion(for: member.name, in: known))")
      }
      try checkKeys(member.value, memberPath)
    }
  }

  func read() throws -> Recipe {
    var recipe = Recipe()
    guard document.value != .null else { return recipe }
    try checkKeys(document.value, "")
    try set(&recipe.data, "data")
    try setOptional(&recipe.source.table, "source.table")
    try setOptional(&recipe.source.query, "source.query")
    try set(&recipe.source.missing, "source.missing")
    if let target = value("target"), target != .null {
      recipe.targets = try target.string.map { $0.split(separator: ",").map { String($0) } } ?? texts(target, "target")
    }
    try setChoice(&recipe.task, "task", ["classification": .classification, "regression": .regression, "auto": nil])
    if let columns = value("columns"), columns != .null {
      guard let members = columns.members else { throw mismatch("columns", "a mapping of names to types", columns) }
      for member in members {
        let types: [ColumnType] = [.number, .boolean, .category, .text]
        guard let type = types.first(where: { $0.rawValue == member.value.string }) else {
          throw document.error(
            at: "columns.\(member.name)", "the type of a column is number, boolean, category or text.")
        }
        recipe.columns[member.name] = type
      }
    }
    if let include = value("features.include"), include != .null {
      recipe.features.include = try texts(include, "features.include")
    }
    try set(&recipe.features.exclude, "features.exclude")
    try readPipeline(&recipe.pipeline)
    try readSplit(&recipe.split)
    try readModel(&recipe.model)
    try readTraining(&recipe.training)
    try setOptional(&recipe.decision.positive, "decision.positive", none: "auto")
    try set(&recipe.decision.threshold, "decision.threshold", in: 0...1)
    return recipe
  }

  private func readPipeline(_ options: inout PipelineOptions) throws {
    if let impute = value("pipeline.numeric.impute") {
      switch impute {
      case "mean": options.numericImpute = .mean
      case "median": options.numericImpute = .median
      case .number(let constant): options.numericImpute = .constant(constant)
      default: throw mismatch("pipeline.numeric.impute", "mean, median or a number", impute)
      }
    }
    try setChoice(&options.numericScale, "pipeline.numeric.scale")
    try setChoice(&options.categoricalImpute, "pipeline.categorical.impute")
    if let encode = value("pipeline.categorical.encode"), encode != "one_hot" {
      throw mismatch("pipeline.categorical.encode", "one_hot", encode)
    }
    try set(&options.minimumCount, "pipeline.categorical.min_count", in: 0...1_000_000_000)
    try setChoice(&options.imageScale, "pipeline.image.scale")
  }

  private func readSplit(_ split: inout Recipe.SplitOptions) throws {
    try setOptional(&split.column, "split.column")
    try setOptional(&split.group, "split.group")
    try set(&split.test, "split.test", in: 0...0.9)
    try set(&split.validation, "split.validation", in: 0...0.9)
    try set(&split.stratify, "split.stratify")
    var seed = Int(split.seed)
    try set(&seed, "split.seed", in: 0...Int(Int32.max))
    split.seed = UInt64(seed)
  }

  private func readModel(_ model: inout Recipe.Model) throws {
    try setChoice(&model.kind, "model.kind")
    if let hidden = value("model.hidden") {
      let list = hidden.array ?? [hidden]
      model.hidden = try list.map { size in
        guard let size = size.integer, (1...1 << 16).contains(size) else {
          throw mismatch("model.hidden", "a list of layer sizes from 1 to 65536, such as [64, 32]", hidden)
        }
        return size
      }
      guard model.hidden.count <= 32 else { throw mismatch("model.hidden", "at most 32 layers", hidden) }
    }
    try setChoice(
      &model.activation, "model.activation", ["relu": .relu, "tanh": .tanh, "sigmoid": .sigmoid, "gelu": .gelu])
    try set(&model.dropout, "model.dropout", in: 0...0.99)
  }

  private func readTraining(_ training: inout Recipe.Training) throws {
    try setChoice(&training.optimizer, "training.optimizer")
    try set(&training.learningRate, "training.learning_rate", in: 1e-12...1e6)
    try set(&training.momentum, "training.momentum", in: 0...0.9999)
    try set(&training.batchSize, "training.batch_size", in: 1...1 << 24)
    try set(&training.epochs, "training.epochs", in: 1...1_000_000)
    try set(&training.weightDecay, "training.weight_decay", in: 0...1e6)
    try set(&training.l2, "training.l2", in: 0...1e12)
    try setChoice(&training.schedule, "training.schedule")
    try set(&training.tolerance, "training.tolerance", in: 0...1)
    try set(&training.maximumIterations, "training.max_iterations", in: 1...10_000_000)
    try set(&training.earlyStopping, "training.early_stopping", in: 0...1_000_000)
    try setChoice(&training.classWeight, "training.class_weight")
    try set(&training.clipNorm, "training.clip_norm", in: 0...1e9)
    try set(&training.checkpoint, "training.checkpoint", in: 0...1_000_000)
    if value("training.threads") != "auto" { try set(&training.threads, "training.threads", in: 0...1024) }
    var seed = Int(training.seed)
    try set(&seed, "training.seed", in: 0...Int(Int32.max))
    training.seed = UInt64(seed)
  }

  // MARK: Values by their path

  private func value(_ path: String) -> JSONValue? {
    path.split(separator: ".").reduce(document.value) { value, key in value?[String(key)] }
  }

  private func mismatch(_ path: String, _ expected: String, _ found: JSONValue) -> FormatError {
    document.error(at: path, "\"\(path)\" must be \(expected), not \(found.encoded()).")
  }

  private func texts(_ value: JSONValue, _ path: String) throws -> [String] {
    let list = value.array ?? [value]
    return try list.map { item in
      // A column may be called 2024, and a missing value may be written -999.
      guard let text = item.string ?? item.number.map(JSONValue.spelling(of:)) else {
        throw mismatch(path, "a list of words", value)
      }
      return text
    }
  }

  private func set(_ target: inout String, _ path: String) throws {
    guard let value = value(path) else { return }
    guard let text = value.string else { throw mismatch(path, "text", value) }
    target = text
  }

  private func setOptional(_ target: inout String?, _ path: String, none: String = "none") throws {
    guard let value = value(path) else { return }
    if value == .null || value.string == none || value == 0 && none == "none" { return target = nil }
    guard let text = value.string ?? value.number.map(JSONValue.spelling(of:)) ?? value.bool.map({ "\($0)" }) else {
      throw mismatch(path, "text, or \(none)", value)
    }
    target = text
  }

  private func set(_ target: inout [String], _ path: String) throws {
    guard let value = value(path) else { return }
    target = value == "none" || value == .null ? [] : try texts(value, path)
  }

  private func set(_ target: inout Bool, _ path: String) throws {
    guard let value = value(path) else { return }
    guard let bool = value.bool else { throw mismatch(path, "true or false", value) }
    target = bool
  }

  private func set(_ target: inout Int, _ path: String, in range: ClosedRange<Int>) throws {
    guard let value = value(path) else { return }
    guard let number = value == "none" ? 0 : value.integer, range.contains(number) else {
      throw mismatch(path, "a whole number from \(range.lowerBound) to \(range.upperBound)", value)
    }
    target = number
  }

  private func set(_ target: inout Double, _ path: String, in range: ClosedRange<Double>) throws {
    guard let value = value(path) else { return }
    guard let number = value == "none" ? 0 : value.number, range.contains(number) else {
      throw mismatch(path, "a number from \(range.lowerBound) to \(range.upperBound)", value)
    }
    target = number
  }

  private func set(_ target: inout Float, _ path: String, in range: ClosedRange<Double>) throws {
    var number = Double(target)
    try set(&number, path, in: range)
    target = Float(number)
  }

  private func setChoice<Choice: RawRepresentable & CaseIterable>(_ target: inout Choice, _ path: String) throws
  where Choice.RawValue == String {
    try setChoice(&target, path, Dictionary(uniqueKeysWithValues: Choice.allCases.map { ($0.rawValue, $0) }))
  }

  private func setChoice<Choice>(_ target: inout Choice, _ path: String, _ choices: [String: Choice]) throws {
    guard let value = value(path) else { return }
    let name = value.string ?? (value == 0 || value == .null ? "none" : "")
    guard let choice = choices[name] else {
      throw mismatch(path, "one of " + choices.keys.sorted().joined(separator: ", "), value)
    }
    target = choice
  }
}
