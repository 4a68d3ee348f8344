# SPDX-License-Identifier: Apache-2.0
"""Models of scikit-learn answer the same here: sklearn_exchange.py PROGRAM

Each is fitted there, written by to_swiftlet.py, which the page ComingFromScikitLearn shows, and asked for all rows of its data by
`swiftlet predict`. What is compared are labels, probabilities, and predictions in standard deviations of their target.
"""
import csv
import io
import pathlib
import sys
import tempfile
import warnings

import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler

sys.dont_write_bytecode = True
import to_swiftlet  # noqa: E402
from rows import PROJECT, run  # noqa: E402

LARGEST_DIFFERENCE = 1e-6
FILES = {
    "iris": ("iris/iris.csv", "species"), "breast-cancer": ("breast-cancer/breast_cancer.csv", "diagnosis"),
    "concrete": ("concrete/concrete.csv", "strength_mpa"),
}
MODELS = [
    ("iris", LogisticRegression()), ("breast-cancer", LogisticRegression()),
    ("iris", MLPClassifier((16,), activation="relu", random_state=1)),
    ("breast-cancer", MLPClassifier((8, 4), activation="tanh", random_state=1)),
    ("iris", MLPClassifier((8,), activation="logistic", random_state=1)),
    ("iris", MLPClassifier((8,), activation="identity", random_state=1)),
    ("concrete", Ridge()), ("concrete", MLPRegressor(hidden_layer_sizes=(16, 8), random_state=1)),
]


def read(data: str) -> tuple[list[str], np.ndarray, np.ndarray]:
    """The names of the columns, their numbers, and the target."""
    file, target = FILES[data]
    rows = list(csv.DictReader(open(PROJECT / "Datasets" / file, newline="")))
    columns = [name for name in rows[0] if name not in (target, "split")]
    return columns, np.array([[float(row[name]) for name in columns] for row in rows]), np.array([row[target] for row in rows])


def compare(program: str, folder: pathlib.Path, data: str, model: object) -> str:
    """What is different; ends the test where that is too much."""
    columns, x, y = read(data)
    scaler = StandardScaler().fit(x)
    is_classifier = hasattr(model, "predict_proba")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is compared is arithmetic, and not how well it was fitted
        model.fit(scaler.transform(x), y if is_classifier else y.astype(float))
    to_swiftlet.save(folder, columns, FILES[data][1], scaler, model)
    rows = list(csv.DictReader(io.StringIO(run(program, "predict", folder, "--data", PROJECT / "Datasets" / FILES[data][0]))))
    other = 0
    if is_classifier:
        ours = np.array([[float(row[f"probability_{label}"]) for label in model.classes_] for row in rows])
        difference = np.abs(ours - model.predict_proba(scaler.transform(x))).max()
        other = sum(row["prediction"] != label for row, label in zip(rows, model.predict(scaler.transform(x))))
    else:
        name = next(name for name in rows[0] if name.startswith("prediction"))
        ours = np.array([float(row[name]) for row in rows])
        difference = np.abs(ours - model.predict(scaler.transform(x))).max() / ours.std()
    said = f"{len(rows)} rows differ by {difference:.1e} at most, {other} labels differ"
    if len(rows) != len(x) or not difference <= LARGEST_DIFFERENCE or other:
        sys.exit(f"{data}, {model}: {said}, and {LARGEST_DIFFERENCE} is allowed")
    return said


def main() -> None:
    """One of each kind of model and activation."""
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as name:
        for position, (data, model) in enumerate(MODELS):
            print(f"{data}, {model}: {compare(program, pathlib.Path(name) / str(position), data, model)}", flush=True)


main()
