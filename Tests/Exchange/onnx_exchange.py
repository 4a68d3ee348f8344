# SPDX-License-Identifier: Apache-2.0
"""Exported models answer in onnxruntime as here: onnx_exchange.py PROGRAM

Each model is written by `swiftlet export`, checked by onnx's own checker, and asked for the raw columns of its data set. What is
compared are probabilities, predictions in standard deviations of their target, and labels.
"""
import csv
import gzip
import io
import json
import pathlib
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime

sys.dont_write_bytecode = True
from rows import MISSING, ODD, PROJECT, ROWS, run, source_of, tables  # noqa: E402

LARGEST_PROBABILITY, LARGEST_PREDICTION = 1e-6, 5e-6
SHIPPED = ["iris", "breast-cancer", "digits"]
# Data sets with the flags of a short training: what is compared is arithmetic, and not how good a model is.
TRAINED = [
    ("penguins", []), ("german-credit", []), ("german-credit", ["--set", "pipeline.categorical.encode=embedding", "--model", "mlp"]),
    ("concrete", []), ("wage", []), ("arm", []), ("heart-disease", []), ("bikes", []), ("ratings", []), ("card-fraud", []),
    ("breast-cancer", ["--model", "mlp", "--set", "model.activation=gelu"]),
    ("iris", ["--set", "model={kind: sequential, layers: [{kind: linear, output: 8}, layer_norm, tanh]}"]),
    ("road-signs", []), (ODD, ["--target", "t"]),
]


def idx(path: pathlib.Path) -> np.ndarray:
    """The first items of an IDX file of bytes."""
    data = gzip.decompress(path.read_bytes())
    sizes = [int.from_bytes(data[4 + 4 * axis : 8 + 4 * axis]) for axis in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(sizes)[:ROWS]


def feed(session: onnxruntime.InferenceSession, model: onnx.ModelProto, columns: dict[str, list[str]]) -> dict[str, np.ndarray]:
    """The inputs of a graph, from the columns of a file."""
    def numbers(name: str) -> np.ndarray:
        return np.array([np.nan if text in MISSING else float(text) for text in columns[name]], np.float32)

    inputs = session.get_inputs()
    if [value.name for value in inputs] == ["features"]:
        names = json.loads(next(entry.value for entry in model.metadata_props if entry.key == "columns"))
        return {"features": np.stack([numbers(name) for name in names], 1)}
    return {
        value.name: numbers(value.name)[:, None] if value.type == "tensor(float)"
        else np.array([["" if text in MISSING else text] for text in columns[value.name]], object) for value in inputs}


def compare(program: str, bundle: pathlib.Path, data: str, folder: pathlib.Path) -> str:
    """What is different between the two; ends the test where that is too much."""
    file = folder / "model.onnx"
    run(program, "export", bundle, "--output", file)
    model = onnx.load(file)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    if session.get_inputs()[0].name == "image":
        source = PROJECT / "Datasets" / data / "test-images-idx4-ubyte.gz"
        pictures = idx(source)
        inputs = {"image": pictures.transpose(0, 3, 1, 2).astype(np.float32)}
    else:
        source, columns = tables(data, folder)
        inputs = feed(session, model, columns)
    # What each output is called, if a column has its usual name.
    called = json.loads(next(entry.value for entry in model.metadata_props if entry.key == "outputs"))
    assert [value.name for value in session.get_outputs()] == list(called.values())
    theirs = dict(zip(called, session.run(None, inputs)))
    rows = list(csv.DictReader(io.StringIO(run(program, "predict", bundle, "--data", source))))[:ROWS]
    names = [name for name in rows[0] if name.startswith("probability_" if "label" in theirs else "prediction")]
    ours = np.array([[float(row[name]) for name in names] for row in rows])
    if "label" in theirs:
        other = sum(row["prediction"] != label for row, label in zip(rows, theirs["label"]))
        difference, allowed = np.abs(ours - theirs["probabilities"]).max(), LARGEST_PROBABILITY
    else:
        other = 0
        difference, allowed = (np.abs(ours - theirs["prediction"]) / ours.std(0)).max(), LARGEST_PREDICTION
    said = f"{len(rows)} rows differ by {difference:.1e} at most, {other} labels differ"
    if not difference <= allowed or other:
        sys.exit(f"{data}: {said}, and {allowed} is allowed")
    return said


def main() -> None:
    """The models that ship, and one of each kind of column, layer and target."""
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for data in SHIPPED:
            print(f"{data}, as it ships: {compare(program, PROJECT / 'Models' / data, data, folder)}", flush=True)
        for data, flags in TRAINED:
            bundle = folder / "bundle"
            source = source_of(data, folder)
            run(program, "train", source, "--quiet", "--no-track", "--force", "--epochs", 2, "--output", bundle, *flags)
            print(f"{' '.join([data, *flags])}: {compare(program, bundle, data, folder)}", flush=True)


main()
