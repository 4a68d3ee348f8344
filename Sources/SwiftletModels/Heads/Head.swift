// SPDX-License-Identifier: Apache-2.0
//
// Head: what the scores of a network mean.
//
// The layers end in a few numbers for each row. A head decides what becomes of them: which columns of a table they
// predict, how wrong they are, what is answered, and how good the answers are. A head is a folder of its own and
// one line of `Heads.all`; nothing else in the package knows which heads there are.
//
// Shapes    N rows, S scores for a row, W answers for a row
// Before    Answers.swift     After    JudgedRows.swift

import SwiftletAutograd
import SwiftletFormats
import SwiftletTables
import SwiftletTensors

/// What the scores of a network mean.
public protocol Head: Sendable {
  // MARK: From a table to truth

  /// The word for it in a recipe and in model.json, such as `classification`.
  static var task: String { get }
  /// Whether target columns with these values are best predicted by this head, if the recipe leaves it open.
  static func suits(_ columns: [Column]) -> Bool
  /// Whether the target's cells are names, so that a number among them keeps the spelling of its file.
  static var keepsSpelling: Bool { get }
  /// Reads target columns.
  ///
  /// - Parameters:
  ///   - columns: The target columns, at least one.
  ///   - rows: The rows in which none of them is missing, at least one.
  ///   - options: What a recipe chooses of heads.
  /// - Returns: The head, and what is true of these rows.
  /// - Throws: `DataError` with the remedy if the columns cannot be predicted.
  static func prepare(_ columns: [Column], rows: [Int32], _ options: HeadOptions) throws -> (head: Self, truth: Truth)
  /// The head, fitted to the training rows: it measures the scale of a target, for instance.
  func fitted(to truth: Truth) -> Self
  /// The truth of rows that another head of this kind read, in the terms of this one.
  ///
  /// - Throws: `DataError` for a label that this head does not know, or another number of targets.
  func truth(_ truth: Truth, readBy other: any Head) throws -> Truth
  /// Whether a feature column is the target under another name.
  func isGivenAway(by column: Column, _ truth: Truth) -> Bool

  // MARK: From scores to answers

  /// S, the number of scores that the network must have for it.
  var scoreCount: Int { get }
  /// The outputs that are published.
  var outputs: [OutputSchema] { get }
  /// The labels whose probabilities an answer holds; empty if it holds predictions.
  var labels: [String] { get }
  /// The columns that an answer's numbers predict; empty if it holds probabilities.
  var targetNames: [String] { get }
  /// The least probability at which the second of two labels is answered; `nil` if no threshold decides.
  var threshold: Double? { get set }
  /// Turns scores into answers.
  ///
  /// - Parameters:
  ///   - scores: N · S numbers.
  ///   - answers: Room for N · W numbers.
  func finish(_ scores: UnsafeBufferPointer<Float>, into answers: UnsafeMutableBufferPointer<Double>)
  /// The position of the label that one row's answer decides for; 0 if there are no labels.
  func label(of answer: ArraySlice<Double>) -> Int
  /// One row's answer by names, as `swiftlet predict` writes it.
  func fields(of answer: ArraySlice<Double>) -> [JSONValue.Member]

  // MARK: In a bundle

  /// Reads the head of a model.json.
  ///
  /// - Parameters:
  ///   - json: The whole file: the head is in its `signature` and `threshold`.
  ///   - file: What messages call the file.
  /// - Throws: `FormatError` for what is absent or of another type.
  init(model json: JSONValue, file: String) throws
  /// The members of the signature in model.json: `outputs`, and what the head is made of.
  var signature: [JSONValue.Member] { get }

  // MARK: In a fit

  /// The mean loss of scores on a tape.
  ///
  /// - Parameters:
  ///   - scores: Shape `[N, S]`.
  ///   - truth: What is true of the N rows.
  func loss(_ scores: Variable, _ truth: Truth) -> Variable
  /// The same without a tape, with its gradient with respect to the scores.
  func lossAndGradient(_ scores: Tensor, _ truth: Truth) -> (loss: Double, gradient: Tensor)
  /// The part of the loss in the objective of a convex model; `nil` if it is not convex in the scores.
  var convexity: Convexity? { get }
  /// One weight per row, with which each class counts the same; `nil` if there are no classes.
  func balancingWeights(of truth: Truth, trainedOn train: Truth) -> [Float]?

