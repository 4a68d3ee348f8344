// SPDX-License-Identifier: Apache-2.0
//
// What is known of a run from its losses, and from a saved model, which keeps them.
//
// Before    Diagnosis/Rules/SmallValidation.swift     After    DataEvidence.swift

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTraining

extension RunEvidence {
  /// 1 − the last training loss / B, where there are no validation rows.
  var trainSkill: Double? {
    guard let last = trainLosses.last, let baselineLoss, baselineLoss > 0 else { return nil }
    return 1 - last / baselineLoss
  }

  /// What the losses of a fit show.
  ///
  /// - Parameters:
  ///   - history: The figures of each epoch.
  ///   - baselineLoss: The loss of the simplest answer.
  public init(_ history: History, baselineLoss: Double?) {
    trainLosses = history.epochs.map(\.trainLoss)
    let validation = history.epochs.compactMap(\.validationLoss)
    validationLosses = validation.count == trainLosses.count ? validation : []
    learningRate = history.epochs.first?.learningRate
    self.baselineLoss = baselineLoss
  }

  /// What a saved model still knows of its training: its losses, and how the fit ended.
  ///
  /// - Throws: `FormatError` and `DataError` for a history or a recipe that cannot be read.
  public init(_ bundle: ModelBundle) throws {
    let recipe = try bundle.recipe()
    baselineLoss = RunEvidence.baselineLoss(bundle, recipe)
    restraint = RunEvidence.restraint(bundle)
    ending = bundle.training["stopped"]?.string.flatMap { Ending(rawValue: $0) }
    guard bundle.history.utf8.contains(0x0A) else { return }
    let table = try TableReader().readCSV(.memory(Array(bundle.history.utf8), name: "history.csv"))
    func numbers(_ name: String) -> [Double] { table[name]?.numbers.map { Array($0) } ?? [] }
    trainLosses = numbers("train_loss")
    validationLosses = numbers("validation_loss")
    // What is advised is a setting, and a schedule begins elsewhere.
    learningRate = numbers("learning_rate").first.flatMap { $0.isNaN ? nil : recipe.training.learningRate }
  }

  /// The flags against overfitting that suit a model's kind.
  static func restraint(_ bundle: ModelBundle) -> [String] {
    (try? ModelKinds.named(bundle.kind).restraint(of: bundle.network).flags) ?? []
  }

  /// B: of classes the loss of answering with their shares, or, if each class counts the same, with equal ones; of numbers in
  /// their standard deviations 1.
  static func baselineLoss(_ bundle: ModelBundle, _ recipe: Recipe) -> Double? {
    guard !bundle.labels.isEmpty else { return 1 }
    guard recipe.training.classWeight != .balanced else { return log(Double(bundle.labels.count)) }
    return bundle.training["baseline"]?["log_loss"]?.number
  }
}

extension ModelBundle {
  /// What the diagnosis said after the training; of a model without it, what the losses alone say.
  ///
  /// - Throws: `FormatError` and `DataError` for a history or a recipe that cannot be read.
  public func findings() throws -> [Finding] {
    if let told = training["diagnosis"]?.array { return told.compactMap { Finding(json: $0) } }
    return diagnosis(of: try RunEvidence(self))
  }

  /// The same model, with what the diagnosis said in its record.
  public func recording(_ findings: [Finding]) -> ModelBundle {
    guard let members = training.members else { return self }
    var bundle = self
    bundle.training = .object(
      members.filter { $0.name != "diagnosis" } + [.init("diagnosis", .array(findings.map(\.json)))])
    return bundle
  }
}
