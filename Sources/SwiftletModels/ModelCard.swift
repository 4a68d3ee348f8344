// SPDX-License-Identifier: Apache-2.0
//
// The model card: what a model is for, how good it is, and how to make it again.
//
// It begins with the front matter that Hugging Face reads, so that a bundle can be published as it is.
//
// Before    Figures.swift     After    ServableName.swift
// Source    Mitchell et al., "Model Cards for Model Reporting" (2019), arXiv:1810.03993; Hugging Face Hub,
//           Model Cards, part model-index

import SwiftletFormats
import SwiftletTables

/// What a card contains beyond the bundle itself.
public struct ModelCard: Sendable {
  /// The title of the data set.
  public var title: String
  /// What the model is, such as "logistic regression".
  public var model: String
  /// The name of the data set.
  public var dataset: String
  /// How to cite the data.
  public var citation: String?
  /// The license of the data.
  public var licence: String?
  /// The command that trains the model again.
  public var command: String
  /// How good the model is.
  public var figures: Figures
  /// The warnings of the run.
  public var warnings: [String]

  /// A card from what a run knows.
  public init(
    title: String, model: String, dataset: String, citation: String?, licence: String?, command: String,
    figures: Figures, warnings: [String]
  ) {
    self.title = title
    self.model = model
    self.dataset = dataset
    self.citation = citation
    self.licence = licence
    self.command = command
    self.figures = figures
    self.warnings = warnings
  }

  /// The text of README.md.
  public func markdown(for bundle: ModelBundle) -> String {
    var lines = frontMatter(for: bundle)
    lines += ["", "# \(Markdown.text(bundle.name))", "", summary(of: bundle), "", "## How good it is", ""]
    lines += table
    let sizes = figures.parts.map { "\($0.rowCount) \($0.split.rawValue)" }.joined(separator: ", ")
    lines += [
      "",
      "Rows: \(sizes). The baseline always answers with \(bundle.head.baselineName)."
        + (figures.judged.metrics.contains { $0.interval != nil }
          ? " The brackets are 95 % intervals: what a test on as few rows leaves open." : ""),
    ]
    if !warnings.isEmpty { lines += ["", "## Warnings", ""] + warnings.map { "- \(Markdown.text($0))" } }
    lines += ["", "## How to make it again", ""] + Markdown.block(command) + [""]
    lines.append(
      "The recipe, the data's SHA-256, the seed, the thread count and the version of OpenBLAS are in `model.json`.")
    if let citation {
      let source = citation + (licence.map { " Licence: \($0)." } ?? "")
      lines += ["", "## Where the data come from", "", Markdown.text(source)]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What Hugging Face reads: the task, and the figures on the rows that judge.
  private func frontMatter(for bundle: ModelBundle) -> [String] {
    let task = bundle.head.hubTask
    let judged = figures.judged
    let index: JSONValue = .array([
      [
        "name": .string(bundle.name),
        "results": .array([
          [
            "task": ["type": .string(task)],
            "dataset": [
              "name": .string(title), "type": .string(dataset), "split": .string(judged.split.rawValue),
            ],
            "metrics": .array(judged.metrics.map { ["type": .string($0.name), "value": .number(rounded($0.value))] }),
          ]
        ]),
      ]
    ])
    return ["---", "library_name: swiftlet", "tags: [\(task)]", "model-index: \(index.encoded())", "---"]
  }

  private func summary(of bundle: ModelBundle) -> String {
    let columnCount = bundle.pipeline.inputs.count
    let columns = columnCount == 1 ? "1 column" : "\(columnCount) columns"
    return "A \(model) that \(bundle.head.summary): \(Markdown.code(bundle.target)), from \(columns) of "
      + "*\(Markdown.text(title))*."
  }

  /// One line for each measure, one column for each split, and the baseline.
  private var table: [String] {
    let splits = figures.parts.map(\.split.rawValue)
    let head = [
      "| metric | " + splits.joined(separator: " | ") + " | baseline |",
      "| --- | " + splits.map { _ in "---: | " }.joined() + "---: |",
    ]
    return head
      + figures.judged.metrics.map { metric in
        let cells = figures.parts.map { cell($0.metrics, metric.name) } + [cell(figures.baseline, metric.name)]
        return "| \(metric.name) | " + cells.joined(separator: " | ") + " |"
      }
  }

  /// A measure, with its interval if it has one.
  private func cell(_ metrics: [Metric], _ name: String) -> String {
    guard let metric = metrics.first(where: { $0.name == name }) else { return "" }
    return text(metric.value) + (metric.interval.map { " [\(text($0.low)), \(text($0.high))]" } ?? "")
  }

  private func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
  private func text(_ value: Double) -> String { rounded(value).description }
}
