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


# A table of our own: columns that are called as outputs are, and a category with an accent.
ODD = "odd names"


def odd(places: list[str]) -> list[list[str]]:
    """The rows of that table."""
    head = ["n", "label", "predicted_label", "probabilities", "prediction", "probability_a", "place", "t"]
    return [head] + [
        [str(row % 7), "xyz"[row % 3], "uv"[row % 2], "pq"[row // 2 % 2], "rs"[row // 3 % 2], "gh"[row // 5 % 2],
         places[row * 7 % len(places)], "ab"[(row % 7 + row * 7 % len(places)) % 2]] for row in range(120)]


def source_of(data: str, folder: pathlib.Path) -> pathlib.Path:
    """What a model of a data set is trained on."""
    if data == ODD:
        return written(folder / "odd.csv", odd(["caf\u00e9", "bar", "zoo"]))[0]
    return PROJECT / "Datasets" / data


def tables(data: str, folder: pathlib.Path) -> tuple[pathlib.Path, dict[str, list[str]]]:
    """A CSV of a data set's first rows, and its columns as texts."""
    if data == ODD:
        return written(folder / "asked.csv", odd(["cafe\u0301", "bar", "caf\u00e9", "zoo"]))
    named = sorted((PROJECT / "Datasets" / data).glob(data.replace("-", "_") + ".csv*"))
    source = named[0] if named else next(path for path in sorted((PROJECT / "Datasets" / data).iterdir()) if ".csv" in path.name)
    text = (gzip.decompress(source.read_bytes()) if source.suffix == ".gz" else source.read_bytes()).decode()
    rows = list(csv.reader(io.StringIO(text)))[: ROWS + 1]
    return written(folder / "rows.csv", rows)


def written(path: pathlib.Path, rows: list[list[str]]) -> tuple[pathlib.Path, dict[str, list[str]]]:
    """A CSV of rows, and its columns as texts."""
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
    (ODD, ["--target", "t"]), ("concrete", ["--model", "linear"]), ("heart-disease", []), ("bikes", ["--model", "linear"]),
]


def train(program: str, data: str, flags: list[str], bundle: pathlib.Path) -> None:
    """A short training."""
    run(
        program, "train", source_of(data, bundle.parent), "--quiet", "--no-track", "--force", "--epochs", 2, "--output", bundle, *flags)


def predicted(program: str, bundle: pathlib.Path, source: pathlib.Path) -> tuple[list[str], np.ndarray, list[str]]:
    """The columns of what `swiftlet predict` says: labels of probabilities or targets, the numbers, and the labels answered."""
    rows = list(csv.DictReader(io.StringIO(run(program, "predict", bundle, "--data", source))))[:ROWS]
    classes = [name for name in rows[0] if name.startswith("probability_")]
    names = classes or [name for name in rows[0] if name.startswith("prediction")]
    numbers = np.array([[float(row[name]) for name in names] for row in rows])
    labels = [row["prediction"] for row in rows] if classes else []
    return [name.removeprefix("probability_") for name in names], numbers, labels
