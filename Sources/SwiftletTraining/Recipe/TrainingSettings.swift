// SPDX-License-Identifier: Apache-2.0
//
// How a model is fitted.
//
// Before    ModelSettings.swift     After    DecisionSettings.swift

import SwiftletFormats

extension Recipe {
  /// The settings of a fit.
  public struct Training: Sendable, Equatable {
    /// The algorithm that changes the weights.
    public var optimizer = OptimizerKind.auto
    /// How far a step goes.
    public var learningRate: Float = 0.001
    /// The part of the last step that SGD adds to the next.
    public var momentum: Float = 0.9
    /// Number of examples in a step.
    public var batchSize = 32
    /// Number of times every training row is seen.
    public var epochs = 50
    /// How strongly the mini-batch optimizers pull weights to zero.
    public var weightDecay: Float = 0
    /// The strength of the penalty on the weights of a logistic or linear model.
    public var l2 = 1.0
    /// How the learning rate changes.
    public var schedule = ScheduleKind.constant
    /// The length of the gradient at which L-BFGS is done.
    public var tolerance = 1e-5
    /// The most iterations L-BFGS makes.
    public var maximumIterations = 100
    /// Number of epochs without a better validation loss after which training ends; 0: never.
    public var earlyStopping = 10
    /// Whether rare classes count more.
    public var classWeight = ClassWeight.none
    /// A column that says how much each row counts, which then is not a feature.
    public var weight: String?
    /// The largest norm of a step's gradient; 0 for no limit.
    public var clipNorm: Float = 0
    /// How training pictures are changed each time they are seen.
    public var augment = Augmentation()
    /// Number of threads; 0: one for each core.
    public var threads = 0
    /// Number of epochs from one checkpoint to the next; 0 for none.
    public var checkpoint = 0
    /// The seed of the first weights, the order of the examples, and dropout.
    public var seed: UInt64 = 7
  }

  /// The algorithms that change the weights.
  public enum OptimizerKind: String, Sendable, CaseIterable {
    /// L-BFGS for the convex models, Adam for the others.
    case auto
    /// All examples in every step, for the convex models.
    case lbfgs
    /// A step of its own for each parameter.
    case adam
    /// The same, with a weight decay that is kept out of the gradient.
    case adamw
    /// The gradient times the learning rate, plus a part of the last step.
    case sgd
  }

  /// How the learning rate changes: `Schedule` of `SwiftletNN` has the formulas.
  public enum ScheduleKind: String, Sendable, CaseIterable {
    /// The learning rate stays as it is.
    case constant
    /// A tenth of it after each third of the epochs.
    case step
    /// Half a cosine, down to zero at the last step.
    case cosine
    /// Up from zero over the first twentieth of the steps, then the cosine.
    case warmup
  }

  /// Whether rare classes count more.
  public enum ClassWeight: String, Sendable, CaseIterable {
    /// Every example counts the same.
    case none
    /// Each class counts the same in total, however rare it is.
    case balanced
  }

  /// The rows of these settings.
  static let trainingSettings: [Setting<Recipe>] = [
    .choice("training.optimizer", \.training.optimizer, "The algorithm that changes the weights.")
      .example("adam").flag()
      .detail(
        """
        auto: lbfgs, which looks at all rows in every step, for \
        \(ModelKinds.all.filter { $0.isConvex }.map { $0.name }.joined(separator: " and ")); adam for the others.
        """),
    .number("training.learning_rate", \.training.learningRate, 1e-12...1e6, "How far a step goes.")
      .example("0.01").flag().search(1e-4...1e-1, .logarithmic)
      .detail("For adam, adamw and sgd. If the loss jumps, try a tenth; if it creeps, ten times as much."),
    .number(
      "training.momentum", \.training.momentum, 0...0.9999, "The part of the last step that sgd adds to the next."
    )
    .example("0.5").search(0...0.99),
    .integer("training.batch_size", \.training.batchSize, 1...1 << 24, "The number of examples in a step.")
      .example("128").flag().search(8...512, .logarithmic)
      .detail("Larger batches compute faster and want a larger learning rate."),
    .integer("training.epochs", \.training.epochs, 1...1_000_000, "The number of times every training row is seen.")
      .example("20").flag().search(10...300, .logarithmic),
    .number(
      "training.weight_decay", \.training.weightDecay, 0...1e6, "How strongly an mlp's weights are pulled to zero."
    )
    .example("0.0003").search(1e-6...1e-1, .logarithmic),
    .number("training.l2", \.training.l2, 0...1e12, "The penalty on the weights of a logistic or linear model.")
      .example("0.1").flag().search(1e-3...1e3, .logarithmic)
      .detail("It counts once for the whole data set, so it weighs less the more rows there are."),
    .choice("training.schedule", \.training.schedule, "How the learning rate changes during training.")
      .example("cosine")
      .detail("step: a tenth after each third. cosine: down to zero. warmup: up first, then cosine."),
    .number("training.tolerance", \.training.tolerance, 0...1, "The length of the gradient at which lbfgs is done.")
      .example("0.001"),
    .integer(
      "training.max_iterations", \.training.maximumIterations, 1...10_000_000, "The most iterations lbfgs makes."
    )
    .example("500"),
    .integer(
      "training.early_stopping", \.training.earlyStopping, 0...1_000_000,
      "The number of epochs without a better validation loss after which training ends."
    )
    .example("30").detail("0 or none: never. The best epoch's weights are kept either way."),
    .choice("training.class_weight", \.training.classWeight, "Whether rare classes count more.")
      .example("balanced").detail("balanced: each class counts the same in total."),
    .optionalText("training.weight", \.training.weight, "A column that says how much each row counts.")
      .written { $0.training.weight != nil }.example("count").detail(
        "A row of weight 2 counts like two equal rows in training. The figures count every row once."),
    .number("training.clip_norm", \.training.clipNorm, 0...1e9, "The greatest length of a step's gradient.")
      .example("1").detail("0 or none: no limit. It helps if the loss jumps out of bounds."),
    .integer(
      "training.augment.shift", \.training.augment.shift, 0...64, "The most pixels a picture is moved in training."
    )
    .example("2").detail("By chance each time it is seen, to each side and up or down, so that a place is not learned.")
    .written { $0.training.augment.isActive },
    .truth("training.augment.flip", \.training.augment.flip, "Whether pictures are mirrored by chance in training.")
      .example("true").detail("Leave it off if left and right differ, as in letters and road signs.")
      .written { $0.training.augment.isActive },
    .integer(
      "training.checkpoint", \.training.checkpoint, 0...1_000_000,
      "The number of epochs from one checkpoint to the next."
    )
    .written { $0.training.checkpoint != 0 }.example("10")
    .detail("0 or none: no checkpoints. `train --resume` resumes from the last one. L-BFGS keeps none."),
    .integer("training.threads", \.training.threads, 0...1024, zero: "auto", "The number of threads.")
      .example("2").flag().detail("0: one for each core."),
    .seed("training.seed", \.training.seed, "The seed of the first weights, the order of the rows, and dropout.")
      .example("1").flag(),
  ]

  /// The optimizer, with `auto` replaced by the one it stands for.
  public var resolvedOptimizer: OptimizerKind {
    training.optimizer != .auto ? training.optimizer : isConvex ? .lbfgs : .adam
  }
}
