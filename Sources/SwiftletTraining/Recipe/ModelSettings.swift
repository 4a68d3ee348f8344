// SPDX-License-Identifier: Apache-2.0
//
// The kind of model, and its layers.
//
// Before    SplitSettings.swift     After    TrainingSettings.swift

import SwiftletFormats
import SwiftletNN
import SwiftletTensors

extension Recipe {
  /// A kind of model, and its layers.
  public struct Model: Sendable, Equatable {
    /// The name of a kind in ``ModelKinds``.
    public var kind = MLPKind.name
    /// The sizes of the hidden layers.
    public var hidden = [64, 32]
    /// The activation between the layers of an MLP.
    public var activation = Activation.relu
    /// The part of the hidden units that is dropped in each training step.
    public var dropout: Float = 0
    /// The settings that only one kind has, by the last part of their keys; without those at their default.
    package var own: [String: JSONValue] = [:]
  }

  /// The rows of these settings.
  static let modelSettings: [Setting<Recipe>] = [
    Setting("model.kind", .choice(ModelKinds.names), "The kind of model.") {
      .string($0.model.kind)
    } set: {
      $0.model.kind = $1.string ?? ""
    }
    .example("logistic").flag("model")
    .detail(
      """
      \(ModelKinds.all.map { "\($0.name): \($0.help)." }.joined(separator: " ")) If a flag names another kind than \
      the recipe does, the recipe's model and training sections do not count, since they were chosen for its own kind.
      """),
    .sizes("model.hidden", \.model.hidden, noun: "layer sizes", "The sizes of the hidden layers.")
      .example("[128]").flag().detail("For an mlp. More and larger layers fit more, and overfit sooner."),
    Setting("model.activation", .choice(activations.map(\.name)), "The activation between the layers.") { recipe in
      .string(activations.first { $0.value == recipe.model.activation }?.name ?? "")
    } set: { recipe, word in
      if let named = activations.first(where: { .string($0.name) == word }) { recipe.model.activation = named.value }
    }
    .example("tanh"),
    .number("model.dropout", \.model.dropout, 0...0.99, "The part of the hidden units dropped in each training step.")
      .example("0.2").search(0...0.6).detail("Against overfitting; it slows learning down."),
  ]

  private static let activations: [(name: String, value: Activation)] = [
    ("relu", .relu), ("tanh", .tanh), ("sigmoid", .sigmoid), ("gelu", .gelu),
  ]

  /// A warning about settings of the model that its kind does not read.
  var unreadWarning: String? {
    guard let kind = try? ModelKinds.named(model.kind) else { return nil }
    let standard = Model()
    let shared = [
      ("hidden", model.hidden == standard.hidden), ("activation", model.activation == standard.activation),
      ("dropout", model.dropout == standard.dropout),
    ]
    let own = ((kind as? any ConfigurableKind.Type)?.settings ?? []).map(\.key)
    let unread =
      shared.filter { !$0.1 && !kind.reads.contains($0.0) }.map { "model." + $0.0 }
      + model.own.keys.sorted().map { "model." + $0 }.filter { !own.contains($0) }
    guard !unread.isEmpty else { return nil }
    return
      "The kind \(model.kind) does not read \(unread.joined(separator: " and ")), so that nothing comes of it. Leave it "
      + "out, or choose another model.kind."
  }

  /// Whether the kind of model has an objective with one minimum.
  var isConvex: Bool {
    ModelKinds.all.contains { $0.name == model.kind && $0.isConvex }
  }
}
