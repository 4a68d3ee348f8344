# SPDX-License-Identifier: Apache-2.0
"""Rows to ask a model, and what is right: the answers of `swiftlet predict` for the same rows.

Whatever a client reads is compared with them by `Question.expect`, value for value.
"""
import csv
import gzip
import io
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from server import PROJECT, swiftlet

# What separates two ways to the same number: the text of Float32, and the order of a sum.
TOLERANCE = 1e-5


@dataclass(frozen=True)
class Question:
    """N rows for a model, and their answers.

    Shapes    N rows, D columns, C classes
    """

    model: str
    columns: list[str]
    rows: list[list]  # [N, D]; numbers and texts, None where a value is missing
    labels: list[str]  # [N], empty where the model predicts numbers
    probabilities: np.ndarray  # [N, C], empty where it does
    numbers: np.ndarray  # [N], empty where the model predicts labels

    @property
    def features(self) -> np.ndarray:
        """The rows as Float32, missing values as NaN: [N, D]."""
        return np.array([[np.nan if value is None else value for value in row] for row in self.rows], np.float32)

    @property
    def records(self) -> list[dict]:
        """The rows by name."""
        return [dict(zip(self.columns, row)) for row in self.rows]

    def column(self, name: str) -> list:
        """The values of a column."""
        return [row[self.columns.index(name)] for row in self.rows]

    @property
    def csv(self) -> str:
        """The rows without a header."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(self.rows)
        return text.getvalue()

    def part(self, chosen: slice) -> "Question":
        """The question for some of its rows."""
        return replace(self, rows=self.rows[chosen], labels=self.labels[chosen],
                       probabilities=self.probabilities[chosen], numbers=self.numbers[chosen])

    def expect(self, *, labels=None, probabilities=None, numbers=None) -> None:
        """Stops where a client has read something else."""
        assert labels is not None or probabilities is not None or numbers is not None, "nothing was compared"
        if labels is not None:
            read = [label.decode() if isinstance(label, bytes) else str(label) for label in np.ravel(labels)]
            assert read == self.labels, f"{self.model}: the client read {read}, expected {self.labels}"
        for read, right in ((probabilities, self.probabilities), (numbers, self.numbers)):
            if read is not None:
                read = np.asarray(read, np.float64)
                assert right.size > 0, f"{self.model} gives no such answer"
                assert read.size == right.size, f"{self.model}: the client read {read.shape}, expected {right.shape}"
                # Relative as well, since a regression answers in the unit of its target.
                np.testing.assert_allclose(read.reshape(right.shape), right, rtol=TOLERANCE, atol=TOLERANCE)


def question(bundle: Path, data: Path, count: int) -> Question:
    """Asks for rows from all over a data set's file, two with a missing value among them if there are any."""
    signature = json.loads((bundle / "model.json").read_text())["signature"]
    columns = [column["name"] for column in signature["inputs"]]
    with (gzip.open if data.suffix == ".gz" else open)(data, "rt") as file:
        records = list(csv.DictReader(file))
    numeric = {column["name"] for column in signature["inputs"] if column["type"] == "number"}

    def value(record: dict, name: str):
        text = record[name]
        if text in ("", "NA"):
            return None
        return float(text) if name in numeric else text

    rows = [[value(record, name) for name in columns] for record in records]
    holed = [row for row in rows if None in row][:2]
    whole = [row for row in rows if None not in row]
    rows = holed + whole[:: max(1, len(whole) // (count - len(holed)))]
    text = io.StringIO()
    csv.writer(text).writerows([columns, *rows])
    return answered(bundle.name, columns, rows, swiftlet("predict", bundle, text=text.getvalue()))


def image_question(bundle: Path, images: Path, count: int) -> Question:
    """Asks for the first pictures of an IDX file, each a list of rows of pixels."""
    with gzip.open(images) as file:
        data = file.read()
    height, width = (int.from_bytes(data[at : at + 4], "big") for at in (8, 12))
    pixels = np.frombuffer(data, np.uint8, offset=16).reshape(-1, height, width)[:count]
    answers = swiftlet("predict", bundle, "--data", images).splitlines()[: count + 1]
    return answered(bundle.name, ["image"], [[picture.tolist()] for picture in pixels], "\n".join(answers))


def answered(model: str, columns: list[str], rows: list[list], prediction: str) -> Question:
    """The question with the answers that `swiftlet predict` has printed."""
    table = list(csv.DictReader(io.StringIO(prediction)))
    assert len(table) == len(rows)
    classes = [name for name in table[0] if name.startswith("probability_")]
    probabilities = np.array([[float(row[name]) for name in classes] for row in table])
    given = [row["prediction"] for row in table]
    if not classes:
        return Question(model, columns, rows, [], np.empty(0), np.array([float(text) for text in given]))
    return Question(model, columns, rows, given, probabilities, np.empty(0))


def bundle_paths(folder: Path) -> dict[str, Path]:
    """The shipped models, and three that are trained into the folder: columns of every type, a regression, pictures."""
    shipped = {name: PROJECT / "Models" / name for name in ("iris", "digits", "breast-cancer")}
    trained = {
        "penguins": [], "concrete": ["--epochs", "5"],
        "fashion-mini": ["--model", "logistic", "--set", "training.max_iterations=2"]}
    for name, options in trained.items():
        swiftlet("train", f"Datasets/{name}", "--output", folder / name, "--quiet", *options)
    return shipped | {name: folder / name for name in trained}
