// SPDX-License-Identifier: Apache-2.0
//
// TuningSpace: the settings that a search varies, and the values it tries.
//
// A list is a choice, `from` and `to` a range with both ends in it. Trial i is the fractional part of u₀ + i·α, with
// α from the root of x^(d+1) = x + 1: the points fill the space evenly however many there are, and each is known from
// its number alone, so that a study can be resumed, extended, and shared out.
//
// Shapes    d settings
// Before    Verdict.swift     After    TuningOptions.swift
// Source    Roberts, "The Unreasonable Effectiveness of Quasirandom Sequences" (2018)

import Foundation
import SwiftletFormats
import SwiftletTables
import SwiftletTensors
import SwiftletTraining

/// The values that a search tries for one setting.
public struct TuningDimension: Sendable, Equatable {
  /// The setting's key, such as `training.learning_rate`.
  public let key: String
  /// What is tried.
  public let candidates: Candidates

  /// A choice or a range.
  public enum Candidates: Sendable, Equatable {
    /// One of these.
    case choice([JSONValue])
    /// A number in a range, both ends included.
    case range(TuningRange)
  }

  /// The value at a place in the dimension, from 0 up to but not including 1.
  public func value(at place: Double) -> JSONValue {
    switch candidates {
    case .choice(let choices): choices[min(Int(place * Double(choices.count)), choices.count - 1)]
    case .range(let range): .number(range.value(at: place))
    }
  }
}

/// A range of numbers to try.
public struct TuningRange: Sendable, Equatable {
  /// The least and the greatest value.
  public var bounds: ClosedRange<Double>
  /// Whether equal factors are equally far apart, and not equal steps.
  public var isLogarithmic = false
  /// The distance from one value to the next; `nil` for any value.
  public var step: Double?
  /// Whether only whole numbers are tried.
  public var isWhole = false

  /// The value at a place in the range, from 0 up to but not including 1.
  func value(at place: Double) -> Double {
    let (low, high) = (bounds.lowerBound, bounds.upperBound)
    if let step {
      let count = ((high - low) / step + 1e-9).rounded(.down) + 1
      let value = low + (place * count).rounded(.down) * step
      return min(high, (value * 1e12).rounded() / 1e12)
    }
    let value = isLogarithmic ? exp(log(low) + place * (log(high) - log(low))) : low + place * (high - low)
    if isWhole { return min(high, max(low, value.rounded())) }
    return min(high, max(low, fewDigits(value)))
  }

  /// Four digits: no result depends on more, and a recipe with them can be read.
  private func fewDigits(_ value: Double) -> Double {
    guard value != 0, value.isFinite else { return value }
    let unit = pow(10, floor(log10(value.magnitude)) - 3)
    return Double(String(format: "%.4g", (value / unit).rounded() * unit)) ?? value
  }
}

/// The settings that a search varies.
public struct TuningSpace: Sendable, Equatable {
  /// One for each setting, in the order of the recipe.
  public let dimensions: [TuningDimension]

  /// The sections of a recipe whose settings can be varied: the others ask another question, or of other rows.
  private static let sections = ["model.", "training.", "pipeline."]
  private static let fixed = [
    "training.epochs", "training.threads", "training.checkpoint", "training.seed", "training.weight",
  ]

  /// Reads the section `search` of a recipe's `tune`.
  ///
  /// - Parameters:
  ///   - json: Keys with a list, or a mapping of `from`, `to`, and perhaps `scale` or `step`.
  ///   - recipe: The recipe that is varied; every value must be allowed in it.
  /// - Throws: `DataError` for a key that does not exist, an empty range, and a value that is not allowed.
  public init(_ json: JSONValue, varying recipe: Recipe) throws {
    guard let members = TuningSpace.flat(json), !members.isEmpty else {
      throw DataError(
        "tune.search must be a mapping of settings to what to try, such as training.learning_rate: {from: 1e-4, "
          + "to: 0.1, scale: log}.")
    }
    guard members.count <= 50 else { throw DataError("tune.search varies \(members.count) settings; 50 are the most.") }
    dimensions = try members.map { try TuningSpace.dimension($0, recipe) }
    let names = dimensions.map(\.key)
    if let twice = names.first(where: { name in names.filter { $0 == name }.count > 1 }) {
      throw DataError("tune.search names \(quoted(twice)) twice.")
    }
  }

  /// What is worth a try if the recipe does not say.
  public init(usualFor recipe: Recipe) throws {
    let isConvex = try ModelKinds.named(recipe.model.kind).isConvex
    let search: JSONValue =
      isConvex
      ? ["training.l2": ["from": 0.001, "to": 1000, "scale": "log"]]
      : [
        "training.learning_rate": ["from": 0.0003, "to": 0.03, "scale": "log"],
        "training.weight_decay": ["from": 0.000001, "to": 0.01, "scale": "log"],
        "training.batch_size": [16, 32, 64],
      ]
    let hidden: [JSONValue.Member] =
      recipe.model.kind == MLPKind.name
      ? [
        .init("model.hidden", [[32], [64], [64, 32], [128, 64]]),
        .init("model.dropout", ["from": 0, "to": 0.5, "step": 0.1]),
      ] : []
    try self.init(.object((search.members ?? []) + hidden), varying: recipe)
  }

