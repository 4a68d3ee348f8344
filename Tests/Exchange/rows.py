# SPDX-License-Identifier: Apache-2.0
"""Rows of the data sets, and models that answer for them, for the scripts beside this one."""
import csv
import gzip
import io
import pathlib
import subprocess
import sys

import numpy as np

PROJECT = pathlib.Path(__file__).resolve().parents[2]
ROWS = 500


def run(*command: object) -> str:
    """What a command prints."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=PROJECT)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stderr}")
    return done.stdout


def tables(data: str, folder: pathlib.Path) -> tuple[pathlib.Path, dict[str, list[str]]]:
    """A CSV of a data set's first rows, and its columns as texts."""
    named = sorted((PROJECT / "Datasets" / data).glob(data.replace("-", "_") + ".csv*"))
    source = named[0] if named else next(path for path in sorted((PROJECT / "Datasets" / data).iterdir()) if ".csv" in path.name)
    text = (gzip.decompress(source.read_bytes()) if source.suffix == ".gz" else source.read_bytes()).decode()
    rows = list(csv.reader(io.StringIO(text)))[: ROWS + 1]
    path = folder / "rows.csv"
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows(rows)
    return path, {name: [row[at] for row in rows[1:]] for at, name in enumerate(rows[0])}


MISSING = {"", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?"}


# One of each kind of column, layer and target that Core ML and PMML hold; what is compared is arithmetic, and not how good a model is.
MODELS = [
    ("iris", []), ("breast-cancer", []), ("penguins", []), ("german-credit", []), ("concrete", []), ("wage", []),
    ("german-credit", ["--set", "decision.threshold=0.3"]),
    ("penguins", ["--model", "mlp"]), ("german-credit", ["--model", "mlp", "--set", "model.activation=tanh"]),
    ("breast-cancer", ["--model", "mlp", "--set", "model.activation=sigmoid", "--set", "model.dropout=0.1"]),
    ("concrete", ["--model", "linear"]), ("heart-disease", []), ("bikes", ["--model", "linear"]),
]


def train(program: str, data: str, flags: list[str], bundle: pathlib.Path) -> None:
    """A short training."""
    run(program, "train", PROJECT / "Datasets" / data, "--quiet", "--no-track", "--force", "--epochs", 2, "--output", bundle, *flags)


def predicted(program: str, bundle: pathlib.Path, source: pathlib.Path) -> tuple[list[str], np.ndarray, list[str]]:
    """The columns of what `swiftlet predict` says: labels of probabilities or targets, the numbers, and the labels answered."""
    rows = list(csv.DictReader(io.StringIO(run(program, "predict", bundle, "--data", source))))[:ROWS]
    classes = [name for name in rows[0] if name.startswith("probability_")]
    names = classes or [name for name in rows[0] if name.startswith("prediction")]
    numbers = np.array([[float(row[name]) for name in names] for row in rows])
    labels = [row["prediction"] for row in rows] if classes else []
    return [name.removeprefix("probability_") for name in names], numbers, labels
