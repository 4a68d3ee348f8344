// SPDX-License-Identifier: Apache-2.0
//
// The model card: what a model is for, how good it is, and how to make it again.
//
// It begins with the front matter that Hugging Face reads, so that a bundle can be published as it is.
//
// Before    Workspace.swift     After    SwiftletTraining
// Source    Mitchell et al., "Model Cards for Model Reporting" (2019), arXiv:1810.03993; Hugging Face Hub,
//           Model Cards, part model-index

import SwiftletFormats
import SwiftletTables

/// What a card says beyond the bundle itself.
public struct ModelCard: Sendable {
  /// The name of the data for people.
  public var title: String
  /// The name of the data set.
  public var dataset: String
  /// How to cite the data.
  public var citation: String?
  /// The licence of the data.
  public var licence: String?
  /// The command that trains the model again.
  public var command: String
  /// How many rows played which part.
  public var rows: [(split: Split, count: Int)]
  /// For each split, metric names and values.
  public var metrics: [(split: Split, values: [(name: String, value: Double)])]
  /// The same for the baseline on the test rows.
  public var baseline: [(name: String, value: Double)]
  /// What the training had to warn of.
  public var warnings: [String]

  /// A card from what a run knows.
  public init(
    title: String, dataset: String, citation: String?, licence: String?, command: String,
    rows: [(split: Split, count: Int)],
    metrics: [(split: Split, values: [(name: String, value: Double)])], baseline: [(name: String, value: Double)],
    warnings: [String]
  ) {
    (self.title, self.dataset, self.citation, self.licence) = (title, dataset, citation, licence)
    (self.command, self.rows, self.metrics, self.baseline, self.warnings) = (command, rows, metrics, baseline, warnings)
  }

  /// The text of README.md.
  public func markdown(for bundle: ModelBundle) -> String {
    let judged = metrics.last?.values ?? []
    let judgedOn = metrics.last?.split.rawValue ?? "train"
    let index: JSONValue = .array([
      [
        "name": .string(bundle.name),
        "results": .array([
          [
            "task": ["type": .string(bundle.task == .classification ? "tabular-classification" : "tabular-regression")],
            "dataset": ["name": .string(title), "type": .string(dataset), "split": .string(judgedOn)],
            "metrics": .array(judged.map { ["type": .string($0.name), "value": .number(rounded($0.value))] }),
          ]
        ]),
      ]
    ])
    var lines = ["---", "library_name: swiftlet"]
    lines.append("tags: [\(bundle.task == .classification ? "tabular-classification" : "tabular-regression")]")
    lines.append("model-index: \(index.encoded())")
    lines += ["---", "", "# \(bundle.name)", ""]
    let what = bundle.task == .classification ? "tells \(bundle.labels.count) classes apart" : "predicts a number"
    let columnCount = bundle.pipeline.inputs.count
    let columns = columnCount == 1 ? "1 column" : "\(columnCount) columns"
    lines.append(
      "A \(kindName(bundle)) that \(what): `\(bundle.target)`, from \(columns) of *\(title)*."
    )
    lines += [
      "", "## How good it is", "",
      "| metric | " + metrics.map(\.split.rawValue).joined(separator: " | ") + " | baseline |",
    ]
    lines.append("| --- | " + metrics.map { _ in "---: | " }.joined() + "---: |")
    for (name, _) in judged {
      let cells = metrics.map { metric in metric.values.first { $0.name == name }.map { text($0.value) } ?? "" }
      lines.append(
        "| \(name) | " + cells.joined(separator: " | ")
          + " | \(baseline.first { $0.name == name }.map { text($0.value) } ?? "") |")
    }
    let sizes = rows.map { "\($0.count) \($0.split.rawValue)" }.joined(separator: ", ")
    lines += [
      "",
      "Rows: \(sizes). The baseline always answers with \(bundle.task == .classification ? "the most frequent class" : "the mean").",
    ]
    if !warnings.isEmpty { lines += ["", "## What to mind", ""] + warnings.map { "- \($0)" } }
    lines += ["", "## How to make it again", "", "```", command, "```", ""]
    lines.append(
      "The recipe, the data's SHA-256, the seed, the thread count and the version of OpenBLAS are in `model.json`.")
    if let citation {
      lines += ["", "## Where the data come from", "", citation + (licence.map { " Licence: \($0)." } ?? "")]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func kindName(_ bundle: ModelBundle) -> String {
    switch bundle.description.kind {
    case .logistic: "logistic regression"
    case .linear: "linear regression"
    case .mlp:
      "multi-layer perceptron (\(bundle.description.hiddenSizes.map { String($0) }.joined(separator: ", ")) hidden units)"
    }
  }

  private func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
  private func text(_ value: Double) -> String { rounded(value).description }
}