  /// The settings of a trial, by their keys.
  ///
  /// - Parameters:
  ///   - index: The trial, from 1; trial 0 is the recipe itself.
  ///   - seed: Moves all points.
  public func settings(ofTrial index: Int, seed: UInt64) -> [JSONValue.Member] {
    let d = Double(dimensions.count)
    var root = 2.0
    for _ in 0..<64 { root = pow(1 + root, 1 / (d + 1)) }
    var start = Generator(seed: seed, stream: 14)
    var power = 1.0
    return dimensions.map { dimension in
      power /= root
      let place = start.uniform() + Double(index) * power
      return .init(dimension.key, dimension.value(at: place - place.rounded(.down)))
    }
  }

  /// Keys as paths, though a file may nest them.
  private static func flat(_ json: JSONValue, under path: String = "") -> [JSONValue.Member]? {
    guard let members = json.members else { return nil }
    return members.flatMap { member -> [JSONValue.Member] in
      let key = path.isEmpty ? member.name : path + "." + member.name
      let isRange = member.value["from"] != nil || member.value["to"] != nil
      if Recipe.settings[key] == nil, !isRange, let inner = flat(member.value, under: key), !inner.isEmpty {
        return inner
      }
      return [.init(key, member.value)]
    }
  }

  private static func dimension(_ member: JSONValue.Member, _ recipe: Recipe) throws -> TuningDimension {
    let key = member.name
    guard let setting = Recipe.settings[key] else {
      let names = Recipe.settings.settings.map(\.key).filter { name in sections.contains { name.hasPrefix($0) } }
      throw DataError("tune.search: there is no setting \(quoted(key)).\(suggestion(for: key, in: names))")
    }
    guard sections.contains(where: { key.hasPrefix($0) }), !fixed.contains(key) else {
      throw DataError(
        "tune.search: \(key) is not searched: the settings of model, training and pipeline are, without epochs (which "
          + "the search saves), seed, threads, weight and checkpoint.")
    }
    guard member.value.array != nil || isNumeric(setting.kind) else {
      throw DataError(
        "tune.search: \(key) is not a number, so there is no range of it. List what to try: \(key): [A, B].")
    }
    let candidates = try candidates(member, isWhole: isWhole(setting.kind))
    var tried = recipe
    let samples: [JSONValue]
    switch candidates {
    case .choice(let choices): samples = choices
    case .range(let range): samples = [.number(range.bounds.lowerBound), .number(range.bounds.upperBound)]
    }
    for sample in samples {
      do { try Recipe.settings.apply(sample, at: key, to: &tried) } catch let error as SettingError {
        throw DataError("tune.search: \(error.message)")
      }
    }
    return TuningDimension(key: key, candidates: candidates)
  }

  private static func isNumeric(_ kind: SettingKind) -> Bool {
    switch kind {
    case .number, .integer, .choiceOrNumber: true
    default: false
    }
  }

  private static func isWhole(_ kind: SettingKind) -> Bool { if case .integer = kind { true } else { false } }

  private static func candidates(_ member: JSONValue.Member, isWhole: Bool) throws -> TuningDimension.Candidates {
    let key = member.name
    if let choices = member.value.array {
      guard !choices.isEmpty else { throw DataError("tune.search: the list of \(key) is empty.") }
      return .choice(choices)
    }
    let words = ["from", "to", "scale", "step"]
    if let other = member.value.members?.first(where: { !words.contains($0.name) }) {
      throw DataError(
        "tune.search: there is no key \(quoted(other.name)) in a range.\(suggestion(for: other.name, in: words))")
    }
    guard let low = member.value["from"]?.number,
      let high = member.value["to"]?.number, low.isFinite, high.isFinite
    else {
      throw DataError(
        "tune.search: \(key) must be a list of values, or a range of numbers such as "
          + "{from: 0.001, to: 0.1, scale: log}.")
    }
    guard low < high else { throw DataError("tune.search: the range of \(key) from \(low) to \(high) is empty.") }
    let scale = member.value["scale"] ?? "linear"
    let scales: [JSONValue] = ["log", "linear"]
    guard scales.contains(scale) else {
      throw DataError("tune.search: the scale of \(key) is log or linear, not \(scale.encoded()).")
    }
    guard scale != "log" || low > 0 else {
      throw DataError("tune.search: a range on a log scale begins above 0, and that of \(key) begins at \(low).")
    }
    var range = TuningRange(bounds: low...high, isLogarithmic: scale == "log", isWhole: isWhole)
    if let step = member.value["step"] {
      guard let number = step.number, number > 0, scale != "log", (high - low) / number < 1e6 else {
        throw DataError("tune.search: the step of \(key) must be a number above 0, on a linear scale.")
      }
      range.step = number
    }
    return .range(range)
  }
}
