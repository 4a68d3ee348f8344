# SPDX-License-Identifier: Apache-2.0
"""Writes Golden.swift: what scikit-learn's logistic and ridge regression learn from the data sets that ship.

pip install scikit-learn==1.9.1 numpy
python3 Tests/SwiftletTrainingTests/Golden/make_golden.py      (in the project's folder)

All training rows of the split column are used, features standardized by their population standard deviation, constant
ones dropped. Classes are ordered as labels are: as numbers where all are numbers, else by code point.
"""
import csv
import gzip

import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge


def load(path, target):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "train"]
    names = [name for name in rows[0] if name not in (target, "split")]
    x = np.array([[float(row[name]) for name in names] for row in rows])
    x = x[:, x.std(axis=0) > 0]
    return (x - x.mean(axis=0)) / x.std(axis=0), [row[target] for row in rows]


def numbers(values):
    return "[" + ", ".join(f"{value:.7g}" for value in np.ravel(values)) + "]"


lines = ["// SPDX-License-Identifier: Apache-2.0", "//", "// Written by Golden/make_golden.py with scikit-learn 1.9.1; do not edit.", ""]
lines += ["/// Coefficients, one row for each score, and intercepts, as scikit-learn finds them.", "enum Golden {"]
lines += ["  struct Fit: Sendable {", "    let dataset: String", "    let coefficients: [Double]", "    let intercepts: [Double]", "  }", ""]
lines += ["  static let fits: [Fit] = ["]
for name, path, target in [
    ("iris", "iris.csv", "species"),
    ("wine", "wine.csv", "cultivar"),
    ("breast-cancer", "breast_cancer.csv", "diagnosis"),
    ("digits", "digits.csv.gz", "digit"),
]:
    x, y = load(f"Datasets/{name}/{path}", target)
    model = LogisticRegression(C=1.0, tol=1e-12, max_iter=1_000_000).fit(x, y)
    lines += ["    Fit(", f'      dataset: "{name}",', f"      coefficients: {numbers(model.coef_)},"]
    lines += [f"      intercepts: {numbers(model.intercept_)}),"]
x, y = load("Datasets/concrete/concrete.csv", "strength_mpa")
model = Ridge(alpha=1.0, tol=1e-12).fit(x, np.array([float(value) for value in y]))
lines += ["    Fit(", '      dataset: "concrete",', f"      coefficients: {numbers(model.coef_)},"]
lines += [f"      intercepts: {numbers([model.intercept_])}),", "  ]", "}"]
with open("Tests/SwiftletTrainingTests/Golden.swift", "w") as file:
    file.write("\n".join(lines) + "\n")
