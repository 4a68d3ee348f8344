// SPDX-License-Identifier: Apache-2.0
//
// Where the data are, how they are read, and which column is predicted.
//
// Before    Recipe.swift     After    FeatureSettings.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables

extension Recipe {
  /// Where in the data to look, and how they are written.
  public struct Source: Sendable, Equatable {
    /// The table of a SQLite file.
    public var table: String?
    /// One SELECT, instead of a table.
    public var query: String?
    /// More spellings that stand for a missing value.
    public var missing: [String] = []
    /// The only spellings that stand for a missing value; `nil` for the usual ones and ``missing``.
    public var missingOnly: [String]?
    /// How numbers, headers and quotes are written, where that should not be inferred.
    public var reading = ReadingOptions()
  }

  /// How the data are written: the settings of `source`.
  var reading: ReadingOptions {
    var reading = source.reading
    reading.missing = (source.missingOnly.map { MissingSpellings($0) } ?? .standard).adding(source.missing)
    return reading
  }

  /// A reader that reads the data as the recipe says.
  public var tableReader: TableReader { TableReader(types: columns, options: reading) }

  /// The rows of these settings, and of the properties that a recipe has at its top.
  static let dataSettings: [Setting<Recipe>] = [
    .text("data", \.data, "Where the data are: a dataset folder, a file, or - for standard input.")
      .example("Datasets/iris"),
    .optionalText("source.table", \.source.table, "The table of a SQLite file.")
      .example("sales").flag(),
    .optionalText("source.query", \.source.query, "One SELECT to read from a SQLite file, instead of a table.")
      .example("SELECT age, income, churn FROM customers").flag(),
    .texts("source.missing", \.source.missing, "More spellings that stand for a missing value.")
      .example("[unknown, -999]")
      .detail(
        """
        An empty cell, NA, N/A, NaN, NULL, None, #N/A, ? and their like are missing anyway. Spellings are compared with \
        the whole cell, without the spaces around it. Numbers may be among them.
        """),
    Setting("source.missing_only", .texts, "The only spellings that stand for a missing value.") {
      $0.source.missingOnly.map { JSONValue($0) }
    } set: {
      $0.source.missingOnly = $1.texts
    }
    .example("[\"\"]").detail("Where a class is called None or NA, so that it stays a class."),
    Setting("source.decimal", .choice(["auto", ".", ","]), "The sign before the decimals of a number.") {
      $0.source.reading.decimal.map { .string($0.rawValue) }
    } set: {
      $0.source.reading.decimal = NumberForm.Decimal(rawValue: $1.string ?? "")
    }
    .example("\",\"").detail("auto: what fits all numbers of a column, if only one does."),
    Setting(
      "source.thousands", .choice(["auto"] + NumberForm.Thousands.allCases.map(\.settingWord)),
      "The sign between the thousands of a number."
    ) {
      $0.source.reading.thousands.map { .string($0.settingWord) }
    } set: { recipe, word in
      recipe.source.reading.thousands = NumberForm.Thousands.allCases.first { .string($0.settingWord) == word }
    }
    .example("\",\"").detail("auto: what fits all numbers of a column, if only one does."),
    Setting(
      "source.header", .choiceOrNumber(["auto", "none"]), "The line of a CSV file with the names of the columns."
    ) {
      $0.source.reading.header.json
    } set: {
      $0.source.reading.header = CSVHeader(json: $1)
    }
    .requiring("auto, none or the number of a line") {
      $0.number.map { $0 >= 1 && $0 <= 1e6 && $0 == $0.rounded() } ?? true
    }
    .example("3")
    .detail(
      "none: there are no names, and the columns are called column_1, column_2 and so on. Lines above it are skipped."),
    Setting("source.quote", .choice(["double", "none"]), "Whether double quotes in a CSV file enclose fields.") {
      $0.source.reading.hasQuotes ? nil : "none"
    } set: {
      $0.source.reading.hasQuotes = $1 != "none"
    }
    .example("none").detail("none: a quote is a character like any other."),
    Setting("source.case", .choice(["keep", "ignore"]), "Whether words that differ only in case are different.") {
      $0.source.reading.ignoresCase ? "ignore" : nil
    } set: {
      $0.source.reading.ignoresCase = $1 == "ignore"
    }
    .example("ignore").detail("ignore: yes, Yes and YES are one category, and one label."),
    Setting(
      "source.image_size", .integers(noun: "sizes", 1...4096, atMost: 2), "The size that pictures from a folder get."
    ) { recipe in
      let size = recipe.source.reading.pictures.size
      return .array((size.map { [$0.height, $0.width] } ?? []).map { JSONValue($0) })
    } set: { recipe, value in
      let sides = value.integers
      guard let height = sides.first, let width = sides.last else { return recipe.source.reading.pictures.size = nil }
      recipe.source.reading.pictures.size = PictureReading.Size(height: height, width: width)
    }
    .written { $0.source.reading.pictures.size != nil }.example("[48, 64]")
    .detail(
      """
      Height and width in pixels, or one number for both. Each pixel becomes the mean of the area that it covers; both \
      sides are stretched, and nothing is cut off. By default all pictures must have one size.
      """),
    Setting(
      "source.image_color", .choice(["auto", "gray", "color"]), "Whether pictures from a folder are gray or in color."
    ) { recipe in
      recipe.source.reading.pictures.channels.map { $0 == 1 ? "gray" : "color" }
    } set: {
      $0.source.reading.pictures.channels = $1 == "gray" ? 1 : $1 == "color" ? 3 : nil
    }
    .example("gray").detail("auto: in color, if any picture is."),
    Setting("target", .names, "The column to predict; several columns of numbers with commas between them.") { recipe in
      // A name with a comma stays a list of one, so that it is not taken for two names when it is read again.
      let only = recipe.targets.count == 1 ? recipe.targets[0] : ","
      return only.contains(",") ? JSONValue(recipe.targets) : .string(only)
    } set: { recipe, value in
      recipe.targets = value.texts
    }
    .example("price").flag().detail("By default the one that the data set's description names."),
    Setting("task", .choice(Heads.tasks + ["auto"]), "Whether a class or a number is predicted.") {
      .string($0.task ?? "auto")
    } set: {
      $0.task = $1 == "auto" ? nil : $1.string
    }
    .example("regression").flag()
    .detail("By default what the target's values suggest: words are classes, and so are a few whole numbers."),
    Setting(
      "columns", .namedChoices(noun: "type of a column", columnTypes.map(\.rawValue)),
      "The types of columns, where they should not be inferred."
    ) { recipe in
      .object(recipe.columns.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value.rawValue)) })
    } set: { recipe, value in
      for member in value.members ?? [] {
        recipe.columns[member.name] = ColumnType(rawValue: member.value.string ?? "")
      }
    }
    .example("{zip: category}").detail("A number that is a name, such as a postal code or a month, is a category."),
  ]

  /// The types that a column of a table can be given.
  private static let columnTypes: [ColumnType] = [.number, .boolean, .date, .category, .text]
}
