# SPDX-License-Identifier: Apache-2.0
"""What is broken, where, and which tests have to notice. An anchor stands once in its file."""
import dataclasses


@dataclasses.dataclass
class Mutation:
    name: str
    harm: str  # what goes wrong then
    file: str
    anchor: str
    replacement: str
    test: str  # of `swift test --filter`


# The run is tried on these two first.
SURVIVES = Mutation(
    "comment", "nothing", "Sources/SwiftletReports/Series.swift", "// Series: named points,", "// Series: points,",
    "SwiftletReportsTests")
CAUGHT = Mutation(
    "axis", "the axis of every chart ends a step too low", "Sources/SwiftletReports/Axis.swift",
    "let last = (high / step - 1e-9).rounded(.up)", "let last = (high / step - 1e-9).rounded(.down)",
    "SwiftletReportsTests")

MUTATIONS = [
    Mutation(
        "dropout-repeats", "every step of a run drops the same units",
        "Sources/SwiftletTraining/Fitting/DataParallelism.swift", "      dropout[member] = shard.dropout\n", "",
        "SwiftletTrainingTests"),
    Mutation(
        "log-loss-base", "the log loss of every card, table and JSON is in bits",
        "Sources/SwiftletModels/Metrics/ClassificationMetrics.swift", "Foundation.log(max(", "Foundation.log2(max(",
        "SwiftletModelsTests"),
    Mutation(
        "loading-without-key", "anybody who reaches the server can unload its models",
        "Sources/SwiftletServing/Server/ServerOptions.swift",
        "    if !RequestGate.isLoopback(address.host), access.apiKey == nil { options.access.allowsLoading = false }\n", "",
        "SwiftletServingTests"),
    Mutation(
        "cosine-is-constant", "the schedule of five shipped recipes does nothing",
        "Sources/SwiftletTraining/Fitting/Trainer.swift", "case .cosine: self = .cosine", "case .cosine: self = .constant",
        "SwiftletTrainingTests"),
    Mutation(
        "warmup-is-cosine", "the steps of a run with warm-up are long from the beginning",
        "Sources/SwiftletTraining/Fitting/Trainer.swift", "self = .warmUp(fraction: 0.05, then: .cosine)", "self = .cosine",
        "SwiftletTrainingTests"),
    Mutation(
        "decay-ignored", "weight_decay is accepted and ignored", "Sources/SwiftletTraining/Run/Run.swift",
        "let decay = recipe.isConvex ? 0 : training.weightDecay", "let decay = recipe.isConvex ? 0 : training.weightDecay * 0",
        "SwiftletCommandsTests"),
    Mutation(
        "momentum-ignored", "sgd runs without momentum", "Sources/SwiftletTraining/Run/Run.swift",
        "SGD(learningRate: training.learningRate, momentum: training.momentum,", "SGD(learningRate: training.learningRate,",
        "SwiftletTrainingTests"),
    Mutation(
        "adamw-is-adam", "adamw decays as adam does", "Sources/SwiftletTraining/Run/Run.swift",
        "Adam.adamW(learningRate:", "Adam(learningRate:", "SwiftletTrainingTests"),
    Mutation(
        "first-interruption-ends", "the first Ctrl-C loses the model", "Sources/SwiftletCommands/Interruption.swift",
        "newValue > 1", "newValue > 0", "SwiftletCommandsTests"),
    Mutation(
        "rarest-fills", "missing cells become the rarest category",
        "Sources/SwiftletTables/Encoders/KnownCategories.swift", "counts.firstIndex(of: largest)",
        "counts.lastIndex(of: counts.min() ?? 0)", "SwiftletTablesTests"),
    Mutation(
        "accuracy-inverted", "history.csv and the progress line show one minus the accuracy",
        "Sources/SwiftletModels/Heads/Classes/ClassFit.swift", "{ $0 > 0 ? 1 : 0 }", "{ $0 < 0 ? 1 : 0 }",
        "SwiftletTrainingTests"),
    Mutation(
        "no-clipping", "the remedy for a divergence does nothing", "Sources/SwiftletTraining/Fitting/Trainer.swift",
        "    if trainer.settings.clipNorm > 0 { clipGradients(&gradients, toNorm: trainer.settings.clipNorm) }\n", "",
        "SwiftletTrainingTests"),
    Mutation(
        "frozen-penalized", "the penalty moves the parameter after a frozen one",
        "Sources/SwiftletTraining/Fitting/Objective.swift", "network.parameters.filter(\\.isTrainable)", "network.parameters",
        "SwiftletTrainingTests"),
    # Next in line.
    Mutation(
        "nan-parameters", "a bundle with NaN among its parameters is loaded",
        "Sources/SwiftletNN/Parameters/ParameterSource.swift",
        "tensor.withUnsafeScalars({ $0.allSatisfy(\\.isFinite) })", "tensor.count >= 0", "SwiftletModelsTests"),
    Mutation(
        "queue-is-a-batch", "the queue of a model is as short as a batch",
        "Sources/SwiftletServing/Batching/BatchLimits.swift", "maxQueue = options.batching.maxQueue",
        "maxQueue = options.batching.maxRows", "SwiftletServingTests"),
    Mutation(
        "card-columns", "the model card shows the figures under the wrong headings",
        "Sources/SwiftletModels/ModelCard.swift", "let cells = figures.parts.map {",
        "let cells = figures.parts.reversed().map {",
        "SwiftletTrainingTests"),
    Mutation(
        "l2-ignored", "l2 does nothing", "Sources/SwiftletTraining/Run/Run.swift",
        "l2: recipe.isConvex ? recipe.training.l2 : nil", "l2: recipe.isConvex ? 0 : nil", "SwiftletTrainingTests"),
    Mutation(
        "no-fsync", "a bundle is not on the disk when the old one goes", "Sources/SwiftletModels/FolderExchange.swift",
        " && force(fileno(file)) == 0", "", "SwiftletModelsTests"),
    Mutation(
        "lbfgs-nan", "L-BFGS goes on with numbers that are NaN", "Sources/SwiftletNN/Optimizers/LBFGS.swift",
        "      guard maximumSize(gradient).isFinite else { return result(.diverged) }\n", "", "SwiftletNNTests"),
]
