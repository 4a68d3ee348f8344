// SPDX-License-Identifier: Apache-2.0
//
// Heads: the table of them, and how one is chosen for a target.
//
// Before    JudgedRows.swift     After    Heads/Classes/ClassHead.swift

import SwiftletFormats
import SwiftletTables

/// The heads by their tasks. To add one, write its file and a line in `all`.
public enum Heads {
  /// Every head, in the order in which they are asked whether they suit a target.
  public static let all: [any Head.Type] = [ClassHead.self, NumberHead.self, RankingHead.self]

  /// The tasks, as a recipe writes them.
  public static var tasks: [String] { all.map { $0.task } }

  /// The task that learns from pairs of a user and an item.
  package static let taskOfPairs = RankingHead.task

  /// The tasks in a sentence.
  public static var taskList: String { tasks.dropLast().joined(separator: ", ") + " or " + (tasks.last ?? "") }

  /// The head with a task.
  ///
  /// - Throws: `DataError` if no head has it.
  public static func named(_ task: String) throws -> any Head.Type {
    guard let head = all.first(where: { $0.task == task }) else {
      throw DataError("The task is \(taskList), not \(quoted(task)).")
    }
    return head
  }

  /// The head that the target's values suggest.
  public static func suiting(_ columns: [Column]) -> any Head.Type {
    all.first { $0.suits(columns) } ?? NumberHead.self
  }

  /// Reads the target columns of a table.
  ///
  /// - Parameters:
  ///   - columns: The target columns.
  ///   - kind: What is predicted of them.
  ///   - options: What the recipe chooses of heads.
  ///   - needed: Columns that are not predicted, without which a row is of no use either.
  /// - Returns: The head; what is true of the rows in which no target is missing; and these rows.
  /// - Throws: `DataError` with the remedy if the target cannot be learned.
  public static func prepare(
    _ columns: [Column], as kind: any Head.Type, _ options: HeadOptions = HeadOptions(), needed: [Column] = []
  ) throws -> (head: any Head, truth: Truth, rows: [Int32]) {
    guard let first = columns.first else { throw DataError("There is no target: name one with --target COLUMN.") }
    if let images = columns.first(where: { $0.images != nil }) {
      throw DataError("The target \"\(images.name)\" holds pictures, which cannot be predicted. Use another --target.")
    }
    let rows = (0..<Int32(first.count)).filter { row in (columns + needed).allSatisfy { !$0.isMissing(at: Int(row)) } }
    guard !rows.isEmpty else {
      let rated = (0..<Int32(first.count)).contains { row in columns.allSatisfy { !$0.isMissing(at: Int(row)) } }
      guard rated, !needed.isEmpty else { throw DataError("The target \"\(first.name)\" is missing in every row.") }
      let names = needed.map { quoted($0.name) }.joined(separator: " or ")
      throw DataError("Every row with a target has nothing as \(names).")
    }
    let (head, truth) = try prepared(kind, columns, rows, options)
    return (head, truth, rows)
  }

  private static func prepared<H: Head>(
    _ kind: H.Type, _ columns: [Column], _ rows: [Int32], _ options: HeadOptions
  ) throws -> (head: any Head, truth: Truth) {
    let (head, truth) = try kind.prepare(columns, rows: rows, options)
    return (head, truth)
  }

  /// Reads the head of a model.json.
  ///
  /// - Throws: `FormatError` for an unknown task, and for members that do not fit it.
  package static func read(model json: JSONValue, file: String) throws -> any Head {
    guard let kind = all.first(where: { $0.task == json["task"]?.string }) else {
      throw FormatError(file, "needs a \"task\", \(taskList).")
    }
    return try kind.init(model: json, file: file)
  }
}
