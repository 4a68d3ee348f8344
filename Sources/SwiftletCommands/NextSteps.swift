// SPDX-License-Identifier: Apache-2.0
//
// What to do after a training: it depends on how the training went.
//
// Before    TrainCommand.swift     After    FoldScores.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTraining
import SwiftletUnderstanding

/// The advice after a run.
struct NextSteps {
  let outcome: TrainingOutcome
  /// What the diagnosis says of the run.
  let findings: [Finding]
  /// The folder of the model.
  let path: String
  /// The command that trains again, with more flags.
  let again: (_ words: [String]) -> String

  /// Advice if the figures can be improved, and the commands that are always useful.
  var text: String {
    let lines = [lostColumn, told ?? overfitting ?? unfinished].compactMap { $0 }
    let commands = ["evaluate", "inspect", "serve"].map { "  " + shellCommand([programPath, $0, path]) }
    return (lines + ["Saved \(path). Next:"] + commands).joined(separator: "\n")
  }

  /// A column of words that is not in the model, with the settings that put it there.
  private var lostColumn: String? {
    guard let name = outcome.dropped.words.first else { return nil }
    let count = TrainingOutcome.Dropped.frequentCount
    let category = ["--set", "columns.\(name)=category", "--set", "pipeline.categorical.min_count=\(count)"]
    return """
      \(quoted(name)) is not in the model. To learn from the words that \(count) training rows or more have:
        \(again(category))

      """
  }

  /// The diagnosis, which knows more than what is guessed below.
  private var told: String? {
    findings.isEmpty ? nil : findings.map { "\($0.code)  \($0.sentence)" }.joined(separator: "\n") + "\n"
  }

  /// The training rows are answered much better than others.
  private var overfitting: String? {
    let name = outcome.bundle.head.watchedMetric
    let other: Split = outcome.figures[.validation] == nil ? .test : .validation
    let count = outcome.figures.parts.first { $0.split == other }?.rowCount ?? 0
    guard let own = outcome.figures[.train]?[name], let seen = outcome.figures[other]?[name], count >= 20 else {
      return nil
    }
    // Two standard errors of an accuracy of one half, the largest there is.
    guard own - seen > max(0.1, 1 / Double(count).squareRoot()) else { return nil }
    guard let kind = try? ModelKinds.named(outcome.bundle.kind), kind.isJudgedByGap else { return nil }
    let restraint = kind.restraint(of: outcome.bundle.network)
    return """
      \(name) is \(decimals(own, 2)) in training and \(decimals(seen, 2)) in \(other.rawValue): the model overfits. More \
      rows help, and so do \(restraint.changes), or
        \(again(restraint.flags))

      """
  }

  /// The last epoch was the best one.
  private var unfinished: String? {
    let fit = outcome.fit
    guard fit.ending == .completed, fit.bestEpoch == fit.epochs, fit.epochs > 1,
      let reached = outcome.figures[.validation]?[outcome.bundle.head.watchedMetric], reached < 0.999
    else { return nil }
    return """
      The last epoch was the best on the validation rows: more of them may help.
        \(again(["--epochs", "\(fit.epochs * 2)"]))

      """
  }
}
