// SPDX-License-Identifier: Apache-2.0
//
// The answers of a model as text: a line for each row.
//
// Before    Explain/ExplainCommand.swift     After    PredictCommand.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables

/// Writes answers, beside the columns that are carried through.
struct AnswerText {
  let head: any Head
  let format: PredictCommand.Format

  /// The names of the answers: the prediction, and the probability of each label.
  private var names: [String] {
    head.fields(of: Array(repeating: 0, count: head.answerWidth)[...]).map(\.name)
  }

  /// The line of names that CSV begins with.
  func header(_ part: TablePart) throws -> String {
    if let name = part.keptNames.first(where: names.contains) {
      throw DataError("The column \"\(name)\" cannot be kept: an answer has the same name. Rename it.")
    }
    return format == .csv ? csvLine(part.keptNames + names) : ""
  }

  /// The lines for the answers to some rows of a part.
  func lines(_ answers: Answers, _ part: TablePart, rows: [Int32]) -> String {
    rows.enumerated().map { position, row in
      let kept = zip(part.keptNames, part.kept).map { JSONValue.Member($0, $1[Int(row)]) }
      let members = kept + head.fields(of: answers.row(position))
      switch format {
      case .csv: return csvLine(members.map { $0.value == .null ? "" : $0.value.string ?? $0.value.encoded() })
      case .jsonl: return JSONValue.object(members).encoded() + "\n"
      }
    }.joined()
  }
}
