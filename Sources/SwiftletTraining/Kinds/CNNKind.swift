// SPDX-License-Identifier: Apache-2.0
//
// The convolutional network: what is in a picture, wherever in it.
//
// Before    MLPKind.swift     After    FactorsKind.swift
// Source    LeCun et al., "Gradient-Based Learning Applied to Document Recognition" (1998), section II

import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors

/// Convolutions over pictures, for every head.
public enum CNNKind: ConfigurableKind {
  public static let name = "cnn"
  public static let help = "convolutions, for pictures"
  public static let isConvex = false
  public static let reads = ["activation", "dropout"]

  public static func check(_ head: any Head) throws {}

  public static func blueprint(featureShape: Shape, scoreCount: Int, _ settings: Recipe.Model) throws -> Blueprint {
    guard featureShape.rank == 3 else {
      throw DataError("A cnn learns from pictures, and the features are columns. Use --model mlp.")
    }
    return .cnn(
      pictureShape: featureShape, channels: settings.channels, hiddenSizes: settings.dense, outputSize: scoreCount,
      isNormalized: settings.norm == .group, activation: settings.activation, dropoutRate: settings.dropout)
  }

  public static let remedy = "Use fewer channels (--set model.channels=[16, 32])."

  public static func title(_ network: Sequential) -> String {
    let channels = network.parameters.filter { $0.value.rank == 4 }.map { String($0.value.shape[0]) }
    return "convolutional network (\(channels.joined(separator: ", ")) channels)"
  }
}

// MARK: - Settings

extension CNNKind {
  package static let settings = rows.map { $0.written { $0.model.kind == name || !$0.model.own.isEmpty } }

  private static let rows: [Setting<Recipe>] = [
    .sizes("model.channels", \.model.channels, noun: "numbers of channels", "The channels of a cnn's convolutions.")
      .example("[32, 64, 128]").detail("A convolution for each, and behind it half the height and half the width."),
    .sizes("model.dense", \.model.dense, noun: "layer sizes", "A cnn's hidden layers behind its convolutions.")
      .example("[64]").detail("By default none: what the convolutions found leads to the scores at once."),
    .choice("model.norm", \.model.norm, "What a cnn's channels are normalized by.")
      .example("group").detail("group: some channels of a picture together. Deep networks learn faster with it."),
  ]

  /// What the channels of a picture are normalized by.
  public enum Normalization: String, Sendable, CaseIterable {
    /// They stay as they are.
    case none
    /// Some channels of one picture together: mean 0 and variance 1.
    case group
  }
}

extension Recipe.Model {
  /// The channels of a cnn's convolutions.
  public var channels: [Int] {
    get { own["channels"]?.integers ?? [16, 32] }
    set { own["channels"] = newValue == [16, 32] ? nil : .array(newValue.map { JSONValue($0) }) }
  }
  /// The sizes of a cnn's hidden layers behind its convolutions.
  public var dense: [Int] {
    get { own["dense"]?.integers ?? [] }
    set { own["dense"] = newValue.isEmpty ? nil : .array(newValue.map { JSONValue($0) }) }
  }
  /// What a cnn's channels are normalized by.
  public var norm: CNNKind.Normalization {
    get { own["norm"]?.string.flatMap(CNNKind.Normalization.init) ?? .none }
    set { own["norm"] = newValue == .none ? nil : .string(newValue.rawValue) }
  }
}
