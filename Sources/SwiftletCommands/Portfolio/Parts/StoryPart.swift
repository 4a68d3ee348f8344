// SPDX-License-Identifier: Apache-2.0
//
// The story: the README of a portfolio.
//
// What is known stands there: of the data what their own page says, of the model what was measured. What only its
// author can know is asked in comments. Figures stand between marks, so that a command can write them anew and a test
// can compare them.
//
// Before    Portfolio/StoryQuestions.swift     After    ToldData.swift

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTables

enum StoryPart: PortfolioPart {
  /// A section of the README: what is known, and what is asked.
  private struct Section {
    let title: String
    let blocks: [String]
    let question: String

    init(_ title: String, _ blocks: [String], asks question: String) {
      self.title = title
      self.blocks = blocks
      self.question = question
    }

    var text: String {
      (["## \(title)"] + blocks.filter { !$0.isEmpty } + ["\(StoryQuestions.opening)\(question) -->"])
        .joined(separator: "\n\n")
    }
  }

  static func files(of portfolio: Portfolio) throws -> [PortfolioFile] {
    let told = ToldData(portfolio.data)
    let sections = [
      question(portfolio, told), data(portfolio, told), result(portfolio), tried(portfolio), limits(portfolio, told),
    ]
    let text = ([head(portfolio)] + sections.map(\.text) + [use(portfolio), rights(portfolio)]).joined(
      separator: "\n\n")
    return [PortfolioFile("README.md", text + "\n")] + picture(portfolio)
  }

  private static func head(_ portfolio: Portfolio) -> String {
    let badge = "../../actions/workflows/check.yml"
    let page = LivePagePart.answers(portfolio.bundle) ? "**Try it:** [the model in your browser]" : "[The report]"
    let address = portfolio.owner.map { "https://\($0).github.io/\(portfolio.name)/" } ?? "docs/index.html"
    let download = portfolio.owner == nil ? " (a file to open: it needs no server)" : ""
    let target = Markdown.code(portfolio.bundle.target)
    return """
      # \(Markdown.text(portfolio.title))

      [![check](\(badge)/badge.svg)](\(badge))

      A model that \(portfolio.bundle.head.summary): \(target), from \(columns(portfolio)).

      \(page)(\(address))\(download) · [report](report.html) · [model card](\(portfolio.modelPath)/README.md) · \
      [recipe](recipe.yaml)
      """
  }

  private static func columns(_ portfolio: Portfolio) -> String {
    let inputs = portfolio.bundle.inputs
    return inputs.count == 1 ? Markdown.code(inputs[0].name) : "\(inputs.count) columns"
  }

  private static func question(_ portfolio: Portfolio, _ told: ToldData) -> Section {
    let description = portfolio.data.description?.column(portfolio.bundle.target)
    let meaning = description?.meaning.map { " (\(Markdown.text($0)))" } ?? ""
    let labels = portfolio.bundle.labels
    let shown = labels.prefix(12).map { Markdown.code($0) }.joined(separator: ", ") + (labels.count > 12 ? ", …" : "")
    let target = Markdown.code(portfolio.bundle.target)
    let answers = labels.isEmpty ? "" : " Its answers are \(shown), each with a probability."
    return Section(
      "The question",
      [
        told.question
          ?? "What is \(target)\(meaning) of a row, if only the other columns are known?\(answers)"
      ],
      asks: "Who decides what with this answer, and what does a wrong one cost?")
  }

  private static func data(_ portfolio: Portfolio, _ told: ToldData) -> Section {
    let parts = Split.allCases.compactMap { split -> String? in
      let count = portfolio.reported.rows(split).count
      return count == 0 ? nil : "\(count) \(split.rawValue)"
    }
    let description = portfolio.data.description
    let source = [description?.citation ?? description?.source, description?.licence.map { "Licence: \($0)." }]
    let place = portfolio.data.absence.map { "\(Markdown.text($0)) [data/](data/README.md) says which files they are." }
    let page = description == nil ? "" : " [Their own page](data/README.md) has every column."
    let rows = parts.isEmpty ? "" : "Rows: \(parts.joined(separator: ", "))."
    return Section(
      "The data",
      [
        told.introduction ?? columnTable(portfolio), rows + (place.map { " " + $0 } ?? page),
        source.compactMap { $0 }.map { Markdown.text($0.hasSuffix(".") ? $0 : $0 + ".") }.joined(separator: " "),
      ],
      asks: "How did these rows come about, and whom or what do they leave out?")
  }

