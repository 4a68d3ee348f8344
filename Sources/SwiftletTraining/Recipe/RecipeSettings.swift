// SPDX-License-Identifier: Apache-2.0
//
// The settings of a recipe: everything that can be chosen about a run, listed once.
//
// From this table come the reader and the writer of recipes, `--set`, the flags of `swiftlet train`, the pages that
// list them, the schema for editors and the space of a search. To add a setting, add a property to Recipe and a row
// here; the wiring test then asks for a case that shows what it changes.
//
// Before    Recipe.swift     After    ReadingRecipes.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors

extension Recipe {
  /// Every setting, in the order in which a recipe is written.
  package static let settings = SettingTable<Recipe>(
    "recipe", dataSettings + featureSettings + splitSettings + modelSettings + trainingSettings + decisionSettings)

  private static let dataSettings: [Setting<Recipe>] = [
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

  private static let featureSettings: [Setting<Recipe>] = [
    Setting("features.include", .texts, "The columns to learn from.") {
      $0.features.include.map { JSONValue($0) }
    } set: {
      $0.features.include = $1.texts.isEmpty ? nil : $1.texts
    }
    .example("[age, income]").detail("By default all but the target and the column of the split."),
    .texts("features.exclude", \.features.exclude, "Columns to leave out.")
      .example("[id, name]")
      .detail("Leave out what will not be known when the model answers, and what only names a row."),
    Setting(
      "pipeline.numeric.impute", .choiceOrNumber(["mean", "median"]), "What takes the place of a missing number."
    ) { recipe in
      switch recipe.pipeline.numericImpute {
      case .mean: "mean"
      case .median: "median"
      case .constant(let value): .number(value)
      }
    } set: { recipe, value in
      recipe.pipeline.numericImpute = value.number.map { .constant($0) } ?? (value == "mean" ? .mean : .median)
    }
    .example("mean")
    .detail(
      "Mean or median of the training rows, or a number in the unit of the column. An absurd value moves the mean."),
    .choice("pipeline.numeric.scale", \.pipeline.numericScale, "How numbers are scaled.")
      .example("minmax")
      .detail("standard: mean 0 and standard deviation 1. minmax: from 0 to 1. Both as measured on the training rows."),
    .choice("pipeline.categorical.impute", \.pipeline.categoricalImpute, "What takes the place of a missing category.")
      .example("most_frequent").detail("missing: a category of its own, so that its absence can tell something."),
    Setting(
      "pipeline.categorical.encode", .choice(Encoders.encodings(of: .category)), "How a category becomes numbers."
    ) {
      .string($0.pipeline.categoricalEncoding)
    } set: {
      $0.pipeline.categoricalEncoding = $1.string ?? ""
    }
    .example("one_hot").detail("one_hot: a feature for each category, 1 for the row's own and 0 for the others."),
    .integer(
      "pipeline.categorical.min_count", \.pipeline.minimumCount, 0...1_000_000_000,
      "The number of training rows a category needs to get a feature."
    )
    .example("10").detail("Rarer categories read as zeros."),
    .choice("pipeline.image.scale", \.pipeline.imageScale, "How pixels are scaled.")
      .example("per_image").detail("unit: from 0 to 1. per_image: each picture with mean 0 and standard deviation 1."),
  ]

  private static let splitSettings: [Setting<Recipe>] = [
    .optionalText("split.column", \.split.column, "The column that says train, validation or test for each row.")
      .example("fold")
      .detail(
        """
        auto: the column called split, where there is one. The words may also be val, valid, dev or training, in any \
        case; any other is refused. none: no column decides.
        """),
    Setting(
      "split.time", .optionalText(none: "none"), "A column of numbers or dates: the last rows by it are the test."
    ) {
      $0.split.time.map { .string($0) }
    } set: {
      $0.split.time = $1.string
    }
    .example("date").detail("The last of those before them are for validation. Rows of one moment stay together."),
    .optionalText("split.group", \.split.group, "A column whose rows of one value stay together.")
      .example("patient").detail("Rows of one person or one day know too much about each other to be apart."),
    .number("split.test", \.split.test, 0...0.9, "The part of the rows for the test, if no column decides.")
      .example("0.3"),
    .number("split.validation", \.split.validation, 0...0.9, "The part of the remaining rows for validation.")
      .example("0.2").detail("Validation rows choose the best epoch. With 0 the last one is kept."),
    .truth("split.stratify", \.split.stratify, "Whether each class is split by itself.").example("false"),
    .seed("split.seed", \.split.seed, "The seed of the split: another seed puts other rows into the test.")
      .example("1"),
  ]

  private static let modelSettings: [Setting<Recipe>] = [
    Setting("model.kind", .choice(ModelKinds.names), "The kind of model.") {
      .string($0.model.kind)
    } set: {
      $0.model.kind = $1.string ?? ""
    }
    .example("logistic").flag("model")
    .detail(
      """
      logistic: a line between classes. linear: a weighted sum. mlp: layers with an activation between them. If a \
      flag names another kind than the recipe does, the recipe's model and training sections do not count, since \
      they were chosen for its own kind.
      """),
    Setting("model.hidden", .integers(noun: "layer sizes", 1...1 << 16, atMost: 32), "The sizes of the hidden layers.")
    { recipe in
      .array(recipe.model.hidden.map { JSONValue($0) })
    } set: { recipe, value in
      recipe.model.hidden = value.array?.compactMap(\.integer) ?? []
    }
    .example("[128]").flag().detail("For an mlp. More and larger layers fit more, and overfit sooner."),
    Setting("model.activation", .choice(activations.map(\.name)), "The activation between the layers.") { recipe in
      .string(activations.first { $0.value == recipe.model.activation }?.name ?? "")
    } set: { recipe, word in
      if let named = activations.first(where: { .string($0.name) == word }) { recipe.model.activation = named.value }
    }
    .example("tanh"),
    .number("model.dropout", \.model.dropout, 0...0.99, "The part of the hidden units dropped in each training step.")
      .example("0.2").search(0...0.6).detail("Against overfitting; it slows learning down."),
  ]

  private static let activations: [(name: String, value: Activation)] = [
    ("relu", .relu), ("tanh", .tanh), ("sigmoid", .sigmoid), ("gelu", .gelu),
  ]

  private static let trainingSettings: [Setting<Recipe>] = [
    .choice("training.optimizer", \.training.optimizer, "The algorithm that changes the weights.")
      .example("adam").flag()
      .detail("auto: lbfgs, which looks at all rows in every step, for logistic and linear; adam for an mlp."),
    .number("training.learning_rate", \.training.learningRate, 1e-12...1e6, "How far a step goes.")
      .example("0.01").flag().search(1e-4...1e-1, .logarithmic)
      .detail("For adam, adamw and sgd. If the loss jumps, try a tenth; if it creeps, ten times as much."),
    .number(
      "training.momentum", \.training.momentum, 0...0.9999, "The part of the last step that sgd adds to the next."
    )
    .example("0.5").search(0...0.99),
    .integer("training.batch_size", \.training.batchSize, 1...1 << 24, "The number of examples in a step.")
      .example("128").flag().search(8...512, .logarithmic)
      .detail("Larger batches compute faster and want a larger learning rate."),
    .integer("training.epochs", \.training.epochs, 1...1_000_000, "The number of times every training row is seen.")
      .example("20").flag().search(10...300, .logarithmic),
    .number(
      "training.weight_decay", \.training.weightDecay, 0...1e6, "How strongly an mlp's weights are pulled to zero."
    )
    .example("0.0003").search(1e-6...1e-1, .logarithmic),
    .number("training.l2", \.training.l2, 0...1e12, "The penalty on the weights of a logistic or linear model.")
      .example("0.1").flag().search(1e-3...1e3, .logarithmic)
      .detail("It counts once for the whole data set, so it weighs less the more rows there are."),
    .choice("training.schedule", \.training.schedule, "How the learning rate changes during training.")
      .example("cosine")
      .detail("step: a tenth after each third. cosine: down to zero. warmup: up first, then cosine."),
    .number("training.tolerance", \.training.tolerance, 0...1, "The length of the gradient at which lbfgs is done.")
      .example("0.001"),
    .integer(
      "training.max_iterations", \.training.maximumIterations, 1...10_000_000, "The most iterations lbfgs makes."
    )
    .example("500"),
    .integer(
      "training.early_stopping", \.training.earlyStopping, 0...1_000_000,
      "The number of epochs without a better validation loss after which training ends."
    )
    .example("30").detail("0 or none: never. The best epoch's weights are kept either way."),
    .choice("training.class_weight", \.training.classWeight, "Whether rare classes count more.")
      .example("balanced").detail("balanced: each class counts the same in all."),
    Setting("training.weight", .optionalText(none: "none"), "A column that says how much each row counts.") {
      $0.training.weight.map { .string($0) }
    } set: {
      $0.training.weight = $1.string
    }
    .example("count").detail("A row of weight 2 teaches like two equal rows. The figures count every row once."),
    .number("training.clip_norm", \.training.clipNorm, 0...1e9, "The greatest length of a step's gradient.")
      .example("1").detail("0 or none: no limit. It helps if the loss jumps out of bounds."),
    Setting(
      "training.checkpoint", .integer(0...1_000_000, zero: "none"),
      "The number of epochs from one checkpoint to the next."
    ) { recipe in
      recipe.training.checkpoint == 0 ? nil : JSONValue(recipe.training.checkpoint)
    } set: { recipe, value in
      recipe.training.checkpoint = value.integer ?? 0
    }
    .example("10")
    .detail("0 or none: no checkpoints. `train --resume` goes on from the last one. L-BFGS keeps none."),
    Setting("training.threads", .integer(0...1024, zero: "auto"), "The number of threads.") {
      JSONValue($0.training.threads)
    } set: {
      $0.training.threads = $1.integer ?? 0
    }
    .example("2").flag().detail("0: one for each core."),
    .seed("training.seed", \.training.seed, "The seed of the first weights, the order of the rows, and dropout.")
      .example("1").flag(),
  ]

  private static let decisionSettings: [Setting<Recipe>] = [
    .optionalText("decision.positive", none: "auto", \.decision.positive, "Of two labels, the one that is looked for.")
      .example("yes").detail("By default the second. Precision and recall are about it."),
    .number("decision.threshold", \.decision.threshold, 0...1, "How probable the positive label must be.")
      .example("0.3").detail("Lower finds more of them, and more false ones."),
  ]
}
