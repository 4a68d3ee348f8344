# SPDX-License-Identifier: Apache-2.0
"""Writes ExplanationGolden.swift: what scikit-learn and scipy say of models and losses that are written out here.

pip install scikit-learn==1.9.1 scipy==1.17.1
python3 Tests/SwiftletUnderstandingTests/Golden/make_golden.py      (in the project's folder)

Columns are shuffled before they are encoded: the estimators are pipelines that begin with the columns as they stand in the
data. The shuffles are recorded from scikit-learn itself, which draws the same ones for every column.
"""
import numpy as np
from scipy import optimize, stats
from sklearn.compose import ColumnTransformer
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import brier_score_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

ROWS, REPEATS = 40, 4
random = np.random.default_rng(3)


def numbers(values):
    return "[" + ", ".join(repr(float(value)) for value in np.ravel(values)) + "]"


def lists(rows, form=numbers):
    return "[\n" + "".join(f"    {form(row)},\n" for row in rows) + "  ]"


def whole(values):
    return "[" + ", ".join(str(int(value)) for value in values) + "]"


length = np.round(random.normal(20, 5, ROWS), 1)
width = np.round(random.exponential(2, ROWS), 2)
color = random.choice(["blue", "green", "red"], ROWS)
kind = np.where(length + 2 * width + 3 * (color == "red") + random.normal(0, 3, ROWS) > 25, "x", np.where(random.random(ROWS) < 0.3, "y", "z"))
weight = np.round(3 * length - width + 4 * (color == "blue") + random.normal(0, 2, ROWS), 2)
x = np.array([list(row) for row in zip(length, width, color)], dtype=object)


def encoder():
    return ColumnTransformer([("numbers", StandardScaler(), [0, 1]), ("words", OneHotEncoder(), [2])])


classes = make_pipeline(encoder(), LogisticRegression(C=1.0)).fit(x, kind)
ridge = make_pipeline(encoder(), Ridge(alpha=1.0)).fit(x, weight)
recorded = []
permutation_importance(
    classes, np.arange(ROWS).reshape(-1, 1), kind, n_repeats=REPEATS, random_state=5,
    scoring=lambda estimator, moved, y: recorded.append(moved[:, 0].copy()) or 0.0)
shuffles = recorded[1:]  # the first is the score of what was not shuffled
of_classes = permutation_importance(classes, x, kind, scoring="neg_log_loss", n_repeats=REPEATS, random_state=5)
of_numbers = permutation_importance(ridge, x, weight, scoring="neg_root_mean_squared_error", n_repeats=REPEATS, random_state=5)
grid = [7.2, 17.5, 30.2]
dependence = partial_dependence(ridge, x, [0], custom_values={0: grid}, kind="both")

# Calibration: 200 probabilities that are too sure.
logits = np.round(random.normal(0, 3, 200), 3)
labels = (random.random(200) < 1 / (1 + np.exp(-logits / 2))).astype(int)
probabilities = 1 / (1 + np.exp(-logits))
bins = np.array_split(np.argsort(probabilities, kind="stable"), 15)
ece = sum(len(b) * abs(probabilities[b].mean() - labels[b].mean()) for b in bins) / 200
reliability = sum(len(b) * (probabilities[b].mean() - labels[b].mean()) ** 2 for b in bins) / 200
resolution = sum(len(b) * (labels[b].mean() - labels.mean()) ** 2 for b in bins) / 200
best = optimize.minimize_scalar(
    lambda t: np.mean(np.logaddexp(0, -np.where(labels == 1, 1, -1) * logits / np.exp(t))), bounds=(-1.6, 1.6), method="bounded",
    options={"xatol": 1e-9})

# Slices: Welch's t of two lists of losses, and the false discoveries of a list of p.
some, others = random.exponential(1.5, 25), random.exponential(1, 90)
welch = stats.ttest_ind(some, others, equal_var=False, alternative="greater")
p = np.sort(np.concatenate([random.random(20), random.random(5) / 200]))
p = p[random.permutation(len(p))]
discovered = stats.false_discovery_control(p) <= 0.05

table = "\n".join(["length,width,color,kind,weight"] + [",".join(map(str, row)) for row in zip(length, width, color, kind, weight)])
text = f'''// SPDX-License-Identifier: Apache-2.0
//
// Written by Golden/make_golden.py with scikit-learn 1.9.1 and scipy 1.17.1; do not edit.

/// Importances, dependences, calibrations and tests of others.
enum ExplanationGolden {{
  static let csv = """
    {table.replace(chr(10), chr(10) + "    ")}

    """
  /// For each repeat, the row from which each row takes its value.
  static let shuffles: [[Int32]] = {lists(shuffles, whole)}
  /// Of classes x, y and z by length, width, color=blue, color=green, color=red, after standardization.
  static let classWeights: [[Float]] = {lists(classes[-1].coef_)}
  static let classBiases: [Float] = {numbers(classes[-1].intercept_)}
  /// For length, width and color, what the log loss grows by in each repeat.
  static let classImportances: [[Double]] = {lists(of_classes.importances)}
  static let classDeviations = {numbers(of_classes.importances_std)}
  static let ridgeWeights: [Float] = {numbers(ridge[-1].coef_)}
  static let ridgeBias: Float = {float(ridge[-1].intercept_)!r}
  /// The same of the root mean squared error of the weight.
  static let ridgeImportances: [[Double]] = {lists(of_numbers.importances)}
  /// The mean prediction if every row had one of three lengths.
  static let dependenceGrid = {numbers(grid)}
  static let dependence = {numbers(dependence["average"])}

  static let logits: [Float] = {numbers(logits)}
  static let labels: [Int32] = {whole(labels)}
  static let ece = {float(ece)!r}
  static let brier = {float(brier_score_loss(labels, probabilities))!r}
  static let reliability = {float(reliability)!r}
  static let resolution = {float(resolution)!r}
  /// The temperature with the least log loss.
  static let temperature = {float(np.exp(best.x))!r}

  static let someLosses = {numbers(some)}
  static let otherLosses = {numbers(others)}
  static let welchT = {float(welch.statistic)!r}
  static let welchP = {float(welch.pvalue)!r}
  static let pValues = {numbers(p)}
  static let discovered: [Bool] = [{", ".join(str(bool(d)).lower() for d in discovered)}]
}}
'''
with open("Tests/SwiftletUnderstandingTests/ExplanationGolden.swift", "w") as file:
    file.write(text)