  // MARK: In the figures

  /// The metric that is watched during a fit, and that must beat the baseline.
  var watchedMetric: String { get }
  /// What the scores of some rows add to the watched metric; see ``watchedValue(_:_:)``.
  func watchedSum(_ scores: Tensor, _ truth: Truth) -> Double
  /// The watched metric of all rows, from the sum of what they added.
  func watchedValue(_ sum: Double, _ truth: Truth) -> Double
  /// All metrics of answers.
  func metrics(_ answers: Answers, _ truth: Truth) -> [Metric]
  /// The loss by which models are compared: `log_loss` of classes, `rmse` of numbers.
  func comparedLoss(of answers: Answers, _ truth: Truth) -> Metric
  /// For each row, what it adds to the loss: −log of the probability of its label, or the squared error in standard
  /// deviations of the training rows, a mean over the targets.
  func rowLosses(of answers: Answers, _ truth: Truth) -> [Double]
  /// The same metrics as functions of how often each row counts, for their intervals.
  func countedMetrics(_ answers: Answers, _ truth: Truth) -> [CountedMetric]
  /// The metrics of the simplest answer: the same for every row, learned from the training rows.
  func baselineMetrics(trainedOn train: Truth, judgedOn truth: Truth) -> [Metric]
  /// For each row, how much better an answer is than the simplest one, in the unit of the watched metric.
  func gains(of answers: Answers, _ truth: Truth, trainedOn train: Truth) -> [Double]
  /// The simplest answer, judged beside a model.
  func baseline(_ judged: JudgedRows, _ answers: Answers) throws -> Baseline
  /// Metrics that need more than the answers for the rows, such as those of ranked lists; a note if they do not exist.
  func listMetrics(_ judged: JudgedRows) throws -> (metrics: [Metric], note: String?)
  /// The head with what is best chosen by validation rows, and a sentence about the choice.
  func tuned(on judged: JudgedRows) throws -> (head: any Head, message: String?)
  /// What makes ranked lists with a model, if it has this head for that purpose.
  func recommender(of model: any Model) throws -> Recommender?
  /// What the simplest answer is, such as "the mean".
  var baselineName: String { get }
  /// What a model with this head does, such as "predicts a number".
  var summary: String { get }
  /// The task in the words of Hugging Face's model cards.
  var hubTask: String { get }
}

extension Head {
  /// The word for it in a recipe and in model.json.
  public var task: String { Self.task }
  /// W, the number of numbers in an answer.
  public var answerWidth: Int { labels.isEmpty ? targetNames.count : labels.count }
  public func baseline(_ judged: JudgedRows, _ answers: Answers) throws -> Baseline {
    Baseline(
      metrics: baselineMetrics(trainedOn: judged.trainTruth, judgedOn: judged.truth),
      gains: gains(of: answers, judged.truth, trainedOn: judged.trainTruth))
  }
  public func listMetrics(_ judged: JudgedRows) throws -> (metrics: [Metric], note: String?) { ([], nil) }
  public func tuned(on judged: JudgedRows) throws -> (head: any Head, message: String?) { (self, nil) }
  public func recommender(of model: any Model) throws -> Recommender? { nil }
  /// Whether an answer's numbers need 64 bits.
  public var isDouble: Bool { outputs.contains { $0.form == .double } }
}

/// The part of a loss in the objective of a convex model.
public struct Convexity: Sendable, Equatable {
  /// The largest second derivative of the loss by a score.
  public let curvature: Double
  /// The factor that the textbook's objective has on the mean loss.
  public let factor: Double

  /// The curvature of a loss, and its factor.
  public init(curvature: Double, factor: Double = 1) {
    self.curvature = curvature
    self.factor = factor
  }
}
