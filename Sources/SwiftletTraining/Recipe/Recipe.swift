// SPDX-License-Identifier: Apache-2.0
//
// Recipe: everything that decides a run.
//
// The defaults stand here and nowhere else. A recipe file, flags and `--set` lay themselves over them, in
// this order; the result goes into the bundle, so that a model can always say how it was made.
//
// Before    SwiftletModels     After    RecipeSettings.swift

import SwiftletModels
import SwiftletTables
import SwiftletTensors

/// Everything that decides a run. The defaults are those of the command line.
public struct Recipe: Sendable, Equatable {
  /// A dataset folder, a file, or `-`.
  public var data = "."
  /// What else is said of where the data are.
  public var source = Source()
  /// The columns to predict: one, or several of a regression. Empty: what the data set says.
  public var targets: [String] = []
  /// The task of a head, such as `classification`; `nil`: what the target's values suggest.
  public var task: String?
  /// Types of columns that are given and not inferred.
  public var columns: [String: ColumnType] = [:]
  /// Which columns are features.
  public var features = Features()
  /// How columns become numbers.
  public var pipeline = PipelineOptions()
  /// Which rows teach, choose and judge.
  public var split = SplitOptions()
  /// The kind of model and its layers.
  public var model = Model()
  /// How it is fitted.
  public var training = Training()
  /// How probabilities become a class.
  public var decision = Decision()

  /// The defaults.
  public init() {}

  /// A database's table or query, and how missing values are written.
  public struct Source: Sendable, Equatable {
    /// The table of a SQLite file.
    public var table: String?
    /// One SELECT, in the place of a table.
    public var query: String?
    /// Spellings that stand for a missing value, beside the usual ones.
    public var missing: [String] = []
    /// The only spellings that stand for a missing value; `nil` for the usual ones and ``missing``.
    public var missingOnly: [String]?
    /// How numbers, headers and quotes are written, where it is not to be found out.
    public var reading = ReadingOptions()
  }

  /// A reader of the data, by what the recipe says of them.
  public var tableReader: TableReader {
    let usual = source.missingOnly.map { MissingSpellings($0) } ?? .standard
    return TableReader(types: columns, missing: usual.adding(source.missing), options: source.reading)
  }

  /// The columns to learn from.
  public struct Features: Sendable, Equatable {
    /// `nil`: all columns but the target and the split.
    public var include: [String]?
    /// Columns that are left out.
    public var exclude: [String] = []
  }

  /// A column, time, groups, or the rule.
  public struct SplitOptions: Sendable, Equatable {
    /// A column whose values are train, validation and test. `auto`: the one called `split`, where there is one.
    public var column: String? = Self.automaticColumn
    /// A column of numbers or dates: the last rows by it are the test.
    public var time: String?
    /// A column whose rows of one value stay together.
    public var group: String?
    /// The part of the rows that judges, where the rule decides.
    public var test = 0.2
    /// The part of what is left that chooses.
    public var validation = 0.1
    /// Whether each class is split by itself.
    public var stratify = true
    /// Stands in the place of the rule's salt.
    public var seed: UInt64 = 34
  }

  /// A kind, and what it is made of.
  public struct Model: Sendable, Equatable {
    /// The name of one of the ``ModelKinds``.
    public var kind = MLPKind.name
    /// The sizes of the hidden layers.
    public var hidden = [64, 32]
    /// The activation between the layers.
    public var activation = Activation.relu
    /// The part of the hidden numbers that is dropped while training.
    public var dropout: Float = 0
  }

  /// `auto` is L-BFGS for the convex models and Adam for the others.
  public enum OptimizerKind: String, Sendable, CaseIterable {
    /// L-BFGS for the convex models, Adam for the others.
    case auto
    /// All examples in every step, for the convex models.
    case lbfgs
    /// A step of its own for each parameter.
    case adam
    /// The same, with a decay of the weights that is no part of the gradient.
    case adamw
    /// The gradient times the learning rate, and a part of the last step.
    case sgd
  }
  /// How the learning rate changes: `Schedule` of `SwiftletNN` has the formulas.
  public enum ScheduleKind: String, Sendable, CaseIterable {
    /// The learning rate stays.
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
    /// Each class counts the same in all, however rare it is.
    case balanced
  }

  /// The settings of a fit.
  public struct Training: Sendable, Equatable {
    /// What takes the steps.
    public var optimizer = OptimizerKind.auto
    /// How long they are.
    public var learningRate: Float = 0.001
    /// Of SGD: how much of the last step is added.
    public var momentum: Float = 0.9
    /// Examples in a step.
    public var batchSize = 32
    /// Times that every example is seen.
    public var epochs = 50
    /// How strongly weights are pulled to zero; for the mini-batch optimizers.
    public var weightDecay: Float = 0
    /// The strength of the penalty on the weights of a logistic or linear model.
    public var l2 = 1.0
    /// How the learning rate changes.
    public var schedule = ScheduleKind.constant
    /// L-BFGS ends where the gradient's length is within it.
    public var tolerance = 1e-5
    /// L-BFGS ends after so many.
    public var maximumIterations = 100
    /// After so many epochs without a better validation loss the run ends; 0 never.
    public var earlyStopping = 10
    /// Whether rare classes count more.
    public var classWeight = ClassWeight.none
    /// A column that says how much each row counts; it is not a feature.
    public var weight: String?
    /// The largest norm of a step's gradient; 0 for no limit.
    public var clipNorm: Float = 0
    /// 0: as many as there are processors.
    public var threads = 0
    /// Number of epochs from one checkpoint to the next; 0 for none.
    public var checkpoint = 0
    /// Decides the first parameters, the order of the examples, and dropout.
    public var seed: UInt64 = 7
  }

  /// From the probability of two classes to one of them.
  public struct Decision: Sendable, Equatable {
    /// The label that counts as positive; `nil`: the second.
    public var positive: String?
    /// How probable the positive class must be.
    public var threshold = 0.5
  }

  /// What `auto` stands for.
  public var resolvedOptimizer: OptimizerKind {
    training.optimizer != .auto ? training.optimizer : isConvex ? .lbfgs : .adam
  }

  /// Whether the kind of model has an objective with one minimum.
  var isConvex: Bool {
    ModelKinds.all.contains { $0.name == model.kind && $0.isConvex }
  }
}
