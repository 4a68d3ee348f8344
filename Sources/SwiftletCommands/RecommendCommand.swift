// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet recommend`: a list of items for a user.
//
// Before    PredictCommand.swift     After    ServeCommand.swift

import ArgumentParser
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables

struct RecommendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recommend",
    abstract: "List items for a user.",
    discussion: """
      The model rates every item for the user, and the best are listed with the rating that is expected and the score that \
      orders them. A user whom the model does not know gets the items that most users rated. With --seen, what the user \
      has already is left out.

        swiftlet recommend Models/ratings --user 17
        swiftlet recommend Models/ratings --user 17 --top 5 --seen Datasets/ratings/ratings.csv
      """)

  @Argument(help: "A model's folder.") var model: String
  @Option(help: "The user, as in the training data.") var user: String
  @Option(help: "The length of the list; by default as the model was trained for.") var top: Int?
  @Option(help: "A data file with users and the items that they have already.") var seen: String?
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    guard top.map({ (1...RankingHead.longestList).contains($0) }) ?? true else {
      throw ValidationError("--top is a number from 1 to \(RankingHead.longestList), not \(top ?? 0).")
    }
  }

  func run() throws {
    try reportingErrors {
      let bundle = try ModelBundle.load(from: model)
      guard let recommender = try bundle.head.recommender(of: TabularModel(bundle)) else {
        throw DataError("\(bundle.name) makes no lists: it was not trained with the task recommendation.")
      }
      let had = try seen.map { try items(in: $0, recommender.head, bundle) } ?? []
      let list = recommender.list(for: user, count: top, without: had)
      let isKnown = recommender.code(ofUser: user) > 0
      guard !json else { return print(object(list, isKnown: isKnown).encoded()) }
      if !isKnown {
        printError("warning: The model does not know the user \(quoted(user)): these are the most rated items.")
      }
      let rows = list.map { [$0.item, $0.rating.map { decimals($0, 2) } ?? "", decimals($0.score, 3)] }
      print(textTable([[recommender.head.item, "rating", "score"]] + rows))
    }
  }

  /// The items that a file has for the user.
  private func items(in path: String, _ head: RankingHead, _ bundle: ModelBundle) throws -> Set<String> {
    var reader = bundle.tableReader
    reader.types = [head.user: .category, head.item: .category]
    var items: Set<String> = []
    try DataLoader(path).forEachPart(reader) { part in
      let users = try part.table.column(head.user, for: "--seen")
      let column = try part.table.column(head.item, for: "--seen")
      for row in 0..<part.table.rowCount where users.text(at: row) == user {
        if let item = column.text(at: row) { items.insert(item) }
      }
    }
    return items
  }

  private func object(_ list: [RecommendedItem], isKnown: Bool) -> JSONValue {
    let items: [JSONValue] = list.map {
      ["item": .string($0.item), "rating": $0.rating.map { .number($0) } ?? .null, "score": .number($0.score)]
    }
    return ["model": .string(model), "user": .string(user), "known": .bool(isKnown), "items": .array(items)]
  }
}