  /// The columns, where the data have no page of their own.
  private static func columnTable(_ portfolio: Portfolio) -> String {
    let inputs = portfolio.bundle.inputs
    let rows = inputs.prefix(20).map { input -> String in
      let words = input.words.prefix(6).map { Markdown.text($0) }.joined(separator: ", ")
      let cells = [
        Markdown.code(input.name, isCell: true), input.type.rawValue, words + (input.words.count > 6 ? ", …" : ""),
      ]
      return "| " + cells.joined(separator: " | ") + " |"
    }
    let more = inputs.count > 20 ? "\n\nand \(inputs.count - 20) more." : ""
    return (["| column | type | values |", "| --- | --- | --- |"] + rows).joined(separator: "\n") + more
  }

  private static func result(_ portfolio: Portfolio) -> Section {
    let figures = [ReadmeFigures.opening] + ReadmeFigures.lines(of: portfolio.bundle) + [ReadmeFigures.closing]
    let hasPicture = !picture(portfolio).isEmpty
    let text =
      portfolio.bundle.labels.isEmpty
      ? "What it predicts, against what is true" : "What is true, against what it answers"
    return Section(
      "The result",
      [figures.joined(separator: "\n"), hasPicture ? "![\(text)](docs/answers.svg)" : ""],
      asks: "Which of these measures fits the question, and is the result good enough for it?")
  }

  /// The other kind of model beside this one, on rows that chose neither.
  private static func tried(_ portfolio: Portfolio) -> Section {
    let findings = portfolio.bundle.training["diagnosis"]?.array ?? []
    let said = findings.compactMap { $0["sentence"]?.string }.map { "- \(Markdown.text($0))" }
    let diagnosis = said.isEmpty ? [] : ["The diagnosis after the training:", said.joined(separator: "\n")]
    let comparison = TriedModels(portfolio).map { [$0.text] } ?? []
    return Section(
      "What was tried, and what did not work", comparison + diagnosis,
      asks: "What did you change, one thing at a time, and what did not help?")
  }

  private static func limits(_ portfolio: Portfolio, _ told: ToldData) -> Section {
    let warnings = CardText(portfolio.bundle.card).warnings.map { "- \(Markdown.text($0))" }
    let always =
      "- It was tested on rows that came about like those it learned from. About others these figures say nothing."
    let list = told.cautions.isEmpty ? warnings + [always] : told.cautions + [always]
    return Section(
      "What it is not for", [list.joined(separator: "\n")],
      asks: "Where would it be wrong to use it, and who would notice first?")
  }

  private static func use(_ portfolio: Portfolio) -> String {
    """
    ## Use it

    Every command runs in this folder; `make` lists them. They need the program `swiftlet`, but for \
    `make check SWIFTLET=skip`.

    ```sh
    make check    # the figures above, the page and a new training agree; no network
    make serve    # answers on http://localhost:8080
    ```

    Ask the server, from Python, Java, R or Scala ([clients/](clients)):

    ```sh
    curl -s localhost:8080/invocations -H 'Content-Type: application/json' -d @clients/question.json
    python3 clients/ask.py clients/question.json
    ```

    The [Dockerfile](Dockerfile) packs the server and the model into an image.
    """
  }

  private static func rights(_ portfolio: Portfolio) -> String {
    let licence = portfolio.data.description?.licence.map { Markdown.text($0) }
    let data = licence.map { " The data have a licence of their own: \($0)." } ?? ""
    return """
      ## Licence

      [MIT](LICENSE), by \(Markdown.text(portfolio.author)).\(data) [CITATION.cff](CITATION.cff) says how to cite this.
      """
  }

  /// Right and wrong answers, if they can be drawn.
  static func picture(_ portfolio: Portfolio) -> [PortfolioFile] {
    guard let evaluation = portfolio.reported.evaluation,
      !evaluation.comparisons.isEmpty || !evaluation.confusionMatrix.isEmpty
    else { return [] }
    let title = "\(portfolio.name) on \(evaluation.rows) \(portfolio.reported.split.rawValue) rows"
    return [PortfolioFile("docs/answers.svg", EvaluateCommand.drawing(of: evaluation, title: title))]
  }
}
