// SPDX-License-Identifier: Apache-2.0
//
// Recipe: everything that decides a run.
//
// The defaults stand here and nowhere else. A recipe file, flags and `--set` lay themselves over them, in
// this order; the result goes into the bundle, so that a model can always say how it was made.
//
// Before    SwiftletModels     After    RecipeReader.swift

import SwiftletModels
import SwiftletTables
import SwiftletTensors

public struct Recipe: Sendable, Equatable {
  /// A dataset folder, a file, or `-`.
  public var data = "."
  public var source = Source()
  /// The columns to predict: one, or several of a regression. Empty: what the data set says.
  public var targets: [String] = []
  /// `nil`: what the target's values suggest.
  public var task: Task?
  /// Types of columns that are given and not inferred.
  public var columns: [String: ColumnType] = [:]
  public var features = Features()
  public var pipeline = PipelineOptions()
  public var split = SplitOptions()
  public var model = Model()
  public var training = Training()
  public var decision = Decision()

  public init() {}

  public struct Source: Sendable, Equatable {
    public var table: String?
    public var query: String?
    public var missing = MissingSpellings.standard.spellings
  }

  public struct Features: Sendable, Equatable {
    /// `nil`: all columns but the target and the split.
    public var include: [String]?
    public var exclude: [String] = []
  }

  public struct SplitOptions: Sendable, Equatable {
    /// A column whose values are train, validation and test, where there is one.
    public var column: String? = "split"
    /// A column whose rows of one value stay together.
    public var group: String?
    public var test = 0.2
    public var validation = 0.1
    public var stratify = true
    public var seed: UInt64 = 34
  }

  public struct Model: Sendable, Equatable {
    public var kind = ModelKind.mlp
    public var hidden = [64, 32]
    public var activation = Activation.relu
    public var dropout: Float = 0
  }

  public enum OptimizerKind: String, Sendable, CaseIterable { case auto, lbfgs, adam, adamw, sgd }
  public enum ScheduleKind: String, Sendable, CaseIterable { case constant, step, cosine, warmup }
  public enum ClassWeight: String, Sendable, CaseIterable {
    case none
    /// Each class counts the same in all, however rare it is.
    case balanced
  }

  public struct Training: Sendable, Equatable {
    public var optimizer = OptimizerKind.auto
    public var learningRate: Float = 0.001
    public var momentum: Float = 0.9
    public var batchSize = 32
    public var epochs = 50
    public var weightDecay: Float = 0
    /// The strength of the penalty on the weights of a logistic or linear model.
    public var l2 = 1.0
    public var schedule = ScheduleKind.constant
    public var tolerance = 1e-5
    public var maximumIterations = 100
    /// After so many epochs without a better validation loss the run ends; 0 never.
    public var earlyStopping = 10
    public var classWeight = ClassWeight.none
    /// The largest norm of a step's gradient; 0 for no limit.
    public var clipNorm: Float = 0
    /// 0: as many as there are processors.
    public var threads = 0
    public var seed: UInt64 = 7
  }

  public struct Decision: Sendable, Equatable {
    /// The label that counts as positive; `nil`: the second.
    public var positive: String?
    public var threshold = 0.5
  }

  /// What `auto` stands for.
  public var resolvedOptimizer: OptimizerKind {
    training.optimizer != .auto ? training.optimizer : model.kind == .mlp ? .adam : .lbfgs
  }
}
